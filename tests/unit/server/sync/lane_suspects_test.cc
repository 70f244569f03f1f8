#include "server/sync/lane_suspects.h"

#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace satudata::sync {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const absl::Time kNow = absl::FromUnixSeconds(1'800'000'000);

RecordRef R(int64_t entry) { return {entry, 0}; }

class LaneSuspectsTest : public ::testing::Test {
 protected:
  LaneSuspects suspects_{absl::Minutes(2)};
};

TEST_F(LaneSuspectsTest, HalvesAreGroupsApart) {
  suspects_.Refuse(std::vector<RecordRef>{R(1), R(2), R(3), R(4), R(5)});
  EXPECT_EQ(suspects_.GroupOf(R(1)), suspects_.GroupOf(R(3)));
  EXPECT_EQ(suspects_.GroupOf(R(4)), suspects_.GroupOf(R(5)));
  EXPECT_NE(suspects_.GroupOf(R(3)), suspects_.GroupOf(R(4)));
  EXPECT_EQ(suspects_.GroupOf(R(6)), 0);
  EXPECT_EQ(suspects_.AloneCount(R(1)), 0);
}

TEST_F(LaneSuspectsTest, AGroupGoesWhenAllOfItMay) {
  suspects_.Refuse(std::vector<RecordRef>{R(1), R(2), R(3), R(4)});
  suspects_.Wait(R(1), kNow, kNow);
  suspects_.Wait(R(3), kNow, kNow);
  EXPECT_THAT(suspects_.TakeDue(kNow), IsEmpty());
  suspects_.Wait(R(2), kNow + absl::Seconds(1), kNow);
  EXPECT_EQ(suspects_.waiting(), 3U);
  EXPECT_EQ(suspects_.NextTime(), kNow + absl::Seconds(1));
  EXPECT_THAT(suspects_.TakeDue(kNow + absl::Seconds(1)), ElementsAre(R(1), R(2)));
  EXPECT_EQ(suspects_.waiting(), 1U);
}

TEST_F(LaneSuspectsTest, WhoLeavesIsNotWaitedFor) {
  suspects_.Refuse(std::vector<RecordRef>{R(1), R(2), R(3), R(4)});
  suspects_.Wait(R(1), kNow, kNow);
  suspects_.Clear(R(2));
  EXPECT_FALSE(suspects_.Contains(R(2)));
  EXPECT_THAT(suspects_.TakeDue(kNow), ElementsAre(R(1)));
}

TEST_F(LaneSuspectsTest, PatienceEnds) {
  suspects_.Refuse(std::vector<RecordRef>{R(1), R(2), R(3), R(4)});
  suspects_.Wait(R(1), kNow, kNow);
  EXPECT_EQ(suspects_.NextTime(), kNow + absl::Minutes(2));
  EXPECT_THAT(suspects_.TakeDue(kNow + absl::Minutes(2)), ElementsAre(R(1)));
  EXPECT_EQ(suspects_.NextTime(), absl::InfiniteFuture());
}

TEST_F(LaneSuspectsTest, CountsHowOftenOneWasRefusedByItself) {
  suspects_.Refuse(std::vector<RecordRef>{R(1), R(2)});
  suspects_.Refuse(std::vector<RecordRef>{R(1)});
  suspects_.Refuse(std::vector<RecordRef>{R(1)});
  EXPECT_EQ(suspects_.AloneCount(R(1)), 2);
  EXPECT_EQ(suspects_.AloneCount(R(2)), 0);
  suspects_.Clear(R(1));
  EXPECT_EQ(suspects_.AloneCount(R(1)), 0);
}

TEST_F(LaneSuspectsTest, APartOfAGroupIsHalvedByItself) {
  suspects_.Refuse(std::vector<RecordRef>{R(1), R(2), R(3), R(4), R(5), R(6)});
  suspects_.Refuse(std::vector<RecordRef>{R(1), R(2)});  // Sent without the third.
  EXPECT_NE(suspects_.GroupOf(R(1)), suspects_.GroupOf(R(2)));
  suspects_.Wait(R(3), kNow, kNow);
  EXPECT_THAT(suspects_.TakeDue(kNow), ElementsAre(R(3)));
}

}  // namespace
}  // namespace satudata::sync
