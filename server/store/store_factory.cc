#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "server/base/random.h"
#include "server/store/connection.h"
#include "server/store/database_file.h"
#include "server/store/durable_store.h"
#include "server/store/migrations.h"
#include "server/store/numbering.h"
#include "server/store/postgres_start.h"
#include "server/store/sql_error.h"
#include "server/store/sql_store.h"
#include "server/store/sqlite_file.h"

namespace satudata::store {
namespace {

constexpr int64_t kWriterCacheKib = 32 * 1024;  // The hot ends of a dozen trees.
constexpr uint64_t kJitterSeed = 1;             // One writer: its waits meet nobody else's.
// Up to here a database is looked through at the start, which takes some tenths of a second; damage in a
// larger one shows when it is read.
constexpr uintmax_t kCheckedBytes = 64 << 20;

absl::Status PrepareDirectory(const std::string& path) {
  const std::filesystem::path directory = std::filesystem::path(path).parent_path();
  if (directory.empty()) return absl::OkStatus();
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (!error) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("cannot create the database's directory ", directory.string(), " (", error.message(),
                   "); create it for this user, or set DATABASE_URL to another place"));
}

// Our marks are on it: what is wrong with it is not the setting, but neither will it be right next time.
absl::Status CheckWhole(Connection& connection, const std::string& path) {
  std::error_code error;
  if (std::filesystem::file_size(path, error) > kCheckedBytes) return absl::OkStatus();
  const auto finding = connection.SelectOne<std::string>("PRAGMA quick_check(1)", std::tuple<>());
  if (!finding.has_value() || *finding == "ok") return absl::OkStatus();
  return DamagedDatabase(path, absl::StrReplaceAll(*finding, {{"\n", " "}}));
}

absl::Status Prepare(const ConnectionOptions& options, absl::Time now) {
  if (absl::Status status = CheckDatabaseFile(options.path); !status.ok()) return status;
  try {
    Connection connection(options);
    if (absl::Status status = CheckWhole(connection, options.path); !status.ok()) return status;
    // First: the log mode must not be forced on a file that turns out to be somebody else's.
    if (absl::Status status = Migrate(connection, AllMigrations(), now); !status.ok()) {
      return absl::Status(status.code(), absl::StrCat(options.path, ": ", status.message()));
    }
    connection.ExecuteOnce("PRAGMA journal_mode = WAL");
    GoOnNumbering(connection);
    return absl::OkStatus();
  } catch (...) {
    return UnusableDatabase(options.path, DescribeCurrentException());
  }
}

// What the store is opened with, once the database is ready for it.
struct Prepared {
  ConnectionOptions connection;
  std::string name;  // For messages.
};

absl::StatusOr<Prepared> PrepareSqlite(const StoreOptions& options, absl::Time now) {
  absl::StatusOr<std::string> path = ParseSqlitePath(options.database_url);
  if (!path.ok()) return path.status();
  if (absl::Status status = PrepareDirectory(*path); !status.ok()) return status;
  ConnectionOptions connection{.path = *path, .busy_timeout = options.busy_timeout};
  if (absl::Status status = Prepare(connection, now); !status.ok()) return status;
  connection.missing = Missing::kIsAnError;
  connection.file = IdentityOf(*path);
  return Prepared{.connection = std::move(connection), .name = *path};
}

absl::StatusOr<Prepared> PreparePostgres(const StoreOptions& options, absl::Time now) {
  const PgSessionOptions postgres{.url = options.database_url,
                                  .statement_timeout = options.statement_timeout,
                                  .lock_timeout = options.busy_timeout};
  if (absl::Status started = StartPostgres(postgres, now); !started.ok()) return started;
  return Prepared{.connection = {.postgres = postgres}, .name = PgPlace(options.database_url)};
}

}  // namespace

absl::StatusOr<std::unique_ptr<DurableStore>> OpenStore(StoreOptions options, base::Clock& clock) {
  const absl::StatusOr<Prepared> prepared = IsPostgresUrl(options.database_url)
                                                ? PreparePostgres(options, clock.Now())
                                                : PrepareSqlite(options, clock.Now());
  if (!prepared.ok()) return prepared.status();
  ReadersOptions readers{
      .connection = prepared->connection, .count = options.reader_count, .lease_limit = options.lease_limit};
  readers.connection.access = Access::kReadOnly;
  WriterOptions writer{.connection = prepared->connection,
                       .group_changes = options.group_changes,
                       .queue_rows = options.queue_rows,
                       .retry = options.retry,
                       .uniform = base::SeededUniform(kJitterSeed),
                       .on_commit = std::move(options.on_commit)};
  writer.connection.cache_kib = kWriterCacheKib;
  auto store = std::make_unique<SqlStore>(std::move(readers), std::move(writer), clock);
  try {
    store->Start();
  } catch (...) {
    return UnusableDatabase(prepared->name, DescribeCurrentException());
  }
  return store;
}

}  // namespace satudata::store
