// What operators do to a database: back it up, say that it was restored, move it to PostgreSQL.
#include "server/store/store_tools.h"

#include <sys/stat.h>

#include <atomic>
#include <cstdlib>
#include <fstream>
#include <set>
#include <thread>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/store/connection.h"
#include "server/store/migrations.h"
#include "server/store/process_lock.h"
#include "server/store/row_copy.h"
#include "tests/unit/server/store/store_fixture.h"

namespace satudata::store {
namespace {

using sync::State;
using testing::ElementsAre;
using testing::IsEmpty;

bool Never() { return false; }
void Quietly(absl::string_view, int64_t, int64_t) {}

fakes::PostgresServer& Server() { return fakes::PostgresServer::Get(); }

std::optional<Obstacle> ObstacleOf(const std::optional<Trouble>& trouble) {
  if (!trouble.has_value()) return std::nullopt;
  return trouble->obstacle;
}

class StoreToolsTest : public StoreTest {
 protected:
  void TearDown() override { store_.reset(); }
  void OpenSqlite() { OpenOn(directory_.Url("test.db")); }
  std::string File(const std::string& name) const { return directory_.File(name); }
  std::vector<std::string> FilesThere() const {
    std::vector<std::string> names;
    for (const auto& entry :
         std::filesystem::directory_iterator(std::filesystem::path(File("x")).parent_path()))
      names.push_back(entry.path().filename().string());
    return names;
  }
  void PutBaseline(const std::string& key, absl::Time confirm_time) {
    sync::Change change{.run_id = "r1"};
    change.baselines.push_back({.target = "splp",
                                .key = key,
                                .hash = "h",
                                .value = "v",
                                .file_id = key,
                                .confirm_time = confirm_time});
    ASSERT_TRUE(store_->Commit(std::move(change)).ok());
  }

  TempDirectory directory_;
};

// Backup

TEST_F(StoreToolsTest, ABackupIsTheDatabaseAsItIsWhileItIsWritten) {
  OpenSqlite();
  CreateRun("r1");
  std::atomic<bool> stop = false;
  std::thread writer([&] {
    for (int i = 0; !stop; ++i) {
      const std::string id = absl::StrCat("d", i);
      sync::Change change{.run_id = "r1"};
      change.deliveries.push_back({MakeDelivery("r1", id, id), std::nullopt});
      change.records.push_back({id, 0, MakeRecord(id)});
      EXPECT_TRUE(store_->Commit(std::move(change)).ok());
    }
  });
  while (store_->GetRun("r1")->last_sequence < 20) std::this_thread::yield();
  const BackupReport report = BackUp(directory_.Url("test.db"), File("backup.db"), Never);
  stop = true;
  writer.join();
  ASSERT_FALSE(report.trouble.has_value()) << report.trouble->detail;
  EXPECT_EQ(report.size_bytes, static_cast<int64_t>(std::filesystem::file_size(File("backup.db"))));
  struct stat status {};
  ASSERT_EQ(::stat(File("backup.db").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u) << "hashes of passwords are in it";
  OpenOn(directory_.Url("backup.db"));
  const sync::Run run = *store_->GetRun("r1");
  EXPECT_GE(run.last_sequence, 20);
  const auto deliveries = *store_->ListDeliveries({.run_id = "r1"}, {.limit = 100'000});
  EXPECT_EQ(static_cast<int64_t>(deliveries.size()), run.last_sequence);
  EXPECT_EQ(store_->GetDelivery(deliveries.back().delivery_id)->records.size(), 1u);
}

TEST_F(StoreToolsTest, ABackupIsNotWrittenOverAFileAndLeavesNothingBehind) {
  OpenSqlite();
  std::ofstream(File("there")) << "precious";
  EXPECT_EQ(ObstacleOf(BackUp(directory_.Url("test.db"), File("there"), Never).trouble), Obstacle::kExists);
  EXPECT_EQ(std::filesystem::file_size(File("there")), 8u);
  EXPECT_EQ(ObstacleOf(BackUp(directory_.Url("none.db"), File("b"), Never).trouble), Obstacle::kMissing);
  EXPECT_EQ(ObstacleOf(BackUp(directory_.Url("test.db"), File("no/such/place"), Never).trouble),
            Obstacle::kFailed);
  EXPECT_EQ(ObstacleOf(BackUp("postgresql:///x", File("b"), Never).trouble), Obstacle::kNotSqlite);
  EXPECT_EQ(ObstacleOf(BackUp("mysql:///x", File("b"), Never).trouble), Obstacle::kFailed);
  store_.reset();
  EXPECT_THAT(FilesThere(), testing::UnorderedElementsAre("test.db", "there"));
}

TEST_F(StoreToolsTest, ABackupThatIsStoppedLeavesNothingBehind) {
  OpenSqlite();
  CreateRun("r1");
  for (int i = 0; i < 3'000; ++i) {
    sync::Change change{.run_id = "r1"};
    const std::string id = absl::StrCat("d", i);
    change.deliveries.push_back({MakeDelivery("r1", id, id), std::nullopt});
    store_->Submit(std::move(change), nullptr);
  }
  store_.reset();
  const BackupReport report = BackUp(directory_.Url("test.db"), File("backup.db"), [] { return true; });
  EXPECT_EQ(ObstacleOf(report.trouble), Obstacle::kStopped);
  EXPECT_THAT(FilesThere(), ElementsAre("test.db"));
}

TEST_F(StoreToolsTest, ALogOfAnotherDatabaseIsNotTakenForTheBackups) {
  OpenSqlite();
  CreateRun("r1");
  ASSERT_FALSE(BackUp(directory_.Url("test.db"), File("backup.db"), Never).trouble.has_value());
  std::filesystem::copy_file(File("test.db-wal"), File("backup.db-wal"));
  const auto report = MarkRestored(directory_.Url("backup.db"), clock_.Now());
  ASSERT_EQ(ObstacleOf(report.trouble), Obstacle::kStaleLog);
  EXPECT_EQ(report.trouble->detail, File("backup.db-wal"));
  std::filesystem::remove(File("backup.db-wal"));
  EXPECT_FALSE(MarkRestored(directory_.Url("backup.db"), clock_.Now()).trouble.has_value());
}

// Restored

class RestoredTest : public StoreContractTest {};

TEST_P(RestoredTest, WhatWasConfirmedIsNotProvenAnyMoreAndSessionsAreEnded) {
  EXPECT_EQ(store_->RestoreTime(), absl::InfinitePast());
  CreateRun("r1");
  ASSERT_TRUE(Put(MakeDelivery("r1", "d1", "f1")).ok());
  // Of a clock that was ahead.
  const absl::Time confirm_time = clock_.Now() + absl::Hours(1);
  sync::Change change{.run_id = "r1"};
  change.baselines.push_back({.target = "splp", .key = "k", .hash = "h", .confirm_time = confirm_time});
  ASSERT_TRUE(store_->Commit(std::move(change)).ok());
  const access::WebSession session{.key = "s", .identity = {.username = "siti"}, .end_time = clock_.Now()};
  ASSERT_TRUE(store_->OpenSession(session, /*most=*/10).ok());
  store_.reset();
  const RestoredReport report = MarkRestored(engine_->Url(), clock_.Now());
  ASSERT_FALSE(report.trouble.has_value()) << report.trouble->detail;
  EXPECT_EQ(report.baseline_count, 1);
  EXPECT_EQ(report.open_count, 1);
  EXPECT_EQ(report.session_count, 1);
  ASSERT_FALSE(MarkRestored(engine_->Url(), clock_.Now()).trouble.has_value()) << "once more does no harm";
  Reopen();
  const sync::Baseline baseline = store_->Baselines("splp", {{"k"}})->at("k");
  EXPECT_FALSE(baseline.IsProven(store_->RestoreTime()));
  EXPECT_EQ(baseline.hash, "h");
}

TEST_P(RestoredTest, IsRefusedWhileAServerHasTheDatabase) {
  // What a server takes beside what the store does.
  const std::string path = std::string(absl::StripPrefix(engine_->Url(), "sqlite:///"));
  absl::StatusOr<std::unique_ptr<ProcessLock>> lock = nullptr;
  if (path != engine_->Url()) lock = ProcessLock::Take(path);
  ASSERT_TRUE(lock.ok()) << lock.status();
  EXPECT_EQ(ObstacleOf(MarkRestored(engine_->Url(), clock_.Now()).trouble), Obstacle::kInUse);
}

INSTANTIATE_TEST_SUITE_P(Engines, RestoredTest, testing::ValuesIn(Engines()), EngineName);

TEST_F(StoreToolsTest, APostgresBackupByItsOwnToolsIsRestoredIntoAnEmptyDatabase) {
  const PostgresEngine engine;
  OpenOn(engine.Url());
  CreateRun("r1");
  const std::string target = Server().Url(Server().NewDatabase());
  const auto run = [](const std::string& command) {
    // NOLINTNEXTLINE(cert-env33-c): the commands are our own.
    return std::system(absl::StrCat("/usr/lib/postgresql/15/bin/", command).c_str());
  };
  EXPECT_EQ(run(absl::StrCat("pg_dump --format=custom --file=", File("b.dump"), " \"", engine.Url(), "\"")),
            0);
  EXPECT_EQ(
      run(absl::StrCat("pg_restore --no-owner --exit-on-error --dbname=\"", target, "\" ", File("b.dump"))),
      0);
  store_.reset();
  ASSERT_FALSE(MarkRestored(target, clock_.Now()).trouble.has_value());
  OpenOn(target);
  EXPECT_TRUE(store_->GetRun("r1").ok());
  EXPECT_GE(store_->RestoreTime(), clock_.Now());
}

// Copy

// Every row of a table as text, in no order of its own.
using Rows = std::multiset<std::string>;

Rows RowsOf(Connection& connection, const std::string& table, const std::vector<std::string>& columns) {
  std::string row;
  for (const std::string& column : columns) {
    absl::StrAppend(&row, row.empty() ? "" : " || ',' || ", "coalesce('''' || replace(CAST(", column,
                    " AS TEXT), '''', '''''') || '''', 'NULL')");
  }
  Rows rows;
  for (std::string& text :
       connection.SelectAll<std::string>(absl::StrCat("SELECT ", row, " FROM ", table), std::tuple<>())) {
    rows.insert(std::move(text));
  }
  return rows;
}

std::vector<std::string> ColumnsOf(Connection& sqlite, const std::string& table) {
  const std::string text = TableWithColumns(sqlite, table);
  const size_t begin = text.find('(') + 1;
  return absl::StrSplit(text.substr(begin, text.size() - begin - 1), ", ");
}

class StoreCopyTest : public StoreToolsTest {
 protected:
  // Two rows in every table, of every kind: by the schema, so that no later table is left out.
  void FillEveryTable() {
    store_.reset();
    Connection connection({.path = File("test.db")});
    connection.ExecuteOnce("PRAGMA foreign_keys = OFF");
    for (const std::string& table : TablesInOrder(connection)) {
      if (table == "schema_migration") continue;
      for (const int row : {1, 2}) connection.ExecuteOnce(InsertOf(connection, table, row));
    }
  }
  static std::string InsertOf(Connection& connection, const std::string& table, int row) {
    std::string names;
    std::string values;
    connection.Select<std::tuple<std::string, std::string, int64_t, int64_t>>(
        "SELECT name, type, \"notnull\", pk FROM pragma_table_info(:name) ORDER BY cid",
        std::tuple<std::string>(table), [&](const auto& column) {
          const auto& [name, type, not_null, key] = column;
          absl::StrAppend(&names, names.empty() ? "" : ", ", name);
          absl::StrAppend(&values, values.empty() ? "" : ", ",
                          ValueOf(name, type == "TEXT", not_null || key, row));
        });
    return absl::StrCat("INSERT INTO ", table, " (", names, ") VALUES (", values, ")");
  }
  // The same for all columns of a name, so that references hold.
  static std::string ValueOf(const std::string& name, bool is_text, bool is_needed, int row) {
    if (!is_needed && row == 2) return "NULL";
    if (!is_text) return row == 1 ? "-9223372036854775807" : "42";
    if (absl::EndsWith(name, "_id") || name == "key" || name == "username")
      return absl::StrCat("'id\\", row, "'");
    if (row == 2) return "''";
    // PostgreSQL's indexes take no long texts.
    const bool is_body = absl::EndsWith(name, "body") || name == "failure" || name == "raw_value";
    const std::string large(is_body ? 200'000 : 0, 'x');
    return absl::StrCat("'", name, " ''kutip\" \\N \\t a' || char(9, 10, 13, 8, 127) || 'Ünïcode 中文 😀 ",
                        large, "'");
  }
  std::string NewTarget() { return Server().Url(Server().NewDatabase()); }
  CopyReport Copy(const std::string& target) {
    return CopyStore(directory_.Url("test.db"), target, clock_.Now(), Quietly, Never);
  }
};

TEST_F(StoreCopyTest, EveryRowOfEveryTableIsThere) {
  OpenSqlite();
  FillEveryTable();
  const std::string target = NewTarget();
  int64_t told = 0;
  const CopyReport report = CopyStore(
      directory_.Url("test.db"), target, clock_.Now(),
      [&](absl::string_view, int64_t rows, int64_t of) {
        EXPECT_GE(rows, told);
        EXPECT_LE(rows, of);
        told = rows;
      },
      Never);
  ASSERT_FALSE(report.trouble.has_value()) << report.trouble->detail;
  EXPECT_GT(told, 0);
  Connection sqlite({.path = File("test.db")});
  Connection postgres({.postgres = PgSessionOptions{.url = target}});
  const std::vector<std::string> tables = TablesInOrder(sqlite);
  EXPECT_EQ(report.tables.size(), tables.size());
  EXPECT_GT(tables.size(), 20u);
  for (const std::string& table : tables) {
    const std::vector<std::string> columns = ColumnsOf(sqlite, table);
    const Rows rows = RowsOf(sqlite, table, columns);
    EXPECT_GE(rows.size(), 2u) << table;
    EXPECT_TRUE(rows == RowsOf(postgres, table, columns)) << table;
  }
}

TEST_F(StoreCopyTest, AServerGoesOnWithWhatWasCopied) {
  OpenSqlite();
  CreateRun("r1");
  ASSERT_TRUE(PutFile(MakeFile("f1")).ok());
  ASSERT_TRUE(Put(MakeDelivery("r1", "d1", "f1", State::kUnknown)).ok());
  PutBaseline("k", clock_.Now());
  store_.reset();
  const std::string target = NewTarget();
  const CopyReport report = Copy(target);
  ASSERT_FALSE(report.trouble.has_value()) << report.trouble->detail;
  OpenOn(target);
  EXPECT_EQ(store_->GetRun("r1")->last_sequence, 1);
  EXPECT_EQ(store_->GetDelivery("d1")->delivery.state, State::kUnknown);
  EXPECT_TRUE(store_->Baselines("splp", {{"k"}})->at("k").IsProven(store_->RestoreTime()));
  CreateRun("r2");
  EXPECT_TRUE(Put(MakeDelivery("r2", "d2", "f1")).ok());
}

TEST_F(StoreCopyTest, ATargetWithRowsIsLeftAlone) {
  OpenSqlite();
  CreateRun("r1");
  store_.reset();
  const std::string target = NewTarget();
  OpenOn(target);
  CreateRun("other");
  store_.reset();
  const CopyReport report = Copy(target);
  ASSERT_EQ(ObstacleOf(report.trouble), Obstacle::kNotEmpty);
  EXPECT_EQ(report.trouble->detail, "run");
  OpenOn(target);
  EXPECT_TRUE(store_->GetRun("other").ok());
  EXPECT_FALSE(store_->GetRun("r1").ok());
}

TEST_F(StoreCopyTest, IsRefusedWhileAServerHasEither) {
  OpenSqlite();
  store_.reset();
  const std::string target = NewTarget();
  {
    const auto lock = ProcessLock::Take(File("test.db"));
    ASSERT_TRUE(lock.ok());
    EXPECT_EQ(ObstacleOf(Copy(target).trouble), Obstacle::kInUse);
  }
  OpenOn(target);
  EXPECT_EQ(ObstacleOf(Copy(target).trouble), Obstacle::kInUse);
}

TEST_F(StoreCopyTest, OneThatIsStoppedKeepsNothingAndCanBeBegunAgain) {
  OpenSqlite();
  CreateRun("r1");
  store_.reset();
  const std::string target = NewTarget();
  int looks = 0;
  const CopyReport stopped =
      CopyStore(directory_.Url("test.db"), target, clock_.Now(), Quietly, [&looks] { return ++looks > 10; });
  EXPECT_EQ(ObstacleOf(stopped.trouble), Obstacle::kStopped);
  EXPECT_THAT(stopped.tables, IsEmpty());
  CopyReport report = Copy(target);
  // What is left of the connection before holds its locks for a moment.
  for (int i = 0; i < 10 && ObstacleOf(report.trouble) == Obstacle::kInUse; ++i) report = Copy(target);
  EXPECT_FALSE(report.trouble.has_value()) << report.trouble->detail;
}

TEST_F(StoreCopyTest, ADatabaseOfAnotherSchemaAndTheWrongEnginesAreRefused) {
  OpenSqlite();
  store_.reset();
  EXPECT_EQ(ObstacleOf(Copy(directory_.Url("other.db")).trouble), Obstacle::kNotPostgres);
  EXPECT_EQ(ObstacleOf(CopyStore("postgresql:///a", "postgresql:///b", clock_.Now(), Quietly, Never).trouble),
            Obstacle::kNotSqlite);
  Connection({.path = File("test.db")}).ExecuteOnce("DELETE FROM schema_migration WHERE version > 10");
  const CopyReport report = Copy(NewTarget());
  ASSERT_EQ(ObstacleOf(report.trouble), Obstacle::kOtherSchema);
  EXPECT_EQ(report.trouble->detail, "10");
}

}  // namespace
}  // namespace satudata::store
