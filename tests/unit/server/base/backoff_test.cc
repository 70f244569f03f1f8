#include "server/base/backoff.h"

#include <limits>

#include "gtest/gtest.h"

namespace satudata::base {
namespace {

Uniform Always(double value) {
  return [value] { return value; };
}

// The largest wait: full jitter takes a part of it.
absl::Duration Ceiling(const BackoffOptions& options, int failures) {
  return JitteredBackoff(options, failures, Always(1.0));
}

TEST(JitteredBackoff, DoublesFromTheInitialWait) {
  const BackoffOptions options;
  EXPECT_EQ(Ceiling(options, 1), absl::Seconds(1));
  EXPECT_EQ(Ceiling(options, 2), absl::Seconds(2));
  EXPECT_EQ(Ceiling(options, 3), absl::Seconds(4));
  EXPECT_EQ(Ceiling(options, 6), absl::Seconds(32));
}

TEST(JitteredBackoff, StopsAtTheMaximum) {
  const BackoffOptions options;
  EXPECT_EQ(Ceiling(options, 7), absl::Seconds(60));
  EXPECT_EQ(Ceiling(options, std::numeric_limits<int>::max()), absl::Seconds(60));
}

TEST(JitteredBackoff, TakesWhatIsNotYetAFailureForTheFirst) {
  EXPECT_EQ(Ceiling(BackoffOptions(), 0), absl::Seconds(1));
  EXPECT_EQ(Ceiling(BackoffOptions(), -5), absl::Seconds(1));
}

TEST(JitteredBackoff, SpreadsOverTheWholeRange) {
  const BackoffOptions options;
  EXPECT_EQ(JitteredBackoff(options, 3, Always(0.0)), absl::ZeroDuration());
  EXPECT_EQ(JitteredBackoff(options, 3, Always(0.25)), absl::Seconds(1));
}

TEST(JitteredBackoff, FollowsItsOptions) {
  const BackoffOptions options{
      .initial = absl::Milliseconds(100), .maximum = absl::Milliseconds(800), .factor = 3};
  EXPECT_EQ(Ceiling(options, 2), absl::Milliseconds(300));
  EXPECT_EQ(Ceiling(options, 3), absl::Milliseconds(800));
}

}  // namespace
}  // namespace satudata::base
