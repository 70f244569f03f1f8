#include "server/store/migrations.h"

#include <string>
#include <tuple>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "server/store/pg_sql.h"

namespace satudata::store {
namespace {

// The last step before PostgreSQL: no database of its is older, so there were no rows to carry over.
constexpr int64_t kLastWithoutPostgres = 10;
constexpr char kMarkOfOurs[] = "satudata-integration";
constexpr char kVersionTable[] =
    "CREATE TABLE schema_migration ("
    "version BIGINT PRIMARY KEY, name TEXT NOT NULL, apply_time BIGINT NOT NULL)";

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
  connection.ExecuteOnce(kVersionTable);
  transaction.Commit();
  return absl::OkStatus();
}

// In PostgreSQL a schema is ours by what is said of the table of our versions.
absl::Status ClaimPostgres(Connection& connection) {
  Transaction transaction(connection, TransactionMode::kWrite);
  const auto mark = connection.SelectOne<std::string>(
      "SELECT coalesce(obj_description(to_regclass('schema_migration'), 'pg_class'), '')", std::tuple<>());
  if (mark == kMarkOfOurs) return absl::OkStatus();
  const auto tables = connection.SelectOne<int64_t>(
      "SELECT count(*) FROM information_schema.tables WHERE table_schema = current_schema()", std::tuple<>());
  if (tables.value_or(0) != 0) {
    return absl::FailedPreconditionError(
        "another program has tables there; let DATABASE_URL name a database of this service's own");
  }
  connection.ExecuteOnce(ToPgDefinition(kVersionTable));
  connection.ExecuteOnce(absl::StrCat("COMMENT ON TABLE schema_migration IS '", kMarkOfOurs, "'"));
  transaction.Commit();
  return absl::OkStatus();
}

bool CarriesRowsOver(absl::string_view statement) {
  return absl::StartsWith(statement, "INSERT ") || absl::StartsWith(statement, "UPDATE ");
}

void Define(Connection& connection, absl::string_view statement, int64_t version) {
  if (connection.postgres() == nullptr) return connection.ExecuteOnce(std::string(statement));
  if (version <= kLastWithoutPostgres && CarriesRowsOver(statement)) return;
  connection.ExecuteOnce(ToPgDefinition(statement));
}

// Another process may have taken the step between our look and our lock; then there is nothing to do.
void Apply(Connection& connection, const Migration& migration, absl::Time now) {
  Transaction transaction(connection, TransactionMode::kWrite);
  if (SchemaVersion(connection) >= migration.version) return;
  for (absl::string_view statement : migration.statements) Define(connection, statement, migration.version);
  connection.Execute(
      "INSERT INTO schema_migration (version, name, apply_time) VALUES (:version, :name, :time)",
      std::tuple<int64_t, std::string, absl::Time>(migration.version, std::string(migration.name), now));
  transaction.Commit();
}

}  // namespace

absl::Status Migrate(Connection& connection, absl::Span<const Migration> migrations, absl::Time now) {
  absl::Status claimed = connection.postgres() == nullptr ? Claim(connection) : ClaimPostgres(connection);
  if (!claimed.ok()) return claimed;
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
