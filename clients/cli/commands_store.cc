// The verbs for who keeps the server's database: store backup, store restored, store copy. They work on the
// database itself.
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "clients/cli/command.h"
#include "clients/cli/database_url.h"
#include "clients/cli/store_words.h"
#include "clients/cli/text.h"
#include "server/base/log.h"
#include "server/store/store_tools.h"

namespace satudata::cli {
namespace {

constexpr absl::Duration kBetweenPictures = absl::Milliseconds(200);

struct StoreOptions {
  DatabaseChoice database;
  std::string file;  // Of the backup.
  std::string from;
};

ExitCode Refuse(const Surroundings& surroundings, absl::string_view words) {
  *surroundings.err << "integrationctl: " << words << "\n";
  return ExitCode::kUsage;
}

ExitCode Tell(const store::Trouble& trouble, const Settings& settings, const Surroundings& surroundings) {
  *surroundings.err << "integrationctl: " << Words(trouble, settings.language) << "\n";
  return trouble.obstacle == store::Obstacle::kStopped ? ExitCode::kInterrupted : ExitCode::kNotSucceeded;
}

// `counts` by their names in JSON.
std::string Json(const std::vector<std::pair<std::string, int64_t>>& counts) {
  std::string json;
  for (const auto& [name, count] : counts) {
    absl::StrAppend(&json, json.empty() ? "{" : ",", "\"", base::JsonEscape(name), "\":\"", count, "\"");
  }
  return absl::StrCat(json.empty() ? "{" : json, "}\n");
}

store::StopAsked StopBy(const Surroundings& surroundings) {
  return [interrupt = surroundings.interrupt] { return interrupt != nullptr && interrupt->Raised(); };
}

ExitCode BackUp(const StoreOptions& options, const Settings& settings, const Surroundings& surroundings) {
  const absl::StatusOr<std::string> url = FindDatabaseUrl(options.database, settings, surroundings);
  if (!url.ok()) return Refuse(surroundings, url.status().message());
  const store::BackupReport report = store::BackUp(*url, options.file, StopBy(surroundings));
  if (report.trouble.has_value()) return Tell(*report.trouble, settings, surroundings);
  if (settings.output == OutputFormat::kJson) {
    *surroundings.out << Json({{"sizeBytes", report.size_bytes}});
  } else {
    *surroundings.out << Say(settings.language, "Dicadangkan: ", "Backed up: ") << Printable(options.file)
                      << " (" << FormatCount(report.size_bytes, settings.language) << " B)\n";
  }
  return ExitCode::kGood;
}

ExitCode MarkRestored(const StoreOptions& options, const Settings& settings,
                      const Surroundings& surroundings) {
  const absl::StatusOr<std::string> url = FindDatabaseUrl(options.database, settings, surroundings);
  if (!url.ok()) return Refuse(surroundings, url.status().message());
  const store::RestoredReport report = store::MarkRestored(*url, surroundings.clock->Now());
  if (report.trouble.has_value()) return Tell(*report.trouble, settings, surroundings);
  if (settings.output == OutputFormat::kJson) {
    *surroundings.out << Json({{"unprovenCount", report.baseline_count},
                               {"openDeliveryCount", report.open_count},
                               {"endedSessionCount", report.session_count}});
    return ExitCode::kGood;
  }
  const auto count = [&](int64_t number) { return FormatCount(number, settings.language); };
  *surroundings.out << Printable(report.place) << "\n"
                    << absl::StrCat(count(report.baseline_count),
                                    Say(settings.language, " nilai dibaca dahulu sebelum dipercaya\n",
                                        " values are read before they are believed\n"),
                                    count(report.open_count),
                                    Say(settings.language, " pengiriman dilanjutkan saat server dimulai\n",
                                        " deliveries go on when the server starts\n"),
                                    count(report.session_count),
                                    Say(settings.language, " sesi diakhiri\n", " sessions ended\n"));
  return ExitCode::kGood;
}

// One line on a terminal, drawn again and again; nothing elsewhere.
store::CopyProgress ProgressOn(const Settings& settings, const Surroundings& surroundings) {
  if (surroundings.err_surface != Surface::kTerminal) return [](absl::string_view, int64_t, int64_t) {};
  const auto next = std::make_shared<absl::Time>(absl::InfinitePast());
  return
      [next, &surroundings, language = settings.language](absl::string_view table, int64_t rows, int64_t of) {
        const absl::Time now = surroundings.clock->Now();
        if (now < *next) return;
        *next = now + kBetweenPictures;
        const std::string line =
            absl::StrCat(FormatCount(rows, language), " / ", FormatCount(of, language), "  ", table);
        *surroundings.err << "\r" << Fit(line, surroundings.columns() - 1) << "\x1b[K" << std::flush;
      };
}

ExitCode CopyStore(const StoreOptions& options, const Settings& settings, const Surroundings& surroundings) {
  const absl::StatusOr<std::string> to = FindDatabaseUrl(options.database, settings, surroundings);
  if (!to.ok()) return Refuse(surroundings, to.status().message());
  const store::CopyReport report = store::CopyStore(options.from, *to, surroundings.clock->Now(),
                                                    ProgressOn(settings, surroundings), StopBy(surroundings));
  if (surroundings.err_surface == Surface::kTerminal) *surroundings.err << "\r\x1b[K";
  if (report.trouble.has_value()) return Tell(*report.trouble, settings, surroundings);
  std::vector<std::pair<std::string, int64_t>> counts;
  for (const store::TableCount& item : report.tables) counts.emplace_back(item.table, item.rows);
  if (settings.output == OutputFormat::kJson) {
    *surroundings.out << Json(counts);
    return ExitCode::kGood;
  }
  for (const auto& [table, rows] : counts) {
    *surroundings.out << PadLeft(FormatCount(rows, settings.language), 14) << "  " << table << "\n";
  }
  return ExitCode::kGood;
}

void AddDatabase(CLI::App* verb, const CommandSet& set, const std::string& flag, DatabaseChoice& choice) {
  AddText(
      verb, flag, [&choice](const std::string& url) { choice.url = url; },
      Say(set, "basis data; terlihat dalam daftar proses, lebih baik DATABASE_URL atau --env-file",
          "the database; others can see it in the list of processes: rather use DATABASE_URL or --env-file"));
  AddText(
      verb, "--env-file", [&choice](const std::string& file) { choice.env_file = file; },
      Say(set, "berkas variabel server; DATABASE_URL-nya dipakai",
          "the server's file of variables; its DATABASE_URL counts"));
}

using StoreAction = ExitCode (*)(const StoreOptions&, const Settings&, const Surroundings&);

void DoesWith(CLI::App* verb, const CommandSet& set, const std::shared_ptr<StoreOptions>& options,
              StoreAction action) {
  Does(verb, set, [options, action](const Settings& settings, const Surroundings& surroundings) {
    return action(*options, settings, surroundings);
  });
}

void AddBackup(const CommandSet& tools) {
  const auto options = std::make_shared<StoreOptions>();
  CLI::App* verb = AddVerb(tools, "backup", "Cadangkan basis data SQLite, juga saat server berjalan",
                           "Back up a SQLite database, also while the server runs");
  AddDatabase(verb, tools, "--database-url", options->database);
  AddArgument(
      verb, "FILE", [options = options.get()](const std::string& file) { options->file = file; },
      Say(tools, "berkas baru untuk cadangan", "the new file for the backup"));
  DoesWith(verb, tools, options, &BackUp);
}

void AddRestored(const CommandSet& tools) {
  const auto options = std::make_shared<StoreOptions>();
  CLI::App* verb =
      AddVerb(tools, "restored", "Katakan bahwa cadangan telah dipulihkan, sebelum server dimulai",
              "Say that a backup was restored, before the server is started");
  AddDatabase(verb, tools, "--database-url", options->database);
  DoesWith(verb, tools, options, &MarkRestored);
}

void AddCopy(const CommandSet& tools) {
  const auto options = std::make_shared<StoreOptions>();
  CLI::App* verb = AddVerb(tools, "copy", "Pindahkan isi basis data SQLite ke PostgreSQL yang kosong",
                           "Move what a SQLite database holds into an empty PostgreSQL database");
  AddText(
      verb, "--from", [options = options.get()](const std::string& url) { options->from = url; },
      Say(tools, "basis data SQLite: sqlite:///…", "the SQLite database: sqlite:///…"))
      ->required();
  AddDatabase(verb, tools, "--to,--database-url", options->database);
  DoesWith(verb, tools, options, &CopyStore);
}

}  // namespace

void AddStoreCommands(const CommandSet& set) {
  CLI::App* verb = AddVerb(set, "store", "Basis data server: backup, restored, copy",
                           "The server's database: backup, restored, copy");
  verb->require_subcommand(1);
  verb->footer(std::string(StoreHelp(set.language)));
  const CommandSet tools = {.app = *verb, .language = set.language, .chosen = set.chosen};
  AddBackup(tools);
  AddRestored(tools);
  AddCopy(tools);
}

}  // namespace satudata::cli
