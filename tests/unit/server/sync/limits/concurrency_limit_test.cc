#include "server/sync/limits/concurrency_limit.h"

#include "absl/time/time.h"
#include "gtest/gtest.h"

namespace satudata::sync {
namespace {

constexpr int kMost = 64;
constexpr int kRounds = 200;

// The limit after many rounds in which all requests take `time`, of which the target has `latency`.
int LimitAfter(absl::Duration time, absl::Duration latency) {
  ConcurrencyLimit limit(kMost);
  absl::Time now = absl::FromUnixSeconds(1'700'000'000);
  for (int round = 0; round < kRounds; ++round) {
    const absl::Time sent = now;
    const int count = limit.limit();
    for (int i = 1; i <= count; ++i) limit.OnSend(i, sent);
    now += time;
    for (int i = 1; i <= count; ++i) limit.OnTaken(i, sent, latency, now);
  }
  return limit.limit();
}

TEST(ConcurrencyLimitTest, GrowsWhereTheTargetIsWhatIsWaitedFor) {
  EXPECT_EQ(LimitAfter(absl::Milliseconds(10), absl::Milliseconds(9)), kMost);
  EXPECT_EQ(LimitAfter(absl::Milliseconds(100), absl::Milliseconds(100)), kMost);
}

TEST(ConcurrencyLimitTest, WaitingForOneAnotherIsNoReasonForMore) {
  EXPECT_LE(LimitAfter(absl::Milliseconds(10), absl::Milliseconds(2)), 12);
  EXPECT_GE(LimitAfter(absl::Milliseconds(10), absl::Milliseconds(2)), 4) << "enough to keep a target busy";
}

}  // namespace
}  // namespace satudata::sync
