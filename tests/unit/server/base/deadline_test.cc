#include "server/base/deadline.h"

#include "gtest/gtest.h"
#include "server/base/stop.h"
#include "tests/fakes/fake_clock.h"

namespace satudata::base {
namespace {

using fakes::FakeClock;

TEST(Deadline, CountsDownToZeroAndStaysThere) {
  FakeClock clock;
  const Deadline deadline = Deadline::After(clock, absl::Seconds(5));
  EXPECT_EQ(deadline.Remaining(), absl::Seconds(5));
  clock.Advance(absl::Seconds(4));
  EXPECT_EQ(deadline.Remaining(), absl::Seconds(1));
  EXPECT_FALSE(deadline.Passed());
  clock.Advance(absl::Seconds(1));
  EXPECT_TRUE(deadline.Passed());
  clock.Advance(absl::Hours(1));
  EXPECT_EQ(deadline.Remaining(), absl::ZeroDuration());
}

TEST(Deadline, IgnoresAWallClockThatJumps) {
  FakeClock clock;
  const Deadline deadline = Deadline::After(clock, absl::Seconds(5));
  clock.SetWallTime(clock.Now() + absl::Hours(24));
  EXPECT_EQ(deadline.Remaining(), absl::Seconds(5));
  clock.SetWallTime(clock.Now() - absl::Hours(48));
  EXPECT_EQ(deadline.Remaining(), absl::Seconds(5));
}

TEST(Deadline, HasPassedAtOnceWithNoTimeGiven) {
  FakeClock clock;
  EXPECT_TRUE(Deadline::After(clock, absl::ZeroDuration()).Passed());
  EXPECT_TRUE(Deadline::After(clock, -absl::Seconds(1)).Passed());
}

TEST(Deadline, NeverPassesWhenInfinite) {
  FakeClock clock;
  EXPECT_FALSE(Deadline::Infinite().Passed());
  EXPECT_EQ(Deadline::Infinite().Remaining(), absl::InfiniteDuration());
  const Deadline endless = Deadline::After(clock, absl::InfiniteDuration());
  clock.Advance(absl::Hours(24) * 365);
  EXPECT_FALSE(endless.Passed());
}

TEST(Deadline, PassesWhenItsStopIsRequested) {
  FakeClock clock;
  std::stop_source stop = NewStopSource();
  const Deadline deadline = Deadline::After(clock, absl::Seconds(5));
  const Deadline stoppable = deadline.OrStop(stop.get_token());
  EXPECT_EQ(stoppable.Remaining(), absl::Seconds(5));
  stop.request_stop();
  EXPECT_TRUE(stoppable.Passed());
  EXPECT_TRUE(stoppable.Stopped());
  EXPECT_FALSE(deadline.Passed());
  EXPECT_TRUE(Deadline::Infinite().OrStop(stop.get_token()).Passed());
}

TEST(Deadline, TravelsByValue) {
  FakeClock clock;
  const Deadline deadline = Deadline::After(clock, absl::Seconds(2));
  const Deadline copy = deadline;
  clock.Advance(absl::Seconds(2));
  EXPECT_TRUE(copy.Passed());
}

}  // namespace
}  // namespace satudata::base
