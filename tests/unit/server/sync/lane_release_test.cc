// What a lane lets go of when its process stops.
#include <map>
#include <string>
#include <variant>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "server/sync/lane.h"
#include "tests/unit/server/sync/lane_world.h"

namespace satudata::sync {
namespace {

TEST(LaneRelease, WhatIsClaimedAndNotSentIsQueuedAgainWhenAskedTo) {
  const TargetTraits traits = {.name = "t", .confirmation = Confirmation::kResponse, .max_concurrency = 4};
  LaneWorld world(traits, Fates(), /*seed=*/1);
  LaneLife life(traits, world, /*seed=*/1);
  Lane& lane = life.lane();
  const absl::Time now = life.now();
  for (const char* id : {"1", "2", "3"}) {
    lane.Add(MakeDelivery(absl::StrCat("d", id), absl::StrCat("f", id), {{absl::StrCat("k", id), "1"}}, now),
             now);
  }
  ASSERT_TRUE(std::holds_alternative<ClaimJob>(lane.Next(now)));
  lane.OnClaimed(now);
  const Job job = lane.Next(now);
  ASSERT_TRUE(std::holds_alternative<SendJob>(job));
  std::map<std::string, State> states;
  const auto look = [&] {
    for (const Change& change : lane.TakeChanges()) {
      for (const DeliveryChange& item : change.deliveries)
        states[item.delivery.delivery_id] = item.delivery.state;
    }
  };
  look();
  lane.ReleaseUnsent(now);
  look();
  const auto& sent = std::get<SendJob>(job).records;
  ASSERT_EQ(sent.size(), 1U);
  for (const auto& [id, state] : states) {
    EXPECT_EQ(state, "k" + id.substr(1) == sent[0].key ? State::kSending : State::kQueued) << id;
  }
  EXPECT_EQ(states.size(), 3U);
}

}  // namespace
}  // namespace satudata::sync
