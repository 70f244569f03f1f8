#include "tests/simulator/quota.h"

#include "gtest/gtest.h"
#include "tests/fakes/fake_clock.h"

namespace satudata::simulator {
namespace {

int TakeAll(Quota& quota) {
  int taken = 0;
  while (taken < 1000 && !quota.Take().has_value()) ++taken;
  return taken;
}

TEST(Quota, WithoutLimitsTakesEverything) {
  fakes::FakeClock clock;
  Quota quota(clock, {});
  EXPECT_EQ(TakeAll(quota), 1000);
}

TEST(Quota, BucketHoldsItsBurstAndRefillsSteadily) {
  fakes::FakeClock clock;
  Quota quota(clock, {.per_second = 200, .burst = 50});
  EXPECT_EQ(TakeAll(quota), 50);
  clock.Advance(absl::Milliseconds(100));
  EXPECT_EQ(TakeAll(quota), 20);
  clock.Advance(absl::Hours(1));
  EXPECT_EQ(TakeAll(quota), 50);
}

TEST(Quota, BucketDefaultsToAQuarterSecond) {
  fakes::FakeClock clock;
  Quota quota(clock, {.per_second = 200});
  EXPECT_EQ(TakeAll(quota), 50);
}

TEST(Quota, RefusalSaysHowLongAndCostsNothing) {
  fakes::FakeClock clock;
  Quota quota(clock, {.per_second = 10, .burst = 1});
  EXPECT_EQ(quota.Take(), std::nullopt);
  EXPECT_EQ(quota.Take(), absl::Milliseconds(100));
  EXPECT_EQ(quota.Take(), absl::Milliseconds(100));
  clock.Advance(absl::Milliseconds(100));
  EXPECT_EQ(quota.Take(), std::nullopt);
}

TEST(Quota, HalvedWhileItRunsItGivesHalf) {
  fakes::FakeClock clock;
  Quota quota(clock, {.per_second = 200});
  EXPECT_EQ(quota.Take(), std::nullopt);
  quota.SetLimits({.per_second = 100});
  EXPECT_EQ(TakeAll(quota), 25) << "what was saved up beyond the new size is lost";
  clock.Advance(absl::Milliseconds(100));
  EXPECT_EQ(TakeAll(quota), 10);
}

TEST(Quota, MinuteIsAFixedWindow) {
  fakes::FakeClock clock;
  Quota quota(clock, {.per_minute = 10});
  EXPECT_EQ(TakeAll(quota), 10);
  clock.Advance(absl::Seconds(45));
  EXPECT_EQ(quota.Take(), absl::Seconds(15));
  clock.Advance(absl::Seconds(15));
  EXPECT_EQ(TakeAll(quota), 10);
}

}  // namespace
}  // namespace satudata::simulator
