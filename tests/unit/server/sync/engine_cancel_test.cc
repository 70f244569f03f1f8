// What CancelRun promises: quick, durable, and truthful about what was on its way.
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/unit/server/sync/engine_fixture.h"

namespace satudata::sync {
namespace {

using catalog::Reason;

// Far below every deadline that could end these waits otherwise.
constexpr absl::Duration kQuick = absl::Seconds(10);

class EngineCancelTest : public EngineTest {
 protected:
  // A SyncAll to splp whose first requests hang.
  std::string StartHanging(int files) {
    Import(MakeFiles(files));
    splp_->hangs = true;
    const auto run = engine_->StartRun(All({"splp"}));
    EXPECT_TRUE(run.ok()) << run.status();
    splp_->AwaitHanging(splp_->traits().max_concurrency);
    return run->run_id;
  }
  // What the process leaves that is killed right after a CancelRun was answered.
  void MarkCancelled(const std::string& run_id) {
    ASSERT_TRUE(store_->Commit({.run_id = run_id, .run_stop = RunStop{.time = clock_.Now()}}).ok());
  }
  sync::Run Stored(const std::string& run_id) { return *store_->GetRun(run_id); }
};

TEST_F(EngineCancelTest, StopsRequestsThatHangAndReadsThemBack) {
  splp_->hanging_applies = true;
  const std::string run_id = StartHanging(20);
  const absl::Duration begin = clock_.Monotonic();
  ASSERT_TRUE(engine_->CancelRun(run_id).ok());
  const sync::Run ended = std::get<sync::Run>(WatchToTheEnd(run_id).back().event);
  EXPECT_LT(clock_.Monotonic() - begin, kQuick);
  EXPECT_EQ(ended.state, RunState::kCancelled);
  EXPECT_EQ(ended.Counts()[State::kCancelled], 16);
  observer_.Await(20);  // The four that were on their way are found at the target.
  EXPECT_EQ(Stored(run_id).Counts()[State::kConfirmed], 4);
  EXPECT_EQ(Stored(run_id).state, RunState::kCancelled);
  EXPECT_EQ(splp_->sends, 4);
  EXPECT_EQ(engine_->CancelRun(run_id).status().code(), absl::StatusCode::kFailedPrecondition);
}

TEST_F(EngineCancelTest, WhatTurnsOutNotToHaveArrivedIsCancelledAndNotSentAgain) {
  const std::string run_id = StartHanging(4);
  ASSERT_TRUE(engine_->CancelRun(run_id).ok());
  splp_->hangs = false;
  WatchToTheEnd(run_id);
  observer_.Await(4);
  EXPECT_EQ(Stored(run_id).Counts()[State::kCancelled], 4);
  EXPECT_EQ(splp_->sends, 4);
  EXPECT_EQ(splp_->HeldCount(), 0U);
}

TEST_F(EngineCancelTest, TheNextProcessFinishesACancel) {
  splp_->hanging_applies = true;
  const std::string run_id = StartHanging(20);
  MarkCancelled(run_id);
  Close();
  splp_->hangs = false;
  splp_->aborted = false;
  Open();
  const sync::Run ended = std::get<sync::Run>(WatchToTheEnd(run_id).back().event);
  EXPECT_EQ(ended.state, RunState::kCancelled);
  observer_.Await(20);
  EXPECT_EQ(Stored(run_id).Counts()[State::kCancelled], 16);
  EXPECT_EQ(Stored(run_id).Counts()[State::kConfirmed], 4);
  EXPECT_EQ(splp_->sends, 4) << "nothing is sent after the cancel";
}

TEST_F(EngineCancelTest, TheNextProcessFinishesACancelOfARunThatWasBeingPlanned) {
  Import(MakeFiles(3));
  const sync::Run run{
      .run_id = "r1", .request = All({"splp"}), .create_time = clock_.Now(), .stop_time = clock_.Now()};
  ASSERT_TRUE(store_->CreateRun({run, "x"}).ok());
  Close();
  Open();
  EXPECT_EQ(std::get<sync::Run>(WatchToTheEnd("r1").back().event).state, RunState::kCancelled);
  EXPECT_EQ(splp_->sends, 0);
}

TEST_F(EngineCancelTest, EndsWhatAnEndedRunLeftDeferred) {
  Import(MakeFiles(3));
  splp_->on_send = [](absl::Span<const OutboundRecord>) { return ComeBackLater(); };
  const sync::Run run = RunToTheEnd(All({"splp"}));
  ASSERT_EQ(run.OpenCount(), 3);
  const auto cancelled = engine_->CancelRun(run.run_id);
  ASSERT_TRUE(cancelled.ok()) << cancelled.status();
  observer_.Await(3);
  EXPECT_EQ(Stored(run.run_id).Counts()[State::kCancelled], 3);
  EXPECT_EQ(Stored(run.run_id).state, run.state) << "how it ended stays as it was";
  const auto again = engine_->CancelRun(run.run_id);
  EXPECT_EQ(again.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(catalog::FailureOf(again.status()).reason, Reason::kNothingOpen);
  EXPECT_EQ(catalog::FailureOf(again.status()).args.at("state"), "FAILED");
}

TEST_F(EngineCancelTest, TheNextProcessEndsWhatACancelledEndedRunLeftDeferred) {
  Import(MakeFiles(3));
  splp_->on_send = [](absl::Span<const OutboundRecord>) { return ComeBackLater(); };
  const sync::Run run = RunToTheEnd(All({"splp"}));
  MarkCancelled(run.run_id);
  Close();
  Open();
  observer_.Await(3);
  EXPECT_EQ(Stored(run.run_id).Counts()[State::kCancelled], 3);
  EXPECT_EQ(splp_->sends, 3);
}

TEST_F(EngineCancelTest, DoesNotWaitForAPlanThatWaitsForItsTarget) {
  Import({MakeFile("a", {{"1.01.000001", "1"}})});
  Signal reading;
  Signal go;
  sipd_->on_read = [&](absl::string_view) -> std::optional<ReadResult> {
    reading.Raise();
    go.Wait();
    return std::nullopt;
  };
  const auto run = engine_->StartRun(All({"sipd"}));
  ASSERT_TRUE(run.ok());
  ASSERT_TRUE(reading.Wait());
  const absl::Duration begin = clock_.Monotonic();
  ASSERT_TRUE(engine_->CancelRun(run->run_id).ok());
  EXPECT_EQ(std::get<sync::Run>(WatchToTheEnd(run->run_id).back().event).state, RunState::kCancelled);
  EXPECT_LT(clock_.Monotonic() - begin, kQuick);
  EXPECT_EQ(sipd_->sends, 0);
  go.OpenForGood();
  Close();  // The read ends before what it waits for does.
}

TEST_F(EngineCancelTest, OfOneRunLeavesTheRequestsOfAnotherAlone) {
  Import(MakeFiles(2));
  splp_->hangs = true;
  const auto first = engine_->StartRun(One("f100", {"splp"}));
  const auto second = engine_->StartRun(One("f101", {"splp"}));
  ASSERT_TRUE(first.ok() && second.ok());
  splp_->AwaitHanging(2);
  ASSERT_TRUE(engine_->CancelRun(first->run_id).ok());
  WatchToTheEnd(first->run_id);
  EXPECT_EQ(Stored(second->run_id).Counts()[State::kSending], 1);
}

}  // namespace
}  // namespace satudata::sync
