#include "server/rpc/caller_rate.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/catalog/failure.h"
#include "tests/fakes/fake_clock.h"

namespace satudata::rpc {
namespace {

class CallerRateTest : public testing::Test {
 protected:
  // How many of `calls` are let through.
  int Take(CallerRate& rate, const std::string& caller, int calls) {
    int taken = 0;
    for (int i = 0; i < calls; ++i) taken += rate.Take(caller).ok() ? 1 : 0;
    return taken;
  }

  fakes::FakeClock clock_;
};

TEST_F(CallerRateTest, LetsABurstThroughThenTheRate) {
  CallerRate rate({.per_second = 10, .burst = 5}, clock_);
  EXPECT_EQ(Take(rate, "siti", 8), 5);
  clock_.Advance(absl::Milliseconds(300));
  EXPECT_EQ(Take(rate, "siti", 8), 3);
  clock_.Advance(absl::Hours(1));
  EXPECT_EQ(Take(rate, "siti", 8), 5);
}

TEST_F(CallerRateTest, CallersDoNotTakeFromEachOther) {
  CallerRate rate({.per_second = 1, .burst = 2}, clock_);
  EXPECT_EQ(Take(rate, "siti", 9), 2);
  EXPECT_EQ(Take(rate, "budi", 9), 2);
}

TEST_F(CallerRateTest, SaysWhenToComeBackAndThenLetsIn) {
  CallerRate rate({.per_second = 0.25, .burst = 1}, clock_);
  EXPECT_TRUE(rate.Take("siti").ok());
  clock_.Advance(absl::Seconds(1));
  const absl::Status refused = rate.Take("siti");
  EXPECT_EQ(refused.code(), absl::StatusCode::kResourceExhausted);
  const catalog::Failure failure = catalog::FailureOf(refused);
  EXPECT_EQ(failure.reason, catalog::Reason::kTooManyCalls);
  EXPECT_EQ(failure.args.at("seconds"), "3");
  EXPECT_EQ(failure.args.at("limit"), "0.25");
  clock_.Advance(absl::Seconds(3));
  EXPECT_TRUE(rate.Take("siti").ok());
}

TEST_F(CallerRateTest, AZeroRateIsNoLimit) {
  CallerRate rate({.per_second = 0, .burst = 1}, clock_);
  EXPECT_EQ(Take(rate, "siti", 1000), 1000);
  EXPECT_EQ(rate.remembered(), 0U);
}

TEST_F(CallerRateTest, RemembersNoMoreThanItsCapacity) {
  CallerRate rate({.per_second = 1, .burst = 2, .capacity = 10}, clock_);
  for (int i = 0; i < 1000; ++i) EXPECT_TRUE(rate.Take(absl::StrCat("caller ", i)).ok());
  EXPECT_EQ(rate.remembered(), 10U);
}

TEST_F(CallerRateTest, ForgetsWhoHasBeenQuietLongEnough) {
  CallerRate rate({.per_second = 1, .burst = 5}, clock_);
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(rate.Take(absl::StrCat("caller ", i)).ok());
  EXPECT_EQ(rate.remembered(), 100U);
  clock_.Advance(absl::Seconds(5));
  for (int i = 0; i < 60; ++i) EXPECT_TRUE(rate.Take("siti").ok() || i >= 5);
  EXPECT_LT(rate.remembered(), 100U);
}

// Somebody who was refused is not forgotten by being refused, nor does it wait longer for having asked.
TEST_F(CallerRateTest, RefusedCallsCostNothing) {
  CallerRate rate({.per_second = 1, .burst = 1}, clock_);
  EXPECT_EQ(Take(rate, "siti", 500), 1);
  clock_.Advance(absl::Seconds(1));
  EXPECT_EQ(Take(rate, "siti", 500), 1);
}

}  // namespace
}  // namespace satudata::rpc
