#include "server/sync/run_log.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace satudata::sync {
namespace {

constexpr absl::Time kNow = absl::FromUnixSeconds(1'800'000'000);

sync::Run MakeRun(RunKind kind = RunKind::kSyncAll) {
  return {.run_id = "r", .request = {.kind = kind, .targets = {"splp"}}, .state = RunState::kRunning};
}

Change Step(int64_t sequence, State previous, State state) {
  Change change{.run_id = "r"};
  change.deliveries.push_back(
      {{.delivery_id = absl::StrCat("d", sequence), .target = "splp", .state = state, .sequence = sequence},
       previous});
  return change;
}

TEST(RunLogTest, CountsFollowTheCommits) {
  RunLog log(MakeRun());
  Change planned{.run_id = "r", .unchanged = {{"splp", 5}}, .planned_targets = {"splp"}};
  planned.deliveries.push_back({{.delivery_id = "d", .target = "splp", .sequence = 1}, std::nullopt});
  log.OnCommitted(planned, kNow);
  log.OnCommitted(Step(2, State::kQueued, State::kConfirmed), kNow);
  const sync::Run run = log.Snapshot();
  EXPECT_EQ(run.counts.at("splp")[State::kUnchanged], 5);
  EXPECT_EQ(run.counts.at("splp")[State::kConfirmed], 1);
  EXPECT_EQ(run.counts.at("splp")[State::kQueued], 0);
  EXPECT_EQ(run.last_sequence, 2);
  EXPECT_TRUE(log.Planned().at("splp"));
}

TEST(RunLogTest, BulkRunsTellRestingStatesSingleOnesTellAll) {
  RunLog bulk(MakeRun());
  bulk.OnCommitted(Step(1, State::kQueued, State::kSending), kNow);
  bulk.OnCommitted(Step(2, State::kSending, State::kAccepted), kNow);
  bulk.OnCommitted(Step(3, State::kAccepted, State::kConfirmed), kNow);
  EXPECT_EQ(bulk.ReadAfter(0, 10).events.size(), 2U);
  RunLog single(MakeRun(RunKind::kSyncFile));
  single.OnCommitted(Step(1, State::kQueued, State::kSending), kNow);
  EXPECT_EQ(single.ReadAfter(0, 10).events.size(), 1U);
}

TEST(RunLogTest, AReaderThatFellBehindIsSentToTheStore) {
  RunLog log(MakeRun(), /*capacity=*/4);
  for (int64_t i = 1; i <= 10; ++i) log.OnCommitted(Step(i, State::kSending, State::kConfirmed), kNow);
  const RunLog::Tail behind = log.ReadAfter(3, 100);
  EXPECT_TRUE(behind.behind);
  EXPECT_EQ(behind.dropped_sequence, 6);
  const RunLog::Tail tail = log.ReadAfter(6, 100);
  EXPECT_FALSE(tail.behind);
  ASSERT_EQ(tail.events.size(), 4U);
  EXPECT_EQ(tail.events.front().sequence, 7);
}

TEST(RunLogTest, EndsOnlyAfterTheLastEvent) {
  RunLog log(MakeRun());
  log.OnCommitted(Step(1, State::kSending, State::kConfirmed), kNow);
  EXPECT_FALSE(log.ReadAfter(1, 10).ended);
  Change end{.run_id = "r", .run_state = RunStateChange{RunState::kRunning, RunState::kSucceeded, {}, 2}};
  log.OnCommitted(end, kNow);
  EXPECT_FALSE(log.ReadAfter(0, 1).ended);
  EXPECT_TRUE(log.ReadAfter(0, 10).ended);
  EXPECT_TRUE(log.ReadAfter(2, 10).ended);
}

TEST(RunLogTest, WakersAreCalledUntilTheyUnsubscribe) {
  RunLog log(MakeRun());
  int calls = 0;
  const int64_t subscription = log.Subscribe([&] { ++calls; });
  log.OnCommitted(Step(1, State::kSending, State::kConfirmed), kNow);
  log.Unsubscribe(subscription);
  log.OnCommitted(Step(2, State::kSending, State::kConfirmed), kNow);
  EXPECT_EQ(calls, 1);
}

// A run that others write as well is read from the store.

RunEvent Seen(int64_t sequence, State state) {
  return {"r", sequence, kNow,
          Delivery{.delivery_id = absl::StrCat("d", sequence),
                   .target = "splp",
                   .state = state,
                   .sequence = sequence}};
}

TEST(RunLogTest, WhatIsReadOfARunOfOthersComesInOrderAndOnce) {
  sync::Run run = MakeRun();
  run.state = RunState::kQueued;
  RunLog log(run);
  run.state = RunState::kRunning;
  run.start_time = kNow;
  run.last_sequence = 4;
  for (int look = 0; look < 2; ++look) {
    log.OnStartSeen(run);
    if (look == 0)
      log.OnEventsSeen({Seen(2, State::kConfirmed), Seen(3, State::kQueued), Seen(4, State::kRejected)}, 4);
    log.OnSeen(run, {"splp"}, kNow);
  }
  EXPECT_EQ(log.last_sequence(), 4);
  EXPECT_TRUE(log.Planned().at("splp"));
  RunLog::Tail tail = log.ReadAfter(0, 10);
  ASSERT_EQ(tail.events.size(), 3U) << "its start, and two deliveries at rest";
  EXPECT_EQ(std::get<RunStateChange>(tail.events[0].event).current, RunState::kRunning);
  EXPECT_EQ(tail.events[1].sequence, 2);
  EXPECT_EQ(tail.events[2].sequence, 4);
  EXPECT_FALSE(tail.ended);

  run.state = RunState::kPartial;
  run.end_time = kNow;
  run.last_sequence = 5;
  log.OnEventsSeen({}, 5);
  log.OnSeen(run, {"splp"}, kNow);
  tail = log.ReadAfter(4, 10);
  ASSERT_EQ(tail.events.size(), 1U);
  EXPECT_EQ(std::get<RunStateChange>(tail.events[0].event).current, RunState::kPartial);
  EXPECT_TRUE(tail.ended);
  EXPECT_TRUE(log.HasEnded());
}

}  // namespace
}  // namespace satudata::sync
