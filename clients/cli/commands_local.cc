// The verbs that need no server: token, completion, version.
#include <memory>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "clients/cli/command.h"
#include "clients/cli/completion.h"
#include "clients/cli/text.h"
#include "clients/cli/token.h"
#include "clients/cli/version.h"
#include "server/base/log.h"

namespace satudata::cli {
namespace {

struct TokenOptions {
  std::string role;
  std::string user;
  absl::Duration lifetime = absl::Hours(12);
};

std::string TokenJson(const TokenClaims& claims, absl::string_view token) {
  return absl::StrCat(R"({"token":")", token, R"(","user":")", base::JsonEscape(claims.user), R"(","role":")",
                      claims.role, R"(","expireTime":")",
                      absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", claims.expire_time, absl::UTCTimeZone()),
                      "\"}\n");
}

ExitCode NoSecret(const absl::Status& status, const Settings& settings, const Surroundings& surroundings) {
  *surroundings.err
      << "integrationctl: "
      << Say(settings.language,
             "rahasia server tidak ditemukan; atur JWT_SECRET atau JWT_SECRET_FILE, atau tunjuk direktori "
             "data server dengan --data-dir",
             "the server's secret was not found; set JWT_SECRET or JWT_SECRET_FILE, or point --data-dir "
             "at the server's data directory")
      << " (" << Printable(status.message()) << ")\n";
  return ExitCode::kNoAccess;
}

ExitCode PrintToken(const TokenOptions& options, const Settings& settings, const Surroundings& surroundings) {
  const absl::StatusOr<std::string> secret = FindSecret(surroundings.variable, settings.data_dir);
  if (!secret.ok()) return NoSecret(secret.status(), settings, surroundings);
  const absl::Time now = surroundings.clock->Now();
  const TokenClaims claims = {
      .user = options.user, .role = options.role, .issue_time = now, .expire_time = now + options.lifetime};
  const std::string token = MakeToken(claims, *secret);
  *surroundings.out << (settings.output == OutputFormat::kJson ? TokenJson(claims, token) : token + "\n");
  return ExitCode::kGood;
}

void AddToken(const CommandSet& set) {
  const auto options = std::make_shared<TokenOptions>();
  CLI::App* verb = AddVerb(set, "token", "Buat token dari rahasia server di mesin ini",
                           "Make a token from the secret of the server on this machine");
  verb->add_option("--role", options->role, Say(set, "peran", "the role"))
      ->required()
      ->transform(CLI::IsMember({"Admin", "Operator", "Validator", "Viewer"}, CLI::ignore_case));
  verb->add_option("--user", options->user, Say(set, "nama pengguna", "the user's name"))->required();
  AddText(
      verb, "--expires",
      [options](const std::string& text) {
        if (absl::ParseDuration(text, &options->lifetime) && options->lifetime >= absl::Seconds(1)) return;
        throw CLI::ValidationError("--expires", absl::StrCat(text, " is no duration such as 12h or 30m"));
      },
      Say(set, "masa berlaku, misalnya 30m; tanpa ini: 12h",
          "how long it holds, for example 30m. Default: 12h"));
  Does(verb, set, [options](const Settings& settings, const Surroundings& surroundings) {
    return PrintToken(*options, settings, surroundings);
  });
}

// The long flags of an app, as they are typed.
std::vector<std::string> FlagsOf(const CLI::App& app) {
  std::vector<std::string> flags;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) flags.push_back(absl::StrCat("--", name));
  }
  return flags;
}

std::vector<const CLI::App*> VerbsOf(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App*) { return true; });
}

// A verb, with the verbs below it and their flags.
VerbShape ShapeOfVerb(const CLI::App& verb) {
  VerbShape shape{
      .name = verb.get_name(), .description = verb.get_description(), .flags = FlagsOf(verb), .verbs = {}};
  for (const CLI::App* inner : VerbsOf(verb)) {
    shape.verbs.push_back(inner->get_name());
    for (const std::string& flag : FlagsOf(*inner)) {
      if (!absl::c_linear_search(shape.flags, flag)) shape.flags.push_back(flag);
    }
  }
  return shape;
}

CommandShape ShapeOf(const CLI::App& app) {
  CommandShape shape{.verbs = {}, .global_flags = FlagsOf(app)};
  for (const CLI::App* verb : VerbsOf(app)) shape.verbs.push_back(ShapeOfVerb(*verb));
  return shape;
}

Shell ParseShell(const std::string& name) {
  if (name == "zsh") return Shell::kZsh;
  return name == "fish" ? Shell::kFish : Shell::kBash;
}

void AddCompletion(const CommandSet& set) {
  const auto shell = std::make_shared<std::string>();
  CLI::App* verb = AddVerb(set, "completion", "Cetak skrip pelengkap untuk bash, zsh atau fish",
                           "Print the completion script for bash, zsh or fish");
  verb->add_option("SHELL", *shell, "bash, zsh, fish")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  CLI::App* app = &set.app;
  verb->callback([shell, app, chosen = set.chosen] {
    // Drawn up while the app still lives.
    const std::string script = CompletionScript(ParseShell(*shell), ShapeOf(*app));
    *chosen = [script](const Settings&, const Surroundings& surroundings) {
      *surroundings.out << script;
      return ExitCode::kGood;
    };
  });
}

void AddVersion(const CommandSet& set) {
  CLI::App* verb = AddVerb(set, "version", "Cetak versi program ini", "Print this program's version");
  Does(verb, set, [](const Settings& settings, const Surroundings& surroundings) {
    if (settings.output == OutputFormat::kJson) {
      *surroundings.out << R"({"version":")" << Version() << "\"}\n";
    } else {
      *surroundings.out << "integrationctl " << Version() << "\n";
    }
    return ExitCode::kGood;
  });
}

}  // namespace

void AddLocalCommands(const CommandSet& set) {
  AddToken(set);
  AddCompletion(set);
  AddVersion(set);
}

}  // namespace satudata::cli
