#include "server/sync/stored_times.h"

#include <optional>

#include "gtest/gtest.h"

namespace satudata::sync {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1'700'000'000);

LaneDelivery Stored(State state, absl::Time send_time) {
  LaneDelivery item;
  item.delivery.state = state;
  item.records.push_back({.key = "k", .state = state, .send_time = send_time});
  return item;
}

TEST(StoredTimes, AClockSetForwardProvesNothingAboutWhatIsInDoubt) {
  LaneDelivery item = Stored(State::kUnknown, kNow - absl::Hours(72));
  AdoptTimes(kNow, item);
  EXPECT_EQ(item.records[0].send_time, kNow);
}

TEST(StoredTimes, AClockSetBackHoldsNothingUp) {
  LaneDelivery doubted = Stored(State::kUnknown, kNow + absl::Hours(5));
  AdoptTimes(kNow, doubted);
  EXPECT_EQ(doubted.records[0].send_time, kNow);

  LaneDelivery accepted = Stored(State::kAccepted, kNow + absl::Hours(5));
  accepted.records[0].accept_time = kNow + absl::Hours(5);
  AdoptTimes(kNow, accepted);
  EXPECT_EQ(accepted.records[0].send_time, kNow);
  EXPECT_EQ(accepted.records[0].accept_time, kNow);

  LaneDelivery deferred = Stored(State::kDeferred, kNow);
  deferred.delivery.next_attempt_time = kNow + absl::Hours(24 * 365);
  AdoptTimes(kNow, deferred);
  EXPECT_EQ(deferred.delivery.next_attempt_time, kNow + absl::Hours(24));
}

TEST(StoredTimes, WhatIsPlausibleStays) {
  LaneDelivery deferred = Stored(State::kDeferred, kNow - absl::Hours(1));
  deferred.delivery.next_attempt_time = kNow + absl::Hours(5);
  AdoptTimes(kNow, deferred);
  EXPECT_EQ(deferred.delivery.next_attempt_time, kNow + absl::Hours(5));
  EXPECT_EQ(deferred.records[0].send_time, kNow - absl::Hours(1));
  EXPECT_EQ(deferred.records[0].accept_time, std::nullopt);
}

}  // namespace
}  // namespace satudata::sync
