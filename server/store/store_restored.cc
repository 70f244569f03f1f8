#include <algorithm>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "server/store/migrations.h"
#include "server/store/offline_database.h"
#include "server/store/store_tools.h"

namespace satudata::store {
namespace {

int64_t Number(Connection& connection, absl::string_view sql) {
  return connection.SelectOne<int64_t>(sql, std::tuple<>()).value_or(0);
}

// Not before anything that the database knows of, even if the clock was set back since.
absl::Time RestoreTime(Connection& connection, absl::Time now) {
  const int64_t newest = std::max(Number(connection, "SELECT coalesce(max(confirm_time), 0) FROM baseline"),
                                  Number(connection, "SELECT coalesce(max(create_time), 0) FROM delivery"));
  return std::max(now, absl::FromUnixMicros(newest));
}

void MarkAll(OfflineDatabase& database, absl::Time now, RestoredReport& report) {
  Connection& connection = *database.connection;
  const absl::Status migrated = Migrate(connection, AllMigrations(), now);
  if (!migrated.ok()) throw Trouble{Obstacle::kFailed, database.place, std::string(migrated.message())};
  Transaction transaction(connection, TransactionMode::kWrite);
  RefuseOthers(database);
  report.baseline_count = Number(connection, "SELECT count(*) FROM baseline");
  report.open_count = Number(connection, "SELECT count(*) FROM delivery WHERE unsettled = 1");
  connection.Execute(
      "INSERT INTO restoration (restore_time) VALUES (:time) ON CONFLICT (restore_time) DO NOTHING",
      std::tuple<absl::Time>(RestoreTime(connection, now)));
  report.session_count = connection.Execute("DELETE FROM web_session", std::tuple<>());
  transaction.Commit();
}

}  // namespace

RestoredReport MarkRestored(const std::string& database_url, absl::Time now) {
  RestoredReport report;
  try {
    OfflineDatabase database = OpenOffline(database_url);
    report.place = database.place;
    MarkAll(database, now, report);
  } catch (...) {
    report.trouble = TroubleOfCurrentException(report.place);
  }
  return report;
}

}  // namespace satudata::store
