#include "server/sync/scope_reads.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace satudata::sync {
namespace {

constexpr absl::Time kNow = absl::FromUnixSeconds(1'800'000'000);
constexpr absl::Duration kSecond = absl::Seconds(1);

TEST(ScopeReadsTest, OneReadAtATimeServesAllWhoWait) {
  ScopeReads reads(2 * kSecond);
  reads.Add("s", {1, 0}, absl::InfiniteFuture(), kNow);
  reads.Add("s", {2, 0}, absl::InfiniteFuture(), kNow);
  EXPECT_FALSE(reads.Begin(kNow).has_value()) << "what was just accepted is given an interval";
  EXPECT_EQ(reads.Begin(kNow + 2 * kSecond), "s");
  EXPECT_FALSE(reads.Begin(kNow + 100 * kSecond).has_value()) << "it is being read";
  EXPECT_EQ(reads.Waiting("s").size(), 2U);
}

TEST(ScopeReadsTest, PausesDoubleUpToAMinuteWhileNothingComes) {
  ScopeReads reads(2 * kSecond);
  reads.Add("s", {1, 0}, absl::InfiniteFuture(), kNow);
  absl::Time now = kNow + 2 * kSecond;
  for (const int pause : {4, 8, 16, 32, 60, 60}) {
    ASSERT_TRUE(reads.Begin(now).has_value());
    reads.End("s", absl::ZeroDuration(), /*progress=*/false, std::nullopt, now);
    EXPECT_EQ(reads.NextTime() - now, pause * kSecond);
    now = reads.NextTime();
  }
}

TEST(ScopeReadsTest, ASlowTableIsReadLessOften) {
  ScopeReads reads(2 * kSecond);
  reads.Add("s", {1, 0}, absl::InfiniteFuture(), kNow);
  reads.Begin(kNow + 2 * kSecond);
  reads.End("s", 40 * kSecond, /*progress=*/true, std::nullopt, kNow);
  EXPECT_EQ(reads.NextTime() - kNow, 200 * kSecond);
}

TEST(ScopeReadsTest, TheTargetsHintIsKept) {
  ScopeReads reads(2 * kSecond);
  reads.Add("s", {1, 0}, absl::InfiniteFuture(), kNow);
  reads.Begin(kNow + 2 * kSecond);
  reads.End("s", absl::ZeroDuration(), /*progress=*/false, kNow + 500 * kSecond, kNow);
  EXPECT_EQ(reads.NextTime(), kNow + 500 * kSecond);
}

TEST(ScopeReadsTest, AReadThatSettlesForSureComesAsSoonAsItCan) {
  ScopeReads reads(2 * kSecond);
  reads.Add("s", {1, 0}, kNow + 35 * kSecond, kNow);
  absl::Time now = kNow + 2 * kSecond;
  bool hit = false;
  for (int i = 0; i < 8; ++i) {
    reads.Begin(now);
    reads.End("s", absl::ZeroDuration(), /*progress=*/false, std::nullopt, now);
    now = reads.NextTime();
    hit = hit || now == kNow + 35 * kSecond;
  }
  EXPECT_TRUE(hit);
}

TEST(ScopeReadsTest, WhoComesNewDoesNotWaitForWhatOthersWaitForInVain) {
  ScopeReads reads(2 * kSecond);
  reads.Add("s", {1, 0}, absl::InfiniteFuture(), kNow);
  absl::Time now = kNow + 2 * kSecond;
  for (int i = 0; i < 6; ++i) {
    ASSERT_TRUE(reads.Begin(now).has_value());
    reads.End("s", absl::ZeroDuration(), /*progress=*/false, std::nullopt, now);
    now = reads.NextTime();
  }
  now -= 50 * kSecond;
  EXPECT_GT(reads.NextTime() - now, 40 * kSecond);
  reads.Add("s", {2, 0}, absl::InfiniteFuture(), now);
  EXPECT_EQ(reads.NextTime() - now, 2 * kSecond);
  reads.Request("s", /*traceparent=*/"", now);
  EXPECT_LE(reads.NextTime(), now) << "a plan that needs the table is served as soon as politeness allows";
}

TEST(ScopeReadsTest, NobodyWaitingMeansNoRead) {
  ScopeReads reads(2 * kSecond);
  reads.Add("s", {1, 0}, kNow + 35 * kSecond, kNow);
  reads.Remove("s", {1, 0});
  EXPECT_EQ(reads.NextTime(), absl::InfiniteFuture());
}

TEST(ScopeReadsTest, ARequestedObservationIsKeptForItsReader) {
  ScopeReads reads(2 * kSecond);
  reads.Request("s", /*traceparent=*/"", kNow);
  EXPECT_EQ(reads.Begin(kNow), "s");
  reads.Offer({.scope = "s", .start_time = kNow});
  reads.End("s", absl::ZeroDuration(), /*progress=*/true, std::nullopt, kNow);
  EXPECT_NE(reads.Take("s"), nullptr);
  reads.Withdraw("s");
  EXPECT_EQ(reads.Take("s"), nullptr);
}

}  // namespace
}  // namespace satudata::sync
