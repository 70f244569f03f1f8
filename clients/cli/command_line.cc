#include "clients/cli/command_line.h"

#include <algorithm>
#include <optional>

#include "absl/strings/str_cat.h"
#include "clients/cli/command.h"
#include "clients/cli/text.h"
#include "clients/cli/version.h"

namespace satudata::cli {
namespace {

// --lang decides the words of the flags' own descriptions, so it is looked up before they are made. A wrong
// value is reported when the flags are read.
Language LanguageOf(const std::vector<std::string>& arguments, const Variable& variable) {
  for (size_t i = 0; i < arguments.size(); ++i) {
    absl::string_view code = arguments[i];
    const bool joined = absl::ConsumePrefix(&code, "--lang=");
    if (arguments[i] == "--lang" && i + 1 < arguments.size()) code = arguments[i + 1];
    if (!joined && arguments[i] != "--lang") continue;
    return ParseLanguage(code).value_or(DetectLanguage(variable));
  }
  return DetectLanguage(variable);
}

void AddAccessFlags(const CommandSet& set, Settings* settings) {
  CLI::App& app = set.app;
  app.add_option("--server", settings->server,
                 Say(set, "alamat server (env INTEGRATION_SERVER; tanpa ini: 127.0.0.1:50051)",
                     "the server's address (env INTEGRATION_SERVER; default 127.0.0.1:50051)"));
  CLI::Option* token = app.add_option(
      "--token", settings->token,
      Say(set, "token; terlihat dalam daftar proses, lebih baik --token-file atau env INTEGRATION_TOKEN",
          "the token; others can see it in the list of processes: rather use --token-file or env "
          "INTEGRATION_TOKEN"));
  app.add_option("--token-file", settings->token_file,
                 Say(set, "berkas berisi token", "a file that holds the token"))
      ->excludes(token);
  app.add_option("--data-dir", settings->data_dir,
                 Say(set,
                     "direktori data server di mesin ini (tanpa ini: ./data). Tanpa token, untuk server di "
                     "mesin ini yang rahasianya "
                     "terbaca (JWT_SECRET, JWT_SECRET_FILE atau <data-dir>/jwt_secret), token Admin berumur "
                     "pendek dibuat sendiri",
                     "the data directory of the server on this machine (default ./data). Without a token, "
                     "for a server on this "
                     "machine whose secret can be read (JWT_SECRET, JWT_SECRET_FILE or "
                     "<data-dir>/jwt_secret), a short-lived Admin "
                     "token is made"));
}

void AddTransportFlags(const CommandSet& set, Settings* settings) {
  CLI::App& app = set.app;
  const auto use_tls = [settings] { settings->transport = Transport::kTls; };
  app.add_flag_callback("--tls", use_tls, Say(set, "pakai TLS", "use TLS"));
  app.add_option_function<std::string>(
      "--ca-file",
      [settings, use_tls](const std::string& path) {
        settings->ca_file = path;
        use_tls();
      },
      Say(set, "sertifikat PEM yang dipercaya; berarti --tls", "PEM certificates to trust; implies --tls"));
  CLI::Option* certificate = app.add_option(
      "--client-cert-file", settings->client_certificate_file,
      Say(set, "sertifikat PEM klien, bila server memintanya", "PEM client certificate, if asked for"));
  app.add_option("--client-key-file", settings->client_key_file,
                 Say(set, "kunci PEM dari sertifikat itu", "its PEM key"))
      ->needs(certificate);
  app.add_option_function<std::string>(
      "--timeout",
      [settings](const std::string& text) {
        if (absl::ParseDuration(text, &settings->timeout) && settings->timeout > absl::ZeroDuration()) return;
        throw CLI::ValidationError("--timeout", absl::StrCat(text, " is no duration such as 30s"));
      },
      Say(set, "batas waktu tiap panggilan yang bukan aliran (tanpa ini: 30s)",
          "limit of each call that is not a stream (default 30s)"));
}

void AddOutputFlags(const CommandSet& set, Settings* settings) {
  CLI::App& app = set.app;
  app.add_option_function<std::string>(
         "-o,--output",
         [settings](const std::string& format) {
           settings->output = format == "json" ? OutputFormat::kJson : OutputFormat::kText;
         },
         Say(set, "text atau json (satu objek per baris)", "text or json (one object per line)"))
      ->check(CLI::IsMember({"text", "json"}));
  app.add_option_function<std::string>(
         "--lang",
         [settings](const std::string& code) {
           settings->language = ParseLanguage(code).value_or(settings->language);
         },
         Say(set, "bahasa: id atau en (tanpa ini: menurut LANG)",
             "language: id or en (default: as LANG says)"))
      ->check(CLI::IsMember({"id", "en"}));
  app.add_flag_callback(
      "--no-color", [settings] { settings->colour = ColourUse::kNever; },
      Say(set, "tanpa warna (juga env NO_COLOR)", "no colours (also env NO_COLOR)"));
}

void AddGlobalFlags(const CommandSet& set, Settings* settings) {
  CLI::App& app = set.app;
  app.set_help_flag("-h,--help", Say(set, "bantuan", "help"));
  app.set_version_flag("--version", absl::StrCat("integrationctl ", Version()), Say(set, "versi", "version"));
  AddAccessFlags(set, settings);
  AddTransportFlags(set, settings);
  AddOutputFlags(set, settings);
  for (CLI::Option* option : app.get_options()) option->group(Say(set, "Pilihan umum", "Global options"));
}

// The words that CLI11 itself puts into its help, and the group of flags that name none.
void SetHelpWords(const CommandSet& set) {
  set.app.option_defaults()->group(Say(set, "Pilihan", "Options"));
  if (set.language != Language::kIndonesian) return;
  const std::vector<std::pair<std::string, std::string>> words = {
      {"Usage", "Pemakaian"},     {"OPTIONS", "PILIHAN"}, {"SUBCOMMAND", "PERINTAH"}, {"REQUIRED", "WAJIB"},
      {"Positionals", "Argumen"}, {"Excludes", "tanpa"},  {"Needs", "bersama"}};
  for (const auto& [word, translated] : words) set.app.get_formatter()->label(word, translated);
}

void AddVerbs(const CommandSet& set) {
  AddSyncCommands(set);
  AddRunCommands(set);
  AddDeliveryCommands(set);
  AddImportCommand(set);
  AddUploadCommand(set);
  AddCatalogCommands(set);
  AddTargetCommands(set);
  AddIndicatorsCommand(set);
  AddUserCommands(set);
  AddStoreCommands(set);
  AddHealthCommand(set);
  AddLocalCommands(set);
}

// Help and version go to standard output and end well; the rest is wrong usage.
ExitCode Explain(const CLI::App& app, const CLI::ParseError& error, Language language,
                 const Surroundings& surroundings) {
  if (error.get_exit_code() == 0) {
    app.exit(error, *surroundings.out, *surroundings.err);
    return ExitCode::kGood;
  }
  const std::vector<CLI::App*> verbs = app.get_subcommands();
  *surroundings.err << "integrationctl: " << Say(language, "perintah tidak dapat dipahami: ", "")
                    << Printable(error.what()) << "\n"
                    << Say(language, "  bantuan: ", "  help: ") << "integrationctl "
                    << (verbs.empty() ? "" : verbs.front()->get_name() + " ") << "--help\n";
  return ExitCode::kUsage;
}

// What the arguments ask for, or how the program ends without it.
std::optional<ExitCode> Parse(std::vector<std::string> arguments, const Surroundings& surroundings,
                              Settings* settings, Action* action) {
  const bool indonesian = settings->language == Language::kIndonesian;
  CLI::App app(indonesian ? "Menyinkronkan data terverifikasi dengan SPLP dan SIPD, dan membuktikannya."
                          : "Gets verified data into SPLP and SIPD, and proves it.",
               "integrationctl");
  app.require_subcommand(1);
  const CommandSet set = {.app = app, .language = settings->language, .chosen = action};
  SetHelpWords(set);
  AddGlobalFlags(set, settings);
  AddVerbs(set);
  app.footer(
      Say(set,
          "Keluar: 0 berhasil, 1 tidak berhasil, 2 perintah salah, 3 tidak terjangkau atau tidak diizinkan, "
          "130 dihentikan.",
          "Exit: 0 good, 1 not succeeded, 2 usage, 3 not reachable or not allowed, 130 interrupted."));
  try {
    std::reverse(arguments.begin(), arguments.end());  // As CLI11 wants them.
    app.parse(std::move(arguments));
    return std::nullopt;
  } catch (const CLI::ParseError& error) {
    return Explain(app, error, settings->language, surroundings);
  }
}

// A full disk or a closed pipe must not look like a complete answer.
ExitCode Flushed(ExitCode exit_code, const Surroundings& surroundings) {
  surroundings.out->flush();
  surroundings.err->flush();
  if (*surroundings.out) return exit_code;
  *surroundings.err << "integrationctl: cannot write to standard output\n" << std::flush;
  return exit_code == ExitCode::kGood ? ExitCode::kNotSucceeded : exit_code;
}

}  // namespace

ExitCode RunCommandLine(const std::vector<std::string>& arguments, const Surroundings& surroundings) {
  for (const std::string& argument : arguments) {
    if (IsUtf8(argument)) continue;
    *surroundings.err << "integrationctl: not UTF-8: " << Printable(argument) << "\n";
    return ExitCode::kUsage;
  }
  Settings settings;
  settings.language = LanguageOf(arguments, surroundings.variable);
  const std::optional<std::string> server = surroundings.variable("INTEGRATION_SERVER");
  if (server.has_value() && !server->empty()) settings.server = *server;
  Action action;
  const std::optional<ExitCode> ended = Parse(arguments, surroundings, &settings, &action);
  return Flushed(ended.has_value() ? *ended : action(settings, surroundings), surroundings);
}

}  // namespace satudata::cli
