// What is particular to the SQLite file: finding it, refusing what is not ours, and living through a disk
// that is full, a file that is locked and an end at any moment.
#include <sys/resource.h>

#include <atomic>
#include <csignal>
#include <fstream>
#include <thread>

#include "absl/strings/str_join.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/catalog/failure.h"
#include "server/store/connection.h"
#include "server/store/migrations.h"
#include "tests/unit/server/store/store_fixture.h"

namespace satudata::store {
namespace {

using sync::State;
using testing::HasSubstr;

constexpr absl::Duration kPatience = absl::Seconds(20);

// Lets other threads work until `condition` holds; fails the test if it does not in a long time.
template <typename Condition>
void Await(const Condition& condition) {
  const absl::Time give_up = absl::Now() + kPatience;
  while (!condition() && absl::Now() < give_up) std::this_thread::yield();
  ASSERT_TRUE(condition());
}

// Files of this process cannot grow beyond `bytes` while this lives: what a full disk looks like to SQLite.
class FullDisk {
 public:
  explicit FullDisk(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{.rlim_cur = bytes, .rlim_max = before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FullDisk() {
    setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;

 private:
  void (*handler_)(int);
  rlimit before_{};
};

class SqliteStoreTest : public StoreTest {
 protected:
  absl::Status OpenError(const std::string& url) { return OpenStore(OptionsFor(url), clock_).status(); }
  std::string Path() const { return directory_.File("test.db"); }
  std::string Url() const { return directory_.Url("test.db"); }
  void Open() { OpenOn(Url()); }
  // Another program's connection to the same file.
  // Waits its turn: a writer that opens or recovers the file holds it for a moment.
  Connection Another() const { return Connection({.path = Path(), .busy_timeout = absl::Seconds(20)}); }

  void SubmitDelivery(int number) {
    sync::Change change{.run_id = "r1"};
    const std::string id = absl::StrCat("d", number);
    change.deliveries.push_back({MakeDelivery("r1", id, id), std::nullopt});
    store_->Submit(std::move(change), [this](const absl::Status& status, const sync::Change&) {
      ++(status.ok() ? written_ : lost_);
    });
  }

  TempDirectory directory_;
  std::atomic<int> written_ = 0;
  std::atomic<int> lost_ = 0;
};

TEST_F(SqliteStoreTest, AUrlThatIsNotUnderstoodSaysHowToWriteOne) {
  for (const char* url : {"", "data.db", "mysql://localhost/x", "sqlite://data.db", "sqlite:///"}) {
    const absl::Status status = OpenError(url);
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << url;
    EXPECT_THAT(std::string(status.message()), HasSubstr("sqlite:///relative/path")) << url;
  }
}

TEST_F(SqliteStoreTest, MissingDirectoriesAreCreated) {
  OpenOn(directory_.Url("with blank/deeper/test.db"));
  EXPECT_TRUE(std::filesystem::exists(directory_.File("with blank/deeper/test.db")));
}

TEST_F(SqliteStoreTest, ADirectoryThatCannotBeMadeIsNamed) {
  std::ofstream(directory_.File("file")) << "x";
  const absl::Status status = OpenError(directory_.Url("file/test.db"));
  EXPECT_TRUE(absl::IsFailedPrecondition(status));
  EXPECT_THAT(std::string(status.message()), HasSubstr(directory_.File("file")));
}

TEST_F(SqliteStoreTest, AFileThatIsNotADatabaseIsLeftAlone) {
  const std::string text(5000, 'x');
  std::ofstream(Path()) << text;
  const absl::Status status = OpenError(Url());
  EXPECT_TRUE(absl::IsFailedPrecondition(status));
  EXPECT_THAT(std::string(status.message()), HasSubstr("is not a SQLite database"));
  EXPECT_EQ(std::filesystem::file_size(Path()), text.size());
}

TEST_F(SqliteStoreTest, AnotherProgramsDatabaseIsLeftAlone) {
  Another().ExecuteOnce("CREATE TABLE theirs (a TEXT)");
  const absl::Status status = OpenError(Url());
  EXPECT_TRUE(absl::IsFailedPrecondition(status));
  EXPECT_THAT(std::string(status.message()), HasSubstr("another program"));
  EXPECT_EQ(Another().Pragma("application_id"), 0);

  Another().ExecuteOnce("DROP TABLE theirs");
  Another().ExecuteOnce("PRAGMA application_id = 7");
  EXPECT_TRUE(absl::IsFailedPrecondition(OpenError(Url())));
}

TEST_F(SqliteStoreTest, ANewerSchemaIsRefusedWithBothVersions) {
  Open();
  store_.reset();
  Another().ExecuteOnce("INSERT INTO schema_migration VALUES (99, 'later', 0)");
  const absl::Status status = OpenError(Url());
  EXPECT_TRUE(absl::IsFailedPrecondition(status));
  EXPECT_THAT(std::string(status.message()), HasSubstr("schema 99"));
}

TEST_F(SqliteStoreTest, SeveralProcessesMayStartAtOnce) {
  std::vector<std::thread> threads;
  std::atomic<int> opened = 0;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      StoreOptions options = OptionsFor(Url());
      options.busy_timeout = kPatience;
      const auto store = OpenStore(options, clock_);
      EXPECT_TRUE(store.ok()) << store.status();
      if (store.ok()) ++opened;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(opened, 4);
}

TEST_F(SqliteStoreTest, LaterMigrationsAreAppliedOnceAndInOrder) {
  Open();
  store_.reset();
  constexpr absl::string_view kSecond[] = {"CREATE TABLE added (a TEXT)"};
  constexpr absl::string_view kThird[] = {"INSERT INTO added (a) VALUES ('once')"};
  std::vector<Migration> migrations(AllMigrations().begin(), AllMigrations().end());
  const int64_t last = migrations.back().version;
  migrations.push_back({last + 1, "second", kSecond});
  migrations.push_back({last + 2, "third", kThird});
  Connection connection = Another();
  ASSERT_TRUE(Migrate(connection, migrations, clock_.Now()).ok());
  ASSERT_TRUE(Migrate(connection, migrations, clock_.Now()).ok());
  EXPECT_EQ(connection.SelectOne<int64_t>("SELECT count(*) FROM added", std::tuple<>()), 1);
}

// Two deliveries under way, an attempt for one of them, and one for both.
TEST_F(SqliteStoreTest, WhatAnOlderProgramWroteIsCarriedOver) {
  const absl::Span<const Migration> all = AllMigrations();
  {
    Connection connection = Another();
    ASSERT_TRUE(Migrate(connection, all.subspan(0, 3), clock_.Now()).ok());
    connection.ExecuteOnce(
        "INSERT INTO run VALUES ('r1', 'SYNC_ALL', '', '', '', '{\"kind\":\"SYNC_ALL\"}', 'RUNNING', 0, 2, "
        "0, "
        "NULL, NULL, '', NULL, NULL)");
    for (const char* id : {"d1", "d2"}) {
      connection.ExecuteOnce(absl::StrCat("INSERT INTO delivery VALUES ('", id, "', 'r1', '", id,
                                          "', '', 'splp', 'QUEUED', 1, '', '', '', 0, 1, 1, ",
                                          std::string(1, id[1]), ", 0, 0, NULL, 0, 1, '')"));
    }
    const auto insert = [&](const char* id, const char* ids) {
      connection.ExecuteOnce(
          absl::StrCat("INSERT INTO attempt VALUES ('", id,
                       "', 'r1', 'splp', 'push', 0, 0, 200, 'body', '', '', 'JUDGED', 1, '", ids, "')"));
    };
    insert("a1", R"(["d1"])");
    insert("a2", R"(["d1","d2"])");
    connection.ExecuteOnce("INSERT INTO delivery_attempt VALUES ('d1', 'a1'), ('d1', 'a2'), ('d2', 'a2')");
  }
  Open();
  const auto ids_of = [this](const char* delivery_id) {
    std::vector<std::string> ids;
    const auto detail = store_->GetDelivery(delivery_id);
    EXPECT_TRUE(detail.ok()) << detail.status();
    for (const sync::Attempt& attempt : detail->attempts) {
      ids.push_back(absl::StrCat(attempt.attempt_id, " of ", absl::StrJoin(attempt.delivery_ids, ",")));
    }
    return ids;
  };
  EXPECT_THAT(ids_of("d1"), testing::ElementsAre("a1 of d1", "a2 of d1,d2"));
  EXPECT_THAT(ids_of("d2"), testing::ElementsAre("a2 of d1,d2"));
  EXPECT_THAT(*store_->EventsAfter("r1", 0, 10), testing::SizeIs(2));

  // What it left unsettled is one chunk, which somebody had before.
  const auto claim = store_->ClaimChunk({.target = "splp", .run_id = "r1"}, {.holder = "one"}, clock_.Now());
  ASSERT_TRUE(claim.ok() && claim->chunk.has_value()) << claim.status();
  EXPECT_GT(claim->chunk->token, 1);
  EXPECT_THAT(*store_->UnsettledDeliveries(*claim->chunk), testing::SizeIs(2));
}

// Of one file the older delivery was refused; another one's failure is not readable.
TEST_F(SqliteStoreTest, HowFilesStoodWithAnOlderProgramIsFoundByStateAndReason) {
  {
    Connection connection = Another();
    ASSERT_TRUE(Migrate(connection, AllMigrations().subspan(0, 5), clock_.Now()).ok());
    connection.ExecuteOnce(
        "INSERT INTO run VALUES ('r1', 'SYNC_ALL', '', '', '', '{\"kind\":\"SYNC_ALL\"}', 'PARTIAL', 0, 9, "
        "0, NULL, NULL, '', NULL, NULL)");
    const auto insert = [&](const char* id, const char* file, const char* state, const char* failure,
                            bool newest) {
      connection.ExecuteOnce(absl::StrCat("INSERT INTO delivery VALUES ('", id, "', 'r1', '", file,
                                          "', '', 'splp', '", state, "', 1, '', '", failure,
                                          "', '', 0, 1, 1, 1, 0, 0, NULL, 0, 0, '", state, "', 1)"));
      if (!newest) return;
      connection.ExecuteOnce(absl::StrCat("INSERT INTO target_status VALUES ('", file, "', 'splp', '", id,
                                          "', '', '', '', '', 0)"));
    };
    insert("d1", "a", "REJECTED", R"({"reason":"METADATA_MISSING"})", /*newest=*/false);
    insert("d2", "a", "ACCEPTED", R"({"reason":"TARGET_OUTAGE"})", /*newest=*/true);
    insert("d3", "b", "PARKED", R"({"reason":"TARGET_OUTAGE","args":{"detail":"x"}})", /*newest=*/true);
    insert("d4", "c", "REJECTED", "{broken", /*newest=*/true);
    connection.ExecuteOnce("INSERT INTO target_status VALUES ('e', 'splp', '', 'SKIPPED', 'r1', '', '', 0)");
  }
  Open();
  const auto ids_of = [this](const sync::DeliveryFilter& filter) {
    std::vector<std::string> ids;
    const auto listed = store_->ListDeliveries(filter, {});
    for (const sync::Delivery& delivery : *listed) ids.push_back(delivery.delivery_id);
    return absl::StrJoin(ids, " ");
  };
  EXPECT_EQ(ids_of({.newest = true}), "d2 d3 d4");
  EXPECT_EQ(ids_of({.owner = catalog::Owner::kTarget, .newest = true}), "d3");
  EXPECT_EQ(ids_of({.run_id = "r1", .owner = catalog::Owner::kProducer}), "d1");
  EXPECT_EQ(ids_of({.states = {State::kRejected}, .newest = true}), "d4");
  for (const char* id : {"a", "b", "c", "e"}) ASSERT_TRUE(PutFile(MakeFile(id)).ok());
  const auto files_of = [this](State state) {
    std::vector<std::string> ids;
    const sync::FileFilter filter{.target = "splp", .state = state};
    const auto rows = store_->ListFiles(filter, {});
    for (const sync::FileRow& row : *rows) ids.push_back(row.file.file_id);
    return absl::StrJoin(ids, " ");
  };
  EXPECT_EQ(files_of(State::kRejected), "c");
  EXPECT_EQ(files_of(State::kParked), "b");
  EXPECT_EQ(files_of(State::kSkipped), "e");
}

TEST_F(SqliteStoreTest, AMigrationThatFailsLeavesNothingBehind) {
  Open();
  store_.reset();
  constexpr absl::string_view kBroken[] = {"CREATE TABLE half (a TEXT)", "CREATE TABLE half (a TEXT)"};
  std::vector<Migration> migrations(AllMigrations().begin(), AllMigrations().end());
  migrations.push_back({migrations.back().version + 1, "broken", kBroken});
  {
    Connection connection = Another();
    EXPECT_THROW(static_cast<void>(Migrate(connection, migrations, clock_.Now())), std::exception);
  }
  EXPECT_EQ(
      Another().SelectOne<int64_t>("SELECT count(*) FROM sqlite_master WHERE name = 'half'", std::tuple<>()),
      0);
  Open();
}

TEST_F(SqliteStoreTest, CommitsSurviveTheProcess) {
  Open();
  EXPECT_EQ(Another().SelectOne<std::string>("PRAGMA journal_mode", std::tuple<>()), "wal");
  CreateRun("r1");
  for (int i = 0; i < 2000; ++i) SubmitDelivery(i);
  store_.reset();  // Commits what is queued.
  EXPECT_EQ(written_, 2000);
  Open();
  EXPECT_EQ(store_->GetRun("r1")->last_sequence, 2000);
}

// A wall clock that was set back does not make new rows look old.
TEST_F(SqliteStoreTest, NewIdsSortAfterAllThatAreStored) {
  Open();
  const std::string stored = "1fffffff-ffff-7123-8000-000000000000";
  CreateRun("01000000-0000-7000-8000-000000000000");
  ASSERT_TRUE(Put(MakeDelivery("01000000-0000-7000-8000-000000000000", stored, "a")).ok());
  Open();
  EXPECT_GT(base::NewTimeOrderedUuid(absl::ToUnixMillis(clock_.Now())), stored);
}

TEST_F(SqliteStoreTest, ABoundedQueueLosesNothing) {
  StoreOptions options = OptionsFor(Url());
  options.queue_rows = 4;
  auto opened = OpenStore(options, clock_);
  ASSERT_TRUE(opened.ok()) << opened.status();
  store_ = *std::move(opened);
  CreateRun("r1");
  for (int i = 0; i < 300; ++i) SubmitDelivery(i);
  store_.reset();
  EXPECT_EQ(written_, 300);
}

TEST_F(SqliteStoreTest, ACallbackMaySubmitThoughTheQueueIsFull) {
  StoreOptions options = OptionsFor(Url());
  options.queue_rows = 1;
  auto opened = OpenStore(options, clock_);
  ASSERT_TRUE(opened.ok()) << opened.status();
  store_ = *std::move(opened);
  CreateRun("r1");
  sync::Change change{.run_id = "r1"};
  change.deliveries.push_back({MakeDelivery("r1", "first", "a"), std::nullopt});
  store_->Submit(change, [this](const absl::Status&, const sync::Change&) {
    for (int i = 0; i < 3; ++i) SubmitDelivery(i);
  });
  Await([this] { return written_ == 3; });
}

TEST_F(SqliteStoreTest, WhatALockedFileHoldsUpIsWrittenWhenItIsFree) {
  Open();
  CreateRun("r1");
  Connection another = Another();
  {
    Transaction lock(another, TransactionMode::kWrite);
    for (int i = 0; i < 20; ++i) SubmitDelivery(i);
    Await([this] { return !store_->Healthy(); });
    EXPECT_TRUE(absl::IsUnavailable(store_->CreateRun({MakeRun("r2"), "f"}).status()));
    EXPECT_TRUE(store_->GetRun("r1").ok());  // Reading goes on.
    EXPECT_EQ(written_, 0);
  }
  Await([this] { return written_ == 20; });
  EXPECT_TRUE(store_->Healthy());
  EXPECT_EQ(store_->GetRun("r1")->last_sequence, 20);
  EXPECT_TRUE(store_->CreateRun({MakeRun("r2"), "f"}).ok());
}

TEST_F(SqliteStoreTest, HealthComesBackWithoutAnybodyWriting) {
  Open();
  Connection another = Another();
  {
    Transaction lock(another, TransactionMode::kWrite);
    EXPECT_TRUE(absl::IsUnavailable(store_->CreateRun({MakeRun("r1"), "f"}).status()));
    EXPECT_FALSE(store_->Healthy());
  }
  Await([this] { return store_->Healthy(); });
}

TEST_F(SqliteStoreTest, ClosingOnALockedFileAnswersEveryChange) {
  Open();
  CreateRun("r1");
  Connection another = Another();
  Transaction lock(another, TransactionMode::kWrite);
  for (int i = 0; i < 2000; ++i) SubmitDelivery(i);
  store_.reset();
  EXPECT_EQ(lost_, 2000);
}

TEST_F(SqliteStoreTest, AFullDiskIsWaitedFor) {
  Open();
  CreateRun("r1");
  {
    const FullDisk full(std::filesystem::file_size(Path() + "-wal"));
    for (int i = 0; i < 500; ++i) SubmitDelivery(i);
    Await([this] { return !store_->Healthy(); });
    EXPECT_EQ(written_, 0);
    EXPECT_EQ(store_->GetRun("r1")->last_sequence, 0);
  }
  Await([this] { return written_ == 500; });
  EXPECT_TRUE(store_->Healthy());
  EXPECT_EQ(store_->GetRun("r1")->last_sequence, 500);
  EXPECT_EQ(store_->GetRun("r1")->counts.at("splp")[State::kQueued], 500);
}

}  // namespace
}  // namespace satudata::store
