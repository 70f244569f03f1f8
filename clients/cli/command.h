// File: command.h
//
// How a verb gets on the command line. Only the commands_*.cc files and command_line.cc include this: nothing
// else sees CLI11. Used while the command line is read, by one thread.
#ifndef CLIENTS_CLI_COMMAND_H_
#define CLIENTS_CLI_COMMAND_H_

#include <google/protobuf/generated_enum_reflection.h>

#include <CLI/CLI.hpp>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "clients/cli/exit_code.h"
#include "clients/cli/language.h"
#include "clients/cli/session.h"
#include "clients/cli/settings.h"
#include "clients/cli/surroundings.h"

namespace satudata::cli {

// What a verb does once the whole command line is read.
using Action = std::function<ExitCode(const Settings&, const Surroundings&)>;
using ServerAction = std::function<ExitCode(Session&)>;

// Where verbs register. The action of the one that was typed is left in `*chosen`.
struct CommandSet {
  CLI::App& app;
  Language language;
  Action* chosen;
};

// Each adds the verbs of one subject. Both what `set` refers to and the app must outlive the parse.
void AddSyncCommands(const CommandSet& set);
void AddRunCommands(const CommandSet& set);
void AddDeliveryCommands(const CommandSet& set);
void AddCatalogCommands(const CommandSet& set);
void AddImportCommand(const CommandSet& set);
void AddUploadCommand(const CommandSet& set);
void AddTargetCommands(const CommandSet& set);
void AddIndicatorsCommand(const CommandSet& set);
void AddUserCommands(const CommandSet& set);
void AddHealthCommand(const CommandSet& set);
void AddLocalCommands(const CommandSet& set);
void AddStoreCommands(const CommandSet& set);

// `text` of the set's language.
std::string Say(const CommandSet& set, absl::string_view indonesian, absl::string_view english);

CLI::App* AddVerb(const CommandSet& set, const std::string& name, absl::string_view indonesian,
                  absl::string_view english);

// What `verb` does, without and with a server.
void Does(CLI::App* verb, const CommandSet& set, Action action);
void DoesAtServer(CLI::App* verb, const CommandSet& set, ServerAction action);

using SetText = std::function<void(const std::string&)>;

// An argument that must be there.
CLI::Option* AddArgument(CLI::App* verb, const std::string& name, SetText set_text, const std::string& help);

// --flag VALUE.
CLI::Option* AddText(CLI::App* verb, const std::string& flag, SetText set_text, const std::string& help);

// --flag VALUE, as often as wanted.
CLI::Option* AddTexts(CLI::App* verb, const std::string& flag, SetText add_text, const std::string& help);

// --limit NUMBER; 0 is no limit.
CLI::Option* AddLimit(CLI::App* verb, std::function<void(const int64_t&)> set_limit, const std::string& help);

// --flag VALUE [--flag VALUE …] with one of the values of a protobuf enumeration, in any case, with or
// without `prefix`; never its zero.
template <typename Enum>
CLI::Option* AddEnums(CLI::App* verb, const std::string& flag, const std::string& prefix,
                      std::function<void(Enum)> add_value, const std::string& help) {
  const google::protobuf::EnumDescriptor* descriptor = google::protobuf::GetEnumDescriptor<Enum>();
  std::string names;
  for (int i = 1; i < descriptor->value_count(); ++i) {
    absl::StrAppend(&names, i == 1 ? "" : ", ", absl::StripPrefix(descriptor->value(i)->name(), prefix));
  }
  const auto add = [=](const std::string& text) {
    const std::string upper = absl::AsciiStrToUpper(text);
    const std::string full = absl::StrCat(prefix, absl::StripPrefix(upper, prefix));
    const google::protobuf::EnumValueDescriptor* value = descriptor->FindValueByName(full);
    if (value == nullptr || value->number() == 0) {
      throw CLI::ValidationError(flag, absl::StrCat(text, " is none of ", names));
    }
    add_value(static_cast<Enum>(value->number()));
  };
  return AddTexts(verb, flag, add, absl::StrCat(help, " (", names, ")"));
}

}  // namespace satudata::cli

#endif  // CLIENTS_CLI_COMMAND_H_
