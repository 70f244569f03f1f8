// A lane whose target is paused: nothing goes, nobody waits, and all goes on when the pause ends.
#include <string>
#include <utility>
#include <variant>

#include "gtest/gtest.h"
#include "server/sync/lane.h"
#include "tests/unit/server/sync/lane_world.h"

namespace satudata::sync {
namespace {

using catalog::Reason;

TargetTraits ResponseTraits() {
  return {.name = "t", .confirmation = Confirmation::kResponse, .max_concurrency = 4};
}

TEST(LanePauseTest, RefusedCredentialsPauseTheTargetAndDeferItsDeliveries) {
  const TargetTraits traits = ResponseTraits();
  Lane lane(traits, LaneOptions(), base::SeededUniform(1));
  const absl::Time now = absl::FromUnixSeconds(1'800'000'000);
  lane.Add(MakeDelivery("d1", "f1", {{"a", "1"}}, now), now);
  lane.Add(MakeDelivery("d2", "f2", {{"b", "1"}}, now), now);
  lane.Next(now);
  lane.OnClaimed(now);
  const Job job = lane.Next(now);
  SendResult result;
  result.verdict = {.kind = VerdictKind::kUnauthorized,
                    .effect = Effect::kNone,
                    .failure = {.reason = Reason::kCredentialsRefused},
                    .needs_operator = true};
  lane.OnSent(std::get<SendJob>(job).job_id, result, now);
  EXPECT_TRUE(lane.control().paused());
  EXPECT_EQ(lane.UnsettledCount("run"), 0) << "the run does not wait ten minutes for an operator";
  EXPECT_TRUE(std::holds_alternative<Idle>(lane.Next(now)));
  EXPECT_FALSE(std::holds_alternative<Idle>(lane.Next(now + absl::Minutes(11))))
      << "it is tried again by itself";
}

TEST(LanePauseTest, WhatWaitedForAPausedTargetIsDueAsSoonAsItIsResumed) {
  const TargetTraits traits = ResponseTraits();
  Lane lane(traits, LaneOptions(), base::SeededUniform(1));
  const absl::Time now = absl::FromUnixSeconds(1'800'000'000);
  lane.Pause({.kind = PauseKind::kByOperator, .failure = {.reason = Reason::kTargetPaused}}, now);
  lane.Add(MakeDelivery("d1", "f1", {{"a", "1"}}, now), now);
  LaneDelivery deferred = MakeDelivery("d2", "f2", {{"b", "1"}}, now);
  deferred.delivery.state = State::kDeferred;
  deferred.records[0].state = State::kDeferred;
  lane.Add(std::move(deferred), now);
  EXPECT_TRUE(std::holds_alternative<Idle>(lane.Next(now)));
  EXPECT_EQ(lane.NextTime(now), absl::InfiniteFuture());
  lane.Resume(now);
  EXPECT_EQ(lane.NextTime(now), now);
  EXPECT_TRUE(std::holds_alternative<ClaimJob>(lane.Next(now)));
}

TEST(LanePauseTest, ANewCredentialEndsThePause) {
  const TargetTraits traits = ResponseTraits();
  Lane lane(traits, LaneOptions(), base::SeededUniform(1));
  const absl::Time now = absl::FromUnixSeconds(1'800'000'000);
  lane.Add(MakeDelivery("d1", "f1", {{"a", "1"}}, now), now);
  lane.Next(now);
  lane.OnClaimed(now);
  SendResult result;
  result.verdict = {.kind = VerdictKind::kUnauthorized,
                    .effect = Effect::kNone,
                    .failure = {.reason = Reason::kCredentialsRefused},
                    .needs_operator = true};
  lane.OnSent(std::get<SendJob>(lane.Next(now)).job_id, result, now);
  ASSERT_TRUE(std::holds_alternative<Idle>(lane.Next(now)));
  lane.OnCredentialsChanged(now + absl::Seconds(1));
  ASSERT_TRUE(std::holds_alternative<ProbeJob>(lane.Next(now + absl::Seconds(1))));
  lane.OnProbed({.healthy = true}, now + absl::Seconds(1));
  EXPECT_TRUE(std::holds_alternative<ClaimJob>(lane.Next(now + absl::Seconds(1))));
}

}  // namespace
}  // namespace satudata::sync
