#include "server/http/dial_gate.h"

#include "gtest/gtest.h"
#include "tests/fakes/fake_clock.h"

namespace satudata::http {
namespace {

TEST(DialGateTest, LetsTheFirstPassAtOnce) {
  fakes::FakeClock clock;
  DialGate gate(clock, absl::Hours(1));
  EXPECT_TRUE(gate.Pass(base::Deadline::After(clock, absl::Milliseconds(1))));
}

TEST(DialGateTest, TurnsAwayWhoseDeadlineComesBeforeTheirTurn) {
  fakes::FakeClock clock;
  DialGate gate(clock, absl::Hours(1));
  ASSERT_TRUE(gate.Pass(base::Deadline::Infinite()));
  EXPECT_FALSE(gate.Pass(base::Deadline::After(clock, absl::Minutes(59))));
}

TEST(DialGateTest, NobodyWaitsAfterAQuietTime) {
  fakes::FakeClock clock;
  DialGate gate(clock, absl::Hours(1));
  ASSERT_TRUE(gate.Pass(base::Deadline::Infinite()));
  clock.Advance(absl::Hours(1));
  EXPECT_TRUE(gate.Pass(base::Deadline::After(clock, absl::Milliseconds(1))));
}

}  // namespace
}  // namespace satudata::http
