#include "server/store/offline_database.h"

#include <filesystem>
#include <system_error>
#include <tuple>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "server/store/database_file.h"
#include "server/store/postgres_start.h"
#include "server/store/sql_error.h"
#include "server/store/sqlite_file.h"

namespace satudata::store {
namespace {

// A copy of a whole database takes as long as it takes.
constexpr absl::Duration kNoLimit = absl::Hours(240);

void Check(const absl::Status& status, const std::string& place) {
  if (!status.ok()) throw Trouble{Obstacle::kFailed, place, std::string(status.message())};
}

OfflineDatabase OpenPostgres(const std::string& url) {
  OfflineDatabase database{.place = PgPlace(url), .lock = nullptr, .connection = nullptr};
  Check(CheckPostgresUrl(url), database.place);
  try {
    database.connection = std::make_unique<Connection>(ConnectionOptions{
        .postgres = PgSessionOptions{.url = url, .statement_timeout = kNoLimit, .idle_timeout = kNoLimit}});
    Check(CheckPostgresEncoding(*database.connection), database.place);
  } catch (const PgError&) {
    throw TroubleOfCurrentException(database.place);
  }
  RefuseConnected(database);
  return database;
}

OfflineDatabase OpenSqlite(const std::string& url) {
  OfflineDatabase database{.place = ExistingSqliteFile(url), .lock = nullptr, .connection = nullptr};
  absl::StatusOr<std::unique_ptr<ProcessLock>> lock = ProcessLock::Take(database.place);
  if (absl::IsFailedPrecondition(lock.status())) throw Trouble{Obstacle::kInUse, database.place, ""};
  Check(lock.status(), database.place);
  database.lock = *std::move(lock);
  database.connection =
      std::make_unique<Connection>(ConnectionOptions{.path = database.place, .missing = Missing::kIsAnError});
  return database;
}

}  // namespace

std::string ExistingSqliteFile(const std::string& database_url) {
  if (IsPostgresUrl(database_url)) throw Trouble{Obstacle::kNotSqlite, PgPlace(database_url), ""};
  const absl::StatusOr<std::string> path = ParseSqlitePath(database_url);
  Check(path.status(), "");
  std::error_code error;
  const bool is_empty =
      std::filesystem::is_regular_file(*path, error) && std::filesystem::file_size(*path, error) == 0;
  if (is_empty || !std::filesystem::exists(*path, error)) throw Trouble{Obstacle::kMissing, *path, ""};
  if (HasStaleLog(*path)) throw Trouble{Obstacle::kStaleLog, *path, absl::StrCat(*path, "-wal")};
  Check(CheckDatabaseFile(*path), *path);
  return *path;
}

OfflineDatabase OpenOffline(const std::string& database_url) {
  return IsPostgresUrl(database_url) ? OpenPostgres(database_url) : OpenSqlite(database_url);
}

void RefuseConnected(OfflineDatabase& database) {
  PgSession* const session = database.connection->postgres();
  if (session == nullptr) return;
  const PgResult others = session->Run(absl::StrCat(
      "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
      "AND application_name LIKE '",
      kPgApplication, "%'"));
  if (others.rows() > 0) throw Trouble{Obstacle::kInUse, database.place, ""};
}

void RefuseOthers(OfflineDatabase& database) {
  PgSession* const session = database.connection->postgres();
  if (session == nullptr) return;
  const PgResult tables = session->Run(
      "SELECT coalesce(string_agg(quote_ident(tablename), ', '), '') FROM pg_tables "
      "WHERE schemaname = current_schema()");
  try {
    session->Run(absl::StrCat("LOCK TABLE ", tables.Text(0, 0), " IN ACCESS EXCLUSIVE MODE"));
  } catch (const PgError& error) {
    if (error.state() == kStateHeld) throw Trouble{Obstacle::kInUse, database.place, ""};
    throw;
  }
  RefuseConnected(database);
}

Trouble TroubleOfCurrentException(const std::string& place) {
  try {
    throw;
  } catch (const Trouble& trouble) {
    return trouble;
  } catch (...) {
    const SqlError error = DescribeCurrentException();
    const absl::Status status =
        error.state.empty() ? UnusableDatabase(place, error) : ExplainPostgres(place, error);
    return {Obstacle::kFailed, place, std::string(status.message())};
  }
}

}  // namespace satudata::store
