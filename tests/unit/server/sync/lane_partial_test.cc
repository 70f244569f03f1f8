// Records of several parts: what a target holds of them when a request got through half way, and refusals
// that are not the target's.
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/unit/server/sync/lane_world.h"

namespace satudata::sync {
namespace {

constexpr absl::Time kStart = absl::FromUnixSeconds(1'800'000'000);

TargetTraits Traits() {
  return {.name = "t",
          .confirmation = Confirmation::kReadBack,
          .max_concurrency = 4,
          .request_deadline = absl::Seconds(30),
          .settle_time = absl::Seconds(60)};
}

struct LanePartialTest : testing::Test {
  LanePartialTest() : lane(traits, LaneOptions(), base::SeededUniform(1)) {}

  // The next job of that kind; what is to be stored meanwhile goes to `changes`.
  template <typename Wanted>
  Wanted Await() {
    while (true) {
      Job job = lane.Next(now);
      Collect();
      if (auto* wanted = std::get_if<Wanted>(&job)) return *wanted;
      if (std::holds_alternative<ClaimJob>(job)) {
        lane.OnClaimed(now);
      } else if (const auto* read = std::get_if<ReadJob>(&job)) {
        lane.OnRead(read->scope, Nothing(read->scope), now);
      } else {
        now = std::get<Idle>(job).until;
      }
      Collect();
    }
  }
  ReadResult Nothing(const std::string& scope) const {
    ReadResult result{.observation = Observation{.scope = scope, .start_time = now}};
    result.verdict.kind = VerdictKind::kJudged;
    return result;
  }
  void Collect() {
    for (Change& change : lane.TakeChanges()) changes.push_back(std::move(change));
  }
  std::vector<Baseline> Baselines() const {
    std::vector<Baseline> all;
    for (const Change& change : changes)
      all.insert(all.end(), change.baselines.begin(), change.baselines.end());
    return all;
  }

  const TargetTraits traits = Traits();
  absl::Time now = kStart;
  Lane lane;
  std::vector<Change> changes;
};

// The title was changed and the file was not yet there when the connection broke. Had the baseline stayed, a
// change back to the former value would pass for no change at all.
TEST_F(LanePartialTest, WhatIsNoLongerHeldIsNoBaseline) {
  LaneDelivery item = MakeDelivery("d1", "f1", {{"a", "2"}}, now);
  item.records.front().previous_hash = "h1";
  item.records.front().previous_value = "1";
  lane.Add(std::move(item), now);
  const SendJob first = Await<SendJob>();
  lane.OnSent(first.job_id, {.verdict = {.kind = VerdictKind::kOutage, .effect = Effect::kPossible}}, now);
  Await<SendJob>();
  ASSERT_EQ(Baselines().size(), 1U);
  EXPECT_EQ(Baselines().front().key, "a");
  EXPECT_EQ(Baselines().front().hash, "");
}

TEST_F(LanePartialTest, WhatWasNeverHeldLeavesNoBaseline) {
  lane.Add(MakeDelivery("d1", "f1", {{"a", "2"}}, now), now);
  const SendJob first = Await<SendJob>();
  lane.OnSent(first.job_id, {.verdict = {.kind = VerdictKind::kOutage, .effect = Effect::kPossible}}, now);
  Await<SendJob>();
  EXPECT_TRUE(Baselines().empty());
}

struct RefusalTest : LanePartialTest, testing::WithParamInterface<bool> {};

TEST_P(RefusalTest, IsRememberedOnlyIfItWillLast) {
  lane.Add(MakeDelivery("d1", "f1", {{"a", "2"}}, now), now);
  const SendJob job = Await<SendJob>();
  SendResult result{.verdict = {.kind = VerdictKind::kJudged}};
  result.verdict.records = {{.ruling = Ruling::kRejected,
                             .failure = {.reason = catalog::Reason::kContentMissing},
                             .is_lasting = GetParam()}};
  lane.OnSent(job.job_id, result, now);
  Collect();
  size_t refusals = 0;
  for (const Change& change : changes) refusals += change.refusals.size();
  EXPECT_EQ(refusals, GetParam() ? 1U : 0U);
  EXPECT_EQ(changes.back().deliveries.back().delivery.state, State::kRejected);
}

INSTANTIATE_TEST_SUITE_P(Kinds, RefusalTest, testing::Bool());

}  // namespace
}  // namespace satudata::sync
