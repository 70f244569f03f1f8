// What a Lane does, before it sends, about what other processes have to do with its keys.
#include <string>
#include <utility>
#include <variant>

#include "absl/container/flat_hash_map.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "server/sync/lane.h"
#include "tests/unit/server/sync/lane_world.h"

namespace satudata::sync {
namespace {

// A lane with one job that is about to be sent, while other processes have to do with its key.
struct AboutToSend {
  AboutToSend() {
    lane.Add(MakeDelivery("d5", "f1", {{"s.a", "1"}}, now), now);
    job = Claimed();
  }
  SendJob Claimed() {
    lane.Next(now);
    lane.OnClaimed(now);
    return std::get<SendJob>(lane.Next(now));
  }
  bool Yields(const absl::flat_hash_map<std::string, KeyUse>& uses,
              const absl::flat_hash_map<std::string, Baseline>& confirmed = {}) {
    lane.TakeChanges();
    return lane.YieldsToOthers(job.job_id, uses, confirmed, now);
  }
  State StateNow() { return lane.TakeChanges().back().deliveries.back().delivery.state; }

  absl::Time now = absl::FromUnixSeconds(1'800'000'000);
  const TargetTraits traits = {.name = "t", .confirmation = Confirmation::kReadBack, .max_batch_records = 10};
  Lane lane{traits, LaneOptions(), base::SeededUniform(1)};
  SendJob job;
};

TEST(LaneYieldTest, AKeyThatIsFreeElsewhereIsSent) {
  AboutToSend about;
  const Baseline old = {.key = "s.a", .hash = "1", .confirm_time = about.now - absl::Hours(1)};
  EXPECT_FALSE(about.Yields({}, {{"s.a", old}}));
}

TEST(LaneYieldTest, AKeyThatIsInDoubtElsewhereIsWaitedForAsLongAsForAConfirmation) {
  AboutToSend about;
  const absl::Time begin = about.now;
  int looks = 0;
  while (true) {
    ASSERT_TRUE(about.Yields({{"s.a", {"d9", State::kUnknown}}}));
    ++looks;
    if (about.StateNow() == State::kDeferred) break;
    about.now = about.lane.NextTime(about.now);
    about.job = about.Claimed();
  }
  EXPECT_GE(about.now - begin, about.traits.confirm_wait / 2);
  EXPECT_LE(about.now - begin, 2 * about.traits.confirm_wait);
  EXPECT_LE(looks, 12);
}

TEST(LaneYieldTest, OfTwoThatClaimedAKeyAtOnceTheOlderDeliveryLooksAgainSoon) {
  AboutToSend about;
  ASSERT_TRUE(about.Yields({{"s.a", {"d9", State::kSending}}}));
  about.now += absl::Seconds(1);
  about.job = about.Claimed();
  EXPECT_FALSE(about.Yields({}));
  AboutToSend newer;
  ASSERT_TRUE(newer.Yields({{"s.a", {"d1", State::kSending}}}));
  newer.now += absl::Seconds(1);
  EXPECT_TRUE(std::holds_alternative<Idle>(newer.lane.Next(newer.now)));
}

TEST(LaneYieldTest, WhatAnotherProcessConfirmedSinceThePlanIsNotSent) {
  AboutToSend about;
  const std::string hash = MakeDelivery("d5", "f1", {{"s.a", "1"}}, about.now).records[0].hash;
  const Baseline confirmed = {.key = "s.a", .hash = hash, .confirm_time = about.now + absl::Seconds(1)};
  ASSERT_TRUE(about.Yields({}, {{"s.a", confirmed}}));
  about.lane.Next(about.now);
  EXPECT_EQ(about.StateNow(), State::kUnchanged);
}

TEST(LaneYieldTest, WhatAnotherProcessWithdrewSinceThePlanIsRefused) {
  AboutToSend about;
  const Baseline withdrawn = {
      .key = "s.a", .hash = std::string(kWithdrawnHash), .confirm_time = about.now + absl::Seconds(1)};
  ASSERT_TRUE(about.Yields({}, {{"s.a", withdrawn}}));
  about.lane.Next(about.now);
  EXPECT_EQ(about.StateNow(), State::kRejected);
}

}  // namespace
}  // namespace satudata::sync
