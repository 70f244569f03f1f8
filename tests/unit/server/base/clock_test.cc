#include "server/base/clock.h"

#include "gtest/gtest.h"
#include "tests/fakes/fake_clock.h"

namespace satudata::base {
namespace {

TEST(SystemClock, TellsAWallTimeOfOurDays) {
  SystemClock clock;
  EXPECT_GT(clock.Now(), absl::FromUnixSeconds(1700000000));
}

TEST(SystemClock, NeverGoesBack) {
  SystemClock clock;
  absl::Duration last = clock.Monotonic();
  for (int i = 0; i < 1000; ++i) {
    const absl::Duration next = clock.Monotonic();
    ASSERT_GE(next, last);
    last = next;
  }
}

TEST(FakeClock, StandsStillUntilItIsMoved) {
  fakes::FakeClock clock;
  const absl::Time now = clock.Now();
  const absl::Duration monotonic = clock.Monotonic();
  EXPECT_EQ(clock.Now(), now);
  clock.Advance(absl::Seconds(3));
  EXPECT_EQ(clock.Now(), now + absl::Seconds(3));
  EXPECT_EQ(clock.Monotonic(), monotonic + absl::Seconds(3));
}

TEST(FakeClock, JumpsInWallTimeAlone) {
  fakes::FakeClock clock;
  const absl::Duration monotonic = clock.Monotonic();
  clock.SetWallTime(absl::UnixEpoch());
  EXPECT_EQ(clock.Now(), absl::UnixEpoch());
  EXPECT_EQ(clock.Monotonic(), monotonic);
}

}  // namespace
}  // namespace satudata::base
