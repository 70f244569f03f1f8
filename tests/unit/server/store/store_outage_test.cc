// The store while its disk or its file fails: nothing is called stored that is not, the state says what is
// wrong, the log says it once, and the store heals by itself.
#include <sys/mount.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <thread>

#include "absl/strings/match.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/base/log.h"
#include "server/base/mutex.h"
#include "server/store/connection.h"
#include "tests/unit/server/store/faulty_disk.h"
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
  while (!condition() && absl::Now() < give_up) absl::SleepFor(absl::Milliseconds(1));
  ASSERT_TRUE(condition());
}

// The log's lines, kept while this lives.
class LogLines {
 public:
  LogLines() {
    base::SetLogSink([this](absl::string_view line) {
      base::MutexLock lock(&mu_);
      lines_.emplace_back(line);
    });
  }
  ~LogLines() {
    base::SetLogSink([](absl::string_view line) { std::fwrite(line.data(), 1, line.size(), stderr); });
  }
  int64_t Count(absl::string_view text) const {
    base::MutexLock lock(&mu_);
    return std::count_if(lines_.begin(), lines_.end(),
                         [text](const std::string& line) { return absl::StrContains(line, text); });
  }

 private:
  mutable base::Mutex mu_;
  std::vector<std::string> lines_ ABSL_GUARDED_BY(mu_);
};

constexpr absl::string_view kOutageLine = "the database takes no writes";
constexpr absl::string_view kHealedLine = "the database takes writes again";

class StoreOutageTest : public StoreTest {
 protected:
  void SetUp() override {
    OpenOn(directory_.Url("db/test.db"));
    CreateRun("r1");
  }
  // Before what the callbacks touch.
  void TearDown() override { store_.reset(); }

  std::string Directory() const { return directory_.File("db"); }
  std::string Path() const { return directory_.File("db/test.db"); }
  // Waits its turn: a writer that recovers holds the whole file for a moment.
  Connection Another() const { return Connection({.path = Path(), .busy_timeout = kPatience}); }

  void SubmitDeliveries(int count) {
    for (int i = 0; i < count; ++i) {
      sync::Change change{.run_id = "r1"};
      const std::string id = absl::StrCat("d", submitted_++);
      change.deliveries.push_back({MakeDelivery("r1", id, id), std::nullopt});
      store_->Submit(std::move(change), [this](const absl::Status& status, const sync::Change&) {
        ++(status.ok() ? written_ : lost_);
      });
    }
  }
  std::string HealthText() const { return std::string(store_->Health().message()); }
  int64_t StoredDeliveries() { return store_->GetRun("r1")->counts["splp"][State::kQueued]; }

  LogLines log_;
  TempDirectory directory_;
  FaultyDisk disk_;
  int submitted_ = 0;
  std::atomic<int> written_ = 0;
  std::atomic<int> lost_ = 0;
};

TEST_F(StoreOutageTest, AFullDiskIsSaidOnceAndWaitedFor) {
  disk_.FillUpAfter(20'000);
  SubmitDeliveries(500);
  Await([this] { return !store_->Healthy() && disk_.refused() > 5; });
  EXPECT_THAT(HealthText(), HasSubstr("full"));
  EXPECT_THAT(HealthText(), HasSubstr("make room on its disk"));
  EXPECT_EQ(StoredDeliveries(), written_) << "what is not stored was not called so, and the other way round";
  EXPECT_TRUE(absl::IsUnavailable(store_->CreateRun({MakeRun("r2"), "f"}).status()));
  EXPECT_EQ(log_.Count(kOutageLine), 1);

  disk_.Fail(Fault::kNone);
  Await([this] { return written_ == 500; });
  EXPECT_TRUE(store_->Healthy());
  EXPECT_EQ(StoredDeliveries(), 500);
  EXPECT_EQ(log_.Count(kOutageLine), 1);
  EXPECT_EQ(log_.Count(kHealedLine), 1);
  EXPECT_EQ(lost_, 0);
}

// At every place where the disk may become full, a transaction is stored as a whole or not at all.
TEST_F(StoreOutageTest, WhereverTheDiskBecomesFullNothingIsHalfWritten) {
  for (int64_t bytes = 0; bytes < 60'000; bytes += 1'999) {
    disk_.FillUpAfter(bytes);
    const int64_t before = disk_.refused();
    SubmitDeliveries(40);
    Await([&] { return written_ == submitted_ || disk_.refused() > before; });
    EXPECT_EQ(Another().SelectOne<std::string>("PRAGMA integrity_check", std::tuple<>()), "ok") << bytes;
    disk_.Fail(Fault::kNone);
    Await([this] { return written_ == submitted_; });
    EXPECT_EQ(StoredDeliveries(), submitted_) << bytes;
    EXPECT_EQ(store_->GetRun("r1")->last_sequence, submitted_) << bytes;
  }
}

class DiskErrorTest : public StoreOutageTest, public testing::WithParamInterface<Fault> {};

TEST_P(DiskErrorTest, IsSaidOnceAndWaitedFor) {
  disk_.Fail(GetParam());
  SubmitDeliveries(50);
  Await([this] { return !store_->Healthy(); });
  EXPECT_THAT(HealthText(), HasSubstr("see that its disk works"));
  EXPECT_EQ(written_, 0);
  disk_.Fail(Fault::kNone);
  Await([this] { return written_ == 50; });
  EXPECT_TRUE(store_->Healthy());
  EXPECT_EQ(StoredDeliveries(), 50);
  EXPECT_EQ(log_.Count(kOutageLine), 1);
}

INSTANTIATE_TEST_SUITE_P(Disk, DiskErrorTest, testing::Values(Fault::kWrite, Fault::kSync),
                         [](const auto& info) { return info.param == Fault::kWrite ? "Write" : "Sync"; });

TEST_F(StoreOutageTest, ReadsThatFailAreSaidOnceAndComeBack) {
  disk_.Fail(Fault::kRead);
  // A commit of another connection makes every reader look at the disk again.
  int refused = 0;
  for (int i = 0; i < 20; ++i) refused += absl::IsUnavailable(store_->GetRun("r1").status()) ? 1 : 0;
  EXPECT_GT(refused, 0);
  EXPECT_LE(log_.Count("a database read failed"), 1);
  disk_.Fail(Fault::kNone);
  EXPECT_TRUE(store_->GetRun("r1").ok());
}

TEST_F(StoreOutageTest, AFileThatIsGoneTakesNothingAndIsNotMadeAnew) {
  std::filesystem::rename(Directory(), directory_.File("elsewhere"));
  SubmitDeliveries(20);
  Await([this] { return !store_->Healthy(); });
  EXPECT_THAT(HealthText(), HasSubstr("is not there any more"));
  EXPECT_THAT(HealthText(), HasSubstr("put the file back"));
  std::filesystem::create_directories(Directory());
  Await([this] { return absl::IsUnavailable(store_->CreateRun({MakeRun("r2"), "f"}).status()); });
  EXPECT_FALSE(std::filesystem::exists(Path())) << "an empty database would know nothing of what was sent";
  EXPECT_EQ(written_, 0);

  std::filesystem::remove(Directory());
  std::filesystem::rename(directory_.File("elsewhere"), Directory());
  Await([this] { return written_ == 20; });
  EXPECT_EQ(StoredDeliveries(), 20);
  EXPECT_EQ(log_.Count(kOutageLine), 1);
}

TEST_F(StoreOutageTest, AnotherFileInItsPlaceIsNotWrittenTo) {
  {
    auto other = OpenStore(OptionsFor(directory_.Url("other.db")), clock_);
    ASSERT_TRUE(other.ok()) << other.status();
  }
  std::filesystem::rename(Path(), directory_.File("old.db"));
  std::filesystem::copy_file(directory_.File("other.db"), Path());
  SubmitDeliveries(5);
  Await([this] { return !store_->Healthy(); });
  EXPECT_THAT(HealthText(), HasSubstr("was replaced by another file"));
  store_->GiveUpAfter(absl::ZeroDuration());
  EXPECT_FALSE(store_->Close().ok());
  EXPECT_EQ(lost_, 5);
  EXPECT_EQ(Another().SelectOne<int64_t>("SELECT count(*) FROM delivery", std::tuple<>()), 0);
}

TEST_F(StoreOutageTest, DamageFoundWhileRunningStopsAllWritingForGood) {
  SubmitDeliveries(2'000);
  Await([this] { return written_ == 2'000; });
  Connection another = Another();
  another.SelectOne<int64_t>("PRAGMA wal_checkpoint(TRUNCATE)", std::tuple<>());
  {
    std::fstream file(Path(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(4096);
    file << std::string(std::filesystem::file_size(Path()) - 4096, '\xEE');
  }
  // A commit from elsewhere empties the caches.
  another.ExecuteOnce("PRAGMA user_version = 7");
  SubmitDeliveries(10);
  Await([this] { return !store_->Healthy(); });
  EXPECT_THAT(HealthText(), HasSubstr("the database is damaged"));
  EXPECT_THAT(HealthText(), HasSubstr("restore the last backup"));
  EXPECT_FALSE(store_->GetRun("r1").ok());
  EXPECT_TRUE(absl::IsUnavailable(store_->CreateRun({MakeRun("r2"), "f"}).status()));
  EXPECT_EQ(log_.Count("the database is damaged"), 1);
  store_->GiveUpAfter(absl::Milliseconds(5));
  const absl::Status closed = store_->Close();
  EXPECT_THAT(std::string(closed.message()), HasSubstr("10 changes were not stored"));
  EXPECT_EQ(lost_, 10);
  EXPECT_EQ(written_, 2'000);
}

// Stopping

TEST_F(StoreOutageTest, GivingUpAnswersEverybodyWhoWaits) {
  Connection another = Another();
  const Transaction lock(another, TransactionMode::kWrite);
  SubmitDeliveries(2'000);
  std::thread waiter([this] {
    sync::Change change{.run_id = "r1"};
    EXPECT_TRUE(absl::IsUnavailable(store_->Commit(std::move(change))));
  });
  Await([this] { return !store_->Healthy(); });
  store_->GiveUpAfter(absl::Milliseconds(50));
  waiter.join();
  SubmitDeliveries(1);
  const absl::Status closed = store_->Close();
  EXPECT_TRUE(absl::IsUnavailable(closed));
  EXPECT_THAT(std::string(closed.message()), HasSubstr("2002 changes were not stored: "));
  EXPECT_THAT(std::string(closed.message()), HasSubstr("find the other program that holds the file"));
  EXPECT_EQ(lost_, 2'001);
  EXPECT_EQ(StoredDeliveries(), 0) << "reading goes on";
}

TEST_F(StoreOutageTest, WithinItsGraceAClosingStoreKeepsTrying) {
  Connection another = Another();
  auto lock = std::make_unique<Transaction>(another, TransactionMode::kWrite);
  SubmitDeliveries(200);
  Await([this] { return !store_->Healthy(); });
  store_->GiveUpAfter(kPatience);
  std::thread healer([&] { lock.reset(); });
  EXPECT_TRUE(store_->Close().ok());
  healer.join();
  EXPECT_EQ(written_, 200);
}

TEST_F(StoreOutageTest, GivingUpChangesNothingWhileCommitsSucceed) {
  store_->GiveUpAfter(absl::ZeroDuration());
  SubmitDeliveries(500);
  EXPECT_TRUE(store_->Close().ok());
  EXPECT_EQ(written_, 500);
  EXPECT_TRUE(store_->Close().ok()) << "once more changes nothing";
  SubmitDeliveries(1);
  EXPECT_EQ(lost_, 1) << "what comes after is refused";
}

// A file system that is really full, where this user may mount one.
TEST_F(StoreOutageTest, ASmallFileSystemThatIsReallyFull) {
  const std::string place = directory_.File("small");
  std::filesystem::create_directories(place);
  if (::mount("tmpfs", place.c_str(), "tmpfs", 0, "size=1m") != 0) {
    GTEST_SKIP() << "this user may not mount: " << std::strerror(errno);
  }
  OpenOn(absl::StrCat("sqlite:///", place, "/test.db"));
  CreateRun("r1");
  {
    std::ofstream ballast(place + "/ballast", std::ios::binary);
    while (ballast.write(std::string(4096, 'x').data(), 4096).flush()) {
    }
  }
  EXPECT_EQ(std::filesystem::space(place).available, 0U);
  SubmitDeliveries(500);
  Await([this] { return !store_->Healthy(); });
  EXPECT_THAT(HealthText(), HasSubstr("full"));
  EXPECT_EQ(StoredDeliveries(), written_);
  std::filesystem::remove(place + "/ballast");
  Await([this] { return written_ == 500; });
  EXPECT_EQ(StoredDeliveries(), 500);
  EXPECT_EQ(log_.Count(kOutageLine), 1);
  store_.reset();
  EXPECT_EQ(::umount2(place.c_str(), MNT_DETACH), 0);
}

// Starting

class StoreStartTest : public StoreTest {
 protected:
  std::string Path() const { return directory_.File("test.db"); }
  absl::Status OpenError() { return OpenStore(OptionsFor(directory_.Url("test.db")), clock_).status(); }
  std::string Content() const {
    std::ifstream file(Path(), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  }
  void Overwrite(size_t offset, const std::string& bytes) const {
    std::fstream file(Path(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(static_cast<std::streamoff>(offset));
    file << bytes;
  }
  void MakeDatabase() {
    OpenOn(directory_.Url("test.db"));
    CreateRun("r1");
    for (int i = 0; i < 300; ++i) ASSERT_TRUE(Put(MakeDelivery("r1", absl::StrCat("d", i), "f")).ok());
    store_.reset();
  }
  // One line that holds `text`, for a person to act on; and the file is as it was.
  void ExpectRefused(const std::string& text) {
    const std::string before = Content();
    const absl::Status status = OpenError();
    EXPECT_TRUE(absl::IsFailedPrecondition(status)) << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr(text));
    EXPECT_THAT(std::string(status.message()), HasSubstr("test.db"));
    EXPECT_FALSE(absl::StrContains(status.message(), "\n")) << status;
    EXPECT_TRUE(Content() == before);
  }

  TempDirectory directory_;
};

TEST_F(StoreStartTest, AnEmptyFileBecomesOurs) {
  std::ofstream(Path()).flush();
  EXPECT_TRUE(OpenError().ok());
}

TEST_F(StoreStartTest, ADirectoryInItsPlaceIsNamed) {
  std::filesystem::create_directories(Path());
  const absl::Status status = OpenError();
  EXPECT_TRUE(absl::IsFailedPrecondition(status));
  EXPECT_THAT(std::string(status.message()), HasSubstr("test.db is a directory"));
}

TEST_F(StoreStartTest, AShortTextIsNoDatabase) {
  std::ofstream(Path()) << "halo";
  ExpectRefused("is not a SQLite database");
}

// Another program that ended in a hurry: opening its database would finish its work for it.
TEST_F(StoreStartTest, AnotherProgramsUnfinishedDatabaseIsNotTouched) {
  Connection theirs({.path = Path()});
  theirs.ExecuteOnce("PRAGMA journal_mode = WAL");
  theirs.ExecuteOnce("CREATE TABLE theirs (a TEXT)");
  std::filesystem::copy_file(Path(), directory_.File("copy"));
  ExpectRefused("is the database of another program");
  EXPECT_TRUE(std::filesystem::exists(Path() + "-wal"));
}

TEST_F(StoreStartTest, AFileCutShortIsDamaged) {
  MakeDatabase();
  std::filesystem::resize_file(Path(), std::filesystem::file_size(Path()) / 2);
  ExpectRefused("is damaged");
}

TEST_F(StoreStartTest, AnyPageOfRubbishIsFoundAtTheStart) {
  MakeDatabase();
  const std::string whole = Content();
  constexpr size_t kPage = 8192;
  for (size_t page = kPage; page + kPage <= whole.size(); page += kPage) {
    Overwrite(page, std::string(kPage, '\xEE'));
    ExpectRefused("is damaged");
    Overwrite(page, whole.substr(page, kPage));
  }
  EXPECT_TRUE(OpenError().ok());
}

TEST_F(StoreStartTest, ANewerSchemaIsNotTouched) {
  MakeDatabase();
  Connection({.path = Path()}).ExecuteOnce("INSERT INTO schema_migration VALUES (99, 'later', 0)");
  ExpectRefused("start the newer program");
}

}  // namespace
}  // namespace satudata::store
