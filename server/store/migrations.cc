#include "server/store/migrations.h"

#include <string>
#include <tuple>

#include "absl/strings/str_cat.h"

namespace satudata::store {
namespace {

bool IsEmpty(Connection& connection) {
  return connection.SelectOne<int64_t>("SELECT count(*) FROM sqlite_master", std::tuple<>()).value_or(0) == 0;
}

int64_t SchemaVersion(Connection& connection) {
  return connection
      .SelectOne<int64_t>("SELECT coalesce(max(version), 0) FROM schema_migration", std::tuple<>())
      .value_or(0);
}

// Under the write lock: either the file is ours already, or it is empty and becomes ours.
absl::Status Claim(Connection& connection) {
  Transaction transaction(connection, TransactionMode::kWrite);
  if (connection.Pragma("application_id") == kApplicationId) return absl::OkStatus();
  if (connection.Pragma("application_id") != 0 || !IsEmpty(connection)) {
    return absl::FailedPreconditionError(
        "the file is the database of another program; point DATABASE_URL at another file");
  }
  connection.ExecuteOnce(absl::StrCat("PRAGMA application_id = ", kApplicationId));
  connection.ExecuteOnce(
      "CREATE TABLE schema_migration ("
      "version BIGINT PRIMARY KEY, name TEXT NOT NULL, apply_time BIGINT NOT NULL)");
  transaction.Commit();
  return absl::OkStatus();
}

// Another process may have taken the step between our look and our lock; then there is nothing to do.
void Apply(Connection& connection, const Migration& migration, absl::Time now) {
  Transaction transaction(connection, TransactionMode::kWrite);
  if (SchemaVersion(connection) >= migration.version) return;
  for (absl::string_view statement : migration.statements) connection.ExecuteOnce(std::string(statement));
  connection.Execute(
      "INSERT INTO schema_migration (version, name, apply_time) VALUES (:version, :name, :time)",
      std::tuple<int64_t, std::string, absl::Time>(migration.version, std::string(migration.name), now));
  transaction.Commit();
}

}  // namespace

absl::Status Migrate(Connection& connection, absl::Span<const Migration> migrations, absl::Time now) {
  if (absl::Status status = Claim(connection); !status.ok()) return status;
  const int64_t newest = migrations.back().version;
  const int64_t found = SchemaVersion(connection);
  if (found > newest) {
    return absl::FailedPreconditionError(absl::StrCat(
        "the database has schema ", found, " and this program knows up to ", newest,
        "; start the newer program that wrote it, or restore the backup from before the upgrade"));
  }
  for (const Migration& migration : migrations) {
    if (migration.version > found) Apply(connection, migration, now);
  }
  return absl::OkStatus();
}

}  // namespace satudata::store
