#include "server/access/failure_counter.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace satudata::access {
namespace {

using testing::ElementsAre;

class FailureCounterTest : public testing::Test {
 protected:
  // Fails as soon as it may; how long it then has to wait, in seconds.
  int64_t FailAt(absl::string_view name) {
    counter_.Count(name, now_);
    const absl::Duration wait = counter_.WaitOf(name, now_);
    now_ += wait;
    return absl::ToInt64Seconds(wait);
  }

  absl::Duration now_ = absl::Hours(1000);
  FailureCounter counter_{{.capacity = 3}};
};

TEST_F(FailureCounterTest, ThreeAreFreeAndTheWaitDoublesToAMinute) {
  std::vector<int64_t> waits;
  for (int i = 0; i < 12; ++i) waits.push_back(FailAt("siti"));
  EXPECT_THAT(waits, ElementsAre(0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60));
  for (int i = 0; i < 100'000; ++i) EXPECT_EQ(FailAt("siti"), 60);
}

TEST_F(FailureCounterTest, AWaitPassesWithTime) {
  for (int i = 0; i < 5; ++i) counter_.Count("siti", now_);
  EXPECT_EQ(counter_.WaitOf("siti", now_), absl::Seconds(2));
  EXPECT_EQ(counter_.WaitOf("siti", now_ + absl::Milliseconds(1500)), absl::Milliseconds(500));
  EXPECT_EQ(counter_.WaitOf("siti", now_ + absl::Seconds(2)), absl::ZeroDuration());
  EXPECT_EQ(counter_.WaitOf("budi", now_), absl::ZeroDuration()) << "each name for itself";
}

TEST_F(FailureCounterTest, AQuarterOfAnHourOfPeaceMakesItForget) {
  for (int i = 0; i < 6; ++i) FailAt("siti");
  now_ += absl::Minutes(15) - absl::Seconds(5);
  EXPECT_EQ(FailAt("siti"), 8) << "not yet";
  now_ += absl::Minutes(15);
  EXPECT_EQ(FailAt("siti"), 0);
  EXPECT_EQ(FailAt("siti"), 0);
}

TEST_F(FailureCounterTest, ForgetsOnRequest) {
  for (int i = 0; i < 6; ++i) counter_.Count("siti", now_);
  counter_.Forget("siti");
  counter_.Forget("nobody");
  EXPECT_EQ(counter_.WaitOf("siti", now_), absl::ZeroDuration());
  EXPECT_EQ(counter_.size(), 0U);
}

TEST_F(FailureCounterTest, TakesOneBack) {
  for (int i = 0; i < 4; ++i) counter_.Count("siti", now_);
  counter_.Uncount("siti");
  counter_.Uncount("nobody");
  EXPECT_EQ(counter_.WaitOf("siti", now_), absl::ZeroDuration());
  EXPECT_EQ(FailAt("siti"), 1) << "it is the fourth again";
  for (int i = 0; i < 4; ++i) counter_.Uncount("siti");
  EXPECT_EQ(counter_.size(), 0U);
}

TEST_F(FailureCounterTest, ForgetsTheNameThatWasQuietLongestWhenItIsFull) {
  for (const char* name : {"a", "b", "c"}) {
    for (int i = 0; i < 4; ++i) counter_.Count(name, now_);
  }
  counter_.Count("a", now_);
  counter_.Count("d", now_);
  EXPECT_EQ(counter_.size(), 3U);
  EXPECT_EQ(counter_.WaitOf("b", now_), absl::ZeroDuration());
  EXPECT_EQ(counter_.WaitOf("a", now_), absl::Seconds(2));
  EXPECT_EQ(counter_.WaitOf("c", now_), absl::Seconds(1));
  for (int i = 0; i < 100'000; ++i) counter_.Count(absl::StrCat("name", i), now_);
  EXPECT_EQ(counter_.size(), 3U);
}

}  // namespace
}  // namespace satudata::access
