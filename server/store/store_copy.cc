#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/store/migrations.h"
#include "server/store/offline_database.h"
#include "server/store/postgres_start.h"
#include "server/store/row_copy.h"
#include "server/store/store_tools.h"

namespace satudata::store {
namespace {

constexpr char kVersions[] = "schema_migration";

// One move from one database to the other.
class Copy {
 public:
  Copy(OfflineDatabase& from, OfflineDatabase& to, const CopyProgress& progress, const StopAsked& stop)
      : from_(from), to_(to), progress_(progress), stop_(stop) {}

  std::vector<TableCount> Run(absl::Time now) {
    CheckVersion();
    const absl::Status migrated = Migrate(*to_.connection, AllMigrations(), now);
    if (!migrated.ok()) throw Trouble{Obstacle::kFailed, to_.place, std::string(migrated.message())};
    const Transaction snapshot(*from_.connection, TransactionMode::kRead);
    Transaction transaction(*to_.connection, TransactionMode::kWrite);
    RefuseOthers(to_);
    std::vector<TableCount> tables = Tables();
    to_.connection->ExecuteOnce(absl::StrCat("DELETE FROM ", kVersions));
    for (const TableCount& item : tables) CopyTable(item);
    for (const TableCount& item : tables) Compare(item);
    transaction.Commit();
    // So that the first queries are planned by what is there now.
    to_.connection->ExecuteOnce("ANALYZE");
    return tables;
  }

 private:
  void CheckVersion() {
    const auto version = from_.connection->SelectOne<int64_t>(
        "SELECT coalesce(max(version), 0) FROM schema_migration", std::tuple<>());
    if (version == AllMigrations().back().version) return;
    throw Trouble{Obstacle::kOtherSchema, from_.place, absl::StrCat(version.value_or(0))};
  }

  std::vector<TableCount> Tables() {
    std::vector<TableCount> tables;
    for (std::string& table : TablesInOrder(*from_.connection)) {
      if (table != kVersions && CountRows(*to_.connection, table) > 0) {
        throw Trouble{Obstacle::kNotEmpty, to_.place, table};
      }
      const int64_t rows = CountRows(*from_.connection, table);
      total_ += rows;
      tables.push_back({std::move(table), rows});
    }
    return tables;
  }

  void CopyTable(const TableCount& item) {
    RowReader reader(*from_.connection, item.table);
    const std::string columns = TableWithColumns(*from_.connection, item.table);
    to_.connection->postgres()->CopyIn(absl::StrCat("COPY ", columns, " FROM STDIN"),
                                       [&](std::string& lines) {
                                         if (stop_()) throw Trouble{Obstacle::kStopped, to_.place, ""};
                                         progress_(item.table, done_ + reader.rows(), total_);
                                         return reader.Read(lines);
                                       });
    done_ += reader.rows();
  }

  void Compare(const TableCount& item) {
    const int64_t rows = CountRows(*to_.connection, item.table);
    if (rows == item.rows) return;
    throw Trouble{Obstacle::kFailed, to_.place,
                  absl::StrCat("table ", item.table, " has ", rows, " rows there instead of ", item.rows,
                               "; nothing was kept of the copy")};
  }

  OfflineDatabase& from_;
  OfflineDatabase& to_;
  const CopyProgress& progress_;
  const StopAsked& stop_;
  int64_t total_ = 0;
  int64_t done_ = 0;
};

}  // namespace

CopyReport CopyStore(const std::string& from_url, const std::string& to_url, absl::Time now,
                     const CopyProgress& progress, const StopAsked& stop) {
  std::string place = "DATABASE_URL";
  try {
    if (IsPostgresUrl(from_url)) throw Trouble{Obstacle::kNotSqlite, PgPlace(from_url), ""};
    if (!IsPostgresUrl(to_url)) throw Trouble{Obstacle::kNotPostgres, "", ""};
    OfflineDatabase from = OpenOffline(from_url);
    place = from.place;
    OfflineDatabase to = OpenOffline(to_url);
    place = to.place;
    return {.trouble = std::nullopt, .tables = Copy(from, to, progress, stop).Run(now)};
  } catch (...) {
    return {.trouble = TroubleOfCurrentException(place), .tables = {}};
  }
}

}  // namespace satudata::store
