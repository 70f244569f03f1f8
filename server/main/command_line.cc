#include "server/main/command_line.h"

#include <CLI/CLI.hpp>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/main/setting_table.h"
#include "server/main/version.h"

namespace satudata::main {
namespace {

constexpr char kDescription[] =
    "Sends verified files to SPLP / Satu Data Indonesia and SIPD e-walidata, and proves what arrived.\n"
    "Every setting is a flag, an environment variable or a line of --env-file, in this order; some are keys "
    "of\n"
    "--config-file as well. An address of a target and EXTERNAL_API_KEY are enough to begin.";

constexpr char kFooter[] =
    "Signals: SIGTERM and SIGINT end it in order; a second one ends it at once.\n"
    "Exit: 0 ended in order, 1 something failed while it ran, 2 a setting is wrong (one line says which).";

constexpr char kOwnGroup[] = "What to do";
constexpr size_t kFlagColumn = 42;

std::string Help(const SettingRow& row) {
  if (row.fallback.empty()) return absl::StrCat(row.help, "  [", row.name, "]");
  return absl::StrCat(row.help, "  [", row.name, "=", row.fallback, "]");
}

std::string SecretsFooter() {
  std::vector<std::string> names;
  for (const SettingRow& row : AllSettings()) {
    if (row.exposure == Exposure::kSecret) names.push_back(absl::StrCat("  ", row.name, "  ", row.help));
  }
  return absl::StrCat("Secrets come from the environment alone, or from the file that NAME_FILE names:\n",
                      absl::StrJoin(names, "\n"), "\n\n", kFooter);
}

void AddSettings(CLI::App* app, Variables* values) {
  for (const SettingRow& row : AllSettings()) {
    if (row.exposure != Exposure::kFlag) continue;
    app->add_option(FlagName(row.name), (*values)[std::string(row.name)], Help(row))
        ->type_name(std::string(row.value))
        ->group(std::string(row.group));
  }
}

}  // namespace

absl::StatusOr<CommandLine> ParseCommandLine(int argc, const char* const* argv) {
  CommandLine line;
  CLI::App app(kDescription, "integration-server");
  app.get_formatter()->column_width(kFlagColumn);
  bool check = false;
  bool version = false;
  app.set_help_flag("--help,-h", "Show this and exit")->group(kOwnGroup);
  app.add_flag("--version", version, "Show the version and exit")->group(kOwnGroup);
  app.add_flag("--check-config", check, "Check all settings, say what is wrong, and exit")->group(kOwnGroup);
  app.add_option("--env-file", line.env_file, "Read variables from this file; the environment wins")
      ->type_name("FILE")
      ->group(kOwnGroup);
  AddSettings(&app, &line.flags);
  app.footer(SecretsFooter());
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    line.action = Action::kPrint;
    line.text = app.help();
    return line;
  } catch (const CLI::Error& error) {
    return absl::InvalidArgumentError(absl::StrCat(error.what(), "; see --help"));
  }
  if (version) line.text = absl::StrCat("integration-server ", kVersion, "\n");
  line.action = version ? Action::kPrint : check ? Action::kCheckConfig : Action::kServe;
  return line;
}

}  // namespace satudata::main
