#include "server/sync/state.h"

#include <initializer_list>
#include <utility>

#include "gtest/gtest.h"
#include "server/sync/run.h"

namespace satudata::sync {
namespace {

StateCounts Counts(std::initializer_list<std::pair<State, int64_t>> items) {
  StateCounts counts;
  for (const auto& [state, count] : items) counts[state] = count;
  return counts;
}

TEST(StateTest, NamesRoundTrip) {
  for (int i = 0; i < kStateCount; ++i) {
    const State state = static_cast<State>(i);
    EXPECT_EQ(ParseState(StateName(state)), state);
  }
  EXPECT_FALSE(ParseState("DONE").has_value());
}

TEST(StateTest, EveryStateIsFinalOrOpenOrOnItsWay) {
  for (int i = 0; i < kStateCount; ++i) {
    const State state = static_cast<State>(i);
    const bool moving = state == State::kQueued || state == State::kSending;
    EXPECT_EQ(IsFinal(state) + IsOpen(state) + moving, 1) << StateName(state);
  }
}

TEST(StateTest, NobodyNeedActOnWhatGoesWellOrWasLeftOutOnPurpose) {
  for (const State state : {State::kQueued, State::kSending, State::kAccepted, State::kConfirmed,
                            State::kUnchanged, State::kSkipped, State::kCancelled}) {
    EXPECT_FALSE(IsSomebodysTurn(state)) << StateName(state);
  }
  for (const State state :
       {State::kRejected, State::kPartial, State::kUnknown, State::kDeferred, State::kParked}) {
    EXPECT_TRUE(IsSomebodysTurn(state)) << StateName(state);
  }
}

TEST(SumRecordsTest, WhatIsStillMovingDecides) {
  EXPECT_EQ(SumRecords(Counts({{State::kSending, 1}, {State::kUnknown, 1}, {State::kConfirmed, 9}})),
            State::kSending);
  EXPECT_EQ(SumRecords(Counts({{State::kUnknown, 1}, {State::kDeferred, 1}})), State::kUnknown);
  EXPECT_EQ(SumRecords(Counts({{State::kDeferred, 1}, {State::kAccepted, 1}})), State::kDeferred);
  EXPECT_EQ(SumRecords(Counts({{State::kAccepted, 1}, {State::kQueued, 1}})), State::kAccepted);
  EXPECT_EQ(SumRecords(Counts({{State::kQueued, 1}, {State::kRejected, 5}})), State::kQueued);
}

TEST(SumRecordsTest, UnchangedCountsAsConfirmed) {
  EXPECT_EQ(SumRecords(Counts({{State::kUnchanged, 2}})), State::kUnchanged);
  EXPECT_EQ(SumRecords(Counts({{State::kUnchanged, 2}, {State::kConfirmed, 1}})), State::kConfirmed);
}

TEST(SumRecordsTest, FinalStatesThatDifferArePartial) {
  EXPECT_EQ(SumRecords(Counts({{State::kRejected, 2}, {State::kConfirmed, 1}})), State::kPartial);
  EXPECT_EQ(SumRecords(Counts({{State::kRejected, 2}})), State::kRejected);
  EXPECT_EQ(SumRecords(Counts({{State::kParked, 1}, {State::kCancelled, 1}})), State::kPartial);
}

TEST(SumDeliveriesTest, SucceededMeansAllOfIt) {
  EXPECT_EQ(SumDeliveries(Counts({})), RunState::kSucceeded);
  EXPECT_EQ(SumDeliveries(Counts({{State::kConfirmed, 1}, {State::kUnchanged, 5}, {State::kSkipped, 2}})),
            RunState::kSucceeded);
  EXPECT_EQ(SumDeliveries(Counts({{State::kConfirmed, 99}, {State::kAccepted, 1}})), RunState::kPartial);
  EXPECT_EQ(SumDeliveries(Counts({{State::kConfirmed, 99}, {State::kUnknown, 1}})), RunState::kPartial);
}

TEST(SumDeliveriesTest, FailedMeansNothingArrived) {
  EXPECT_EQ(SumDeliveries(Counts({{State::kRejected, 3}, {State::kSkipped, 2}, {State::kUnchanged, 4}})),
            RunState::kFailed);
  EXPECT_EQ(SumDeliveries(Counts({{State::kDeferred, 3}})), RunState::kFailed);
  EXPECT_EQ(SumDeliveries(Counts({{State::kRejected, 3}, {State::kConfirmed, 1}})), RunState::kPartial);
  EXPECT_EQ(SumDeliveries(Counts({{State::kRejected, 3}, {State::kAccepted, 1}})), RunState::kPartial);
}

TEST(RunTest, WhatAnEndedRunHasOnItsWayAgainIsOpen) {
  sync::Run run;
  run.counts["splp"][State::kQueued] = 1;
  run.counts["splp"][State::kSending] = 2;
  run.counts["sipd"][State::kDeferred] = 4;
  run.state = RunState::kRunning;
  EXPECT_EQ(run.OpenCount(), 4);
  run.state = RunState::kPartial;
  EXPECT_EQ(run.OpenCount(), 7);
}

}  // namespace
}  // namespace satudata::sync
