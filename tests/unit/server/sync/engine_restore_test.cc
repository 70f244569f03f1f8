// A database that was restored from a backup: the targets have seen more than it knows of.
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/store/store_tools.h"
#include "tests/unit/server/sync/engine_fixture.h"

namespace satudata::sync {
namespace {

constexpr char kKey[] = "9901.1.01.000001.2024";

// Holds up requests until it is opened.
class Gate {
 public:
  std::optional<SendResult> Pass() {
    base::MutexLock lock(&mu_);
    ++callers_;
    changed_.SignalAll();
    while (!open_) changed_.Wait(&mu_);
    return std::nullopt;
  }
  void AwaitCallers(int count) {
    base::MutexLock lock(&mu_);
    while (callers_ < count) changed_.Wait(&mu_);
  }
  void Open() {
    base::MutexLock lock(&mu_);
    open_ = true;
    changed_.SignalAll();
  }

 private:
  base::Mutex mu_;
  base::CondVar changed_;
  int callers_ ABSL_GUARDED_BY(mu_) = 0;
  bool open_ ABSL_GUARDED_BY(mu_) = false;
};

class EngineRestoreTest : public EngineTest {
 protected:
  ~EngineRestoreTest() override { Close(); }  // Its targets' callbacks stand on what is here.
  std::string Database() const { return (directory_ / "test.db").string(); }
  std::string Backup() const { return (directory_ / "backup.db").string(); }

  void Save() {
    const auto report = store::BackUp("sqlite:///" + Database(), Backup(), [] { return false; });
    ASSERT_FALSE(report.trouble.has_value()) << report.trouble->detail;
  }
  // As an operator does it.
  void Restore() {
    Close();
    std::filesystem::remove(Database() + "-wal");
    std::filesystem::remove(Database() + "-shm");
    std::filesystem::copy_file(Backup(), Database(), std::filesystem::copy_options::overwrite_existing);
    const auto report = store::MarkRestored("sqlite:///" + Database(), clock_.Now());
    ASSERT_FALSE(report.trouble.has_value()) << report.trouble->detail;
    Open();
  }
  void Import3(const std::string& first_value) {
    Import({MakeFile("f1", {{"1.01.000001", first_value}}), MakeFile("f2", {{"1.01.000002", "5"}}),
            MakeFile("f3", {})});
  }
  // A run of so many files, of which a backup is made while some are on their way and some are not; as it
  // ended.
  sync::Run SaveInTheMiddle(int files) {
    splp_->on_send = sipd_->on_send = [this](absl::Span<const OutboundRecord>) { return gate_.Pass(); };
    for (int i = 0; i < files; ++i) {
      Import({MakeFile(absl::StrCat("g", i), {{absl::StrCat("1.01.", 100 + i), absl::StrCat(i)}})});
    }
    const auto run = engine_->StartRun(All());
    EXPECT_TRUE(run.ok()) << run.status();
    gate_.AwaitCallers(2);
    Save();
    gate_.Open();
    return std::get<sync::Run>(WatchToTheEnd(run->run_id).back().event);
  }
  int Sends() const { return splp_->sends + sipd_->sends; }
  int NeedlessEffects() const { return splp_->needless_second_effects + sipd_->needless_second_effects; }

  Gate gate_;
  Gate read_gate_;
};

TEST_F(EngineRestoreTest, WhatWasConfirmedAfterTheBackupIsNotSentTwice) {
  Import3("1");
  RunToTheEnd(All());
  Save();
  Import3("2");
  Import({MakeFile("f4", {{"1.01.000004", "7"}})});
  EXPECT_EQ(RunToTheEnd(All()).state, RunState::kSucceeded);
  Restore();
  Import3("2");
  Import({MakeFile("f4", {{"1.01.000004", "7"}})});
  const int sends = Sends();
  EXPECT_EQ(RunToTheEnd(All()).state, RunState::kSucceeded);
  EXPECT_EQ(Sends(), sends);
  EXPECT_EQ(NeedlessEffects(), 0);
}

TEST_F(EngineRestoreTest, WhatWasSeenIsProvenAndNotReadAgain) {
  Import3("1");
  RunToTheEnd(All());
  Save();
  Restore();
  EXPECT_EQ(RunToTheEnd(All()).state, RunState::kSucceeded);
  EXPECT_GE(splp_->reads, 3);
  const int reads = splp_->reads + sipd_->reads;
  const int sends = Sends();
  Close();
  Open();
  EXPECT_EQ(RunToTheEnd(All()).state, RunState::kSucceeded);
  EXPECT_EQ(splp_->reads + sipd_->reads, reads);
  EXPECT_EQ(Sends(), sends);
}

TEST_F(EngineRestoreTest, WhatTheTargetHoldsOtherwiseIsSent) {
  Import3("1");
  RunToTheEnd(All());
  Save();
  sipd_->Put(kKey, "9", /*final=*/false);
  Restore();
  EXPECT_EQ(RunToTheEnd(All()).state, RunState::kSucceeded);
  EXPECT_EQ(sipd_->Held(kKey), "1");
  EXPECT_EQ(NeedlessEffects(), 0);
}

TEST_F(EngineRestoreTest, QueuedWorkOfTheBackupLooksBeforeItSends) {
  constexpr int kFiles = 40;
  const sync::Run run = SaveInTheMiddle(kFiles);
  EXPECT_EQ(run.state, RunState::kSucceeded);
  EXPECT_EQ(splp_->HeldCount() + sipd_->HeldCount(), 2u * kFiles);
  const int sends = Sends();
  Restore();
  const sync::Run again = std::get<sync::Run>(WatchToTheEnd(run.run_id).back().event);
  EXPECT_EQ(again.state, RunState::kSucceeded);
  EXPECT_EQ(again.Counts()[State::kConfirmed] + again.Counts()[State::kUnchanged], 2 * kFiles);
  EXPECT_EQ(Sends(), sends);
  EXPECT_EQ(NeedlessEffects(), 0);
}

TEST_F(EngineRestoreTest, AForcedSyncAfterwardsSends) {
  Import({MakeFile("f3", {})});
  RunToTheEnd(All({"splp"}));
  Save();
  Restore();
  SyncRequest forced = One("f3", {"splp"});
  forced.force = true;
  const int sends = splp_->sends;
  EXPECT_EQ(RunToTheEnd(forced).state, RunState::kSucceeded);
  EXPECT_EQ(splp_->sends, sends + 1);
}

TEST_F(EngineRestoreTest, ACursorFromAfterTheBackupIsOutOfRangeAndALostRunIsNotFound) {
  const sync::Run run = SaveInTheMiddle(/*files=*/4);
  const sync::Run later = RunToTheEnd(One("g0"));
  Close();
  // The run goes on, but not so far.
  splp_->on_read = sipd_->on_read = [this](absl::string_view) {
    read_gate_.Pass();
    return std::optional<ReadResult>();
  };
  Restore();
  const absl::Status ahead = engine_->Watch(run.run_id, run.last_sequence).status();
  read_gate_.Open();
  EXPECT_EQ(ahead.code(), absl::StatusCode::kOutOfRange);
  EXPECT_EQ(catalog::FailureOf(ahead).reason, catalog::Reason::kSequenceOutOfRange);
  EXPECT_EQ(engine_->Watch(later.run_id, 0).status().code(), absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace satudata::sync
