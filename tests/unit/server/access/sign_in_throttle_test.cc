#include "server/access/sign_in_throttle.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "server/catalog/failure.h"
#include "tests/fakes/fake_clock.h"

namespace satudata::access {
namespace {

class SignInThrottleTest : public testing::Test {
 protected:
  // Begins and fails. "" or how many seconds to wait.
  std::string Fail(const std::string& username, const std::string& source) {
    auto attempt = throttle_.Begin(username, source);
    if (attempt.ok()) {
      (*attempt)->Failed();
      return "";
    }
    EXPECT_EQ(attempt.status().code(), absl::StatusCode::kResourceExhausted);
    const catalog::Failure failure = catalog::FailureOf(attempt.status());
    EXPECT_EQ(failure.reason, catalog::Reason::kTooManyAttempts);
    return failure.args.at("seconds");
  }

  fakes::FakeClock clock_;
  SignInThrottle throttle_{clock_};
};

TEST_F(SignInThrottleTest, ANameWaitsWhereverItIsTriedFrom) {
  for (int i = 0; i < 4; ++i) EXPECT_EQ(Fail("siti", absl::StrCat("10.0.0.", i)), "");
  EXPECT_EQ(Fail("siti", "10.0.0.9"), "1");
  EXPECT_EQ(Fail("budi", "10.0.0.9"), "");
  clock_.Advance(absl::Milliseconds(300));
  EXPECT_EQ(Fail("siti", "10.0.0.9"), "1") << "what is left, rounded up";
  clock_.Advance(absl::Milliseconds(700));
  EXPECT_EQ(Fail("siti", "10.0.0.9"), "");
}

TEST_F(SignInThrottleTest, RefusalsDoNotMakeTheWaitLonger) {
  for (int i = 0; i < 5; ++i) {
    Fail("siti", "s");
    clock_.Advance(absl::Seconds(1));
  }
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(Fail("siti", "s"), "1");
  clock_.Advance(absl::Seconds(1));
  EXPECT_EQ(Fail("siti", "s"), "");
}

TEST_F(SignInThrottleTest, TwentyFromOneSourceAreFree) {
  for (int i = 0; i < 21; ++i) EXPECT_EQ(Fail(absl::StrCat("name", i), "10.0.0.1"), "") << i;
  EXPECT_EQ(Fail("another", "10.0.0.1"), "1");
  EXPECT_EQ(Fail("another", "10.0.0.2"), "");
}

TEST_F(SignInThrottleTest, AttemptsUnderWayCount) {
  std::vector<std::unique_ptr<SignInThrottle::Attempt>> under_way;
  for (int i = 0; i < 1000; ++i) {
    auto attempt = throttle_.Begin("siti", "s");
    if (attempt.ok()) under_way.push_back(*std::move(attempt));
  }
  EXPECT_EQ(under_way.size(), 4U);
}

TEST_F(SignInThrottleTest, WhatWasNotDecidedDidNotHappen) {
  for (int i = 0; i < 1000; ++i) {
    auto attempt = throttle_.Begin("siti", "s");
    ASSERT_TRUE(attempt.ok()) << i;
    EXPECT_EQ((*attempt)->username(), "siti");
  }
}

TEST_F(SignInThrottleTest, ASuccessForgetsTheNameButNotTheSource) {
  for (int i = 0; i < 20; ++i) Fail(absl::StrCat("name", i), "s");
  for (int i = 0; i < 3; ++i) Fail("siti", "t");
  auto attempt = throttle_.Begin("siti", "s");
  ASSERT_TRUE(attempt.ok());
  (*attempt)->Succeeded();
  attempt->reset();
  for (int i = 0; i < 4; ++i) EXPECT_EQ(Fail("siti", "t"), "") << "four anew";
  EXPECT_EQ(Fail("next", "s"), "") << "the twenty-first failure";
  EXPECT_EQ(Fail("next2", "s"), "1");
}

}  // namespace
}  // namespace satudata::access
