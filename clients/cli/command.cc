#include "clients/cli/command.h"

#include <memory>
#include <utility>

namespace satudata::cli {

std::string Say(const CommandSet& set, absl::string_view indonesian, absl::string_view english) {
  return std::string(Say(set.language, indonesian, english));
}

CLI::App* AddVerb(const CommandSet& set, const std::string& name, absl::string_view indonesian,
                  absl::string_view english) {
  CLI::App* verb = set.app.add_subcommand(name, Say(set, indonesian, english));
  verb->group(Say(set, "Perintah", "Commands"));
  verb->get_help_ptr()->group(Say(set, "Pilihan", "Options"));
  verb->fallthrough();  // Global flags may follow the verb.
  return verb;
}

void Does(CLI::App* verb, const CommandSet& set, Action action) {
  verb->callback([chosen = set.chosen, action = std::move(action)] { *chosen = action; });
}

void DoesAtServer(CLI::App* verb, const CommandSet& set, ServerAction action) {
  Does(verb, set, [action = std::move(action)](const Settings& settings, const Surroundings& surroundings) {
    const absl::StatusOr<std::unique_ptr<Session>> session = Session::Create(settings, surroundings);
    if (session.ok()) return action(**session);
    *surroundings.err << "integrationctl: " << session.status().message() << "\n";
    return ExitCode::kUsage;
  });
}

CLI::Option* AddArgument(CLI::App* verb, const std::string& name, SetText set_text, const std::string& help) {
  return verb->add_option_function<std::string>(name, std::move(set_text), help)->required();
}

CLI::Option* AddText(CLI::App* verb, const std::string& flag, SetText set_text, const std::string& help) {
  return verb->add_option_function<std::string>(flag, std::move(set_text), help);
}

CLI::Option* AddLimit(CLI::App* verb, std::function<void(const int64_t&)> set_limit,
                      const std::string& help) {
  return verb->add_option_function<int64_t>("--limit", std::move(set_limit), help)
      ->check(CLI::NonNegativeNumber);
}

CLI::Option* AddTexts(CLI::App* verb, const std::string& flag, SetText add_text, const std::string& help) {
  const auto add_all = [add_text = std::move(add_text)](const std::vector<std::string>& texts) {
    for (const std::string& text : texts) add_text(text);
  };
  // One value a flag: otherwise the flag would swallow the arguments after it.
  return verb->add_option_function<std::vector<std::string>>(flag, add_all, help)->allow_extra_args(false);
}

}  // namespace satudata::cli
