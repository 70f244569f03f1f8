// What becomes of records that a firewall refuses, in virtual time against a world that keeps the truth.
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "server/sync/lane.h"
#include "tests/unit/server/sync/lane_world.h"

namespace satudata::sync {
namespace {

using catalog::Reason;

TargetTraits BatchTraits() {
  return {.name = "t",
          .confirmation = Confirmation::kReadBack,
          .reads_tables = true,
          .max_batch_records = 100,
          .max_concurrency = 4,
          .request_deadline = absl::Seconds(180),
          .settle_time = absl::Minutes(10)};
}

TargetTraits SingleTraits() {
  return {.name = "t", .confirmation = Confirmation::kResponse, .max_concurrency = 4};
}

struct Story {
  Story(TargetTraits traits_in, int files, Fates fates = {}, uint64_t seed = 1)
      : traits(std::move(traits_in)), world(traits, fates, seed), life(traits, world, seed) {
    for (int i = 0; i < files; ++i) {
      const std::string n = absl::StrCat(i);
      // Five scopes, as years are.
      const std::string key = absl::StrCat("s", i % 5, ".", n);
      keys.push_back(key);
      life.Add(MakeDelivery("d" + n, "f" + n, {{key, "1"}}, life.now()));
    }
  }
  void Poison(const std::vector<int>& indexes) {
    for (const int index : indexes) world.poison.insert(keys[static_cast<size_t>(index)]);
  }
  bool LiveToTheEnd(absl::Duration limit) {
    return life.LiveUntil([this] { return life.AllFinal(); }, limit);
  }
  const Record& RecordOf(int index) { return life.records.at({absl::StrCat("d", index), 0}); }
  void ExpectOnlyThePoisonedRejected() {
    for (size_t i = 0; i < keys.size(); ++i) {
      const Record& record = RecordOf(static_cast<int>(i));
      const bool poisoned = world.poison.contains(keys[i]);
      EXPECT_EQ(record.state, poisoned ? State::kRejected : State::kConfirmed) << keys[i];
      if (poisoned) {
        EXPECT_EQ(record.failure.reason, Reason::kBlockedByFirewall);
      }
    }
    EXPECT_EQ(life.false_confirmations, 0);
    EXPECT_EQ(world.needless_second_effects, 0);
  }

  TargetTraits traits;
  LaneWorld world;
  LaneLife life;
  std::vector<std::string> keys;
};

TEST(LaneBlockedTest, TheOneToBlameIsFoundByHalving) {
  Story story(BatchTraits(), 300);
  story.Poison({137});
  ASSERT_TRUE(story.LiveToTheEnd(absl::Hours(6)));
  story.ExpectOnlyThePoisonedRejected();
  // 3 batches; 7 times two halves; twice more alone.
  EXPECT_LE(story.world.request_count, 3 + 2 * 7 + 2);
}

TEST(LaneBlockedTest, ThreeOfThreeHundredAreFoundAsWell) {
  Story story(BatchTraits(), 300);
  story.Poison({5, 150, 151});
  ASSERT_TRUE(story.LiveToTheEnd(absl::Hours(6)));
  story.ExpectOnlyThePoisonedRejected();
  EXPECT_LE(story.world.request_count, 3 + 3 * (2 * 7 + 2));
}

TEST(LaneBlockedTest, TheSearchGoesOnThroughOutages) {
  for (uint64_t seed = 1; seed <= 10; ++seed) {
    SCOPED_TRACE(seed);
    Story story(BatchTraits(), 100,
                {.refused = 0.1, .dropped = 0.05, .server_error = 0.05, .throttled = 0.1, .read_failed = 0.1},
                seed);
    story.Poison({42});
    ASSERT_TRUE(story.LiveToTheEnd(absl::Hours(48)));
    story.ExpectOnlyThePoisonedRejected();
  }
}

TEST(LaneBlockedTest, NobodySharesARequestWithASuspect) {
  Story story(BatchTraits(), 100);
  story.Poison({0});
  story.life.LiveUntil([&] { return story.RecordOf(99).state == State::kUnknown; }, absl::Hours(1));
  ASSERT_EQ(story.RecordOf(99).state, State::kUnknown);
  story.life.Add(MakeDelivery("new", "new", {{"s0.new", "1"}}, story.life.now()));
  const bool is_confirmed = story.life.LiveUntil(
      [&] {
        return story.life.records.at({"new", 0}).state == State::kConfirmed;
      },
      absl::Minutes(5));
  EXPECT_TRUE(is_confirmed) << "who comes meanwhile does not wait for the search";
  ASSERT_TRUE(story.LiveToTheEnd(absl::Hours(6)));
  story.ExpectOnlyThePoisonedRejected();
}

TEST(LaneBlockedTest, APageThatPassesCostsNobodyARefusal) {
  Story story(BatchTraits(), 100);
  story.Poison({7});
  story.life.LiveUntil([&] { return story.world.request_count == 6; }, absl::Hours(3));
  story.world.poison.clear();
  ASSERT_TRUE(story.LiveToTheEnd(absl::Hours(6)));
  story.ExpectOnlyThePoisonedRejected();  // Nobody is.
}

TEST(LaneBlockedTest, ASingleRecordIsToBlameTheThirdTime) {
  Story story(SingleTraits(), 3);
  story.Poison({1});
  ASSERT_TRUE(story.LiveToTheEnd(absl::Hours(1)));
  story.ExpectOnlyThePoisonedRejected();
  EXPECT_EQ(story.world.request_count, 5);
}

// The firewall does not show the record either.
TEST(LaneBlockedTest, ARecordThatMayNotBeReadIsToBlameIfOthersPass) {
  TargetTraits traits = SingleTraits();
  traits.max_concurrency = 1;
  Story story(traits, 3);
  story.Poison({0});
  story.world.blocked_scopes = {"s0"};
  ASSERT_TRUE(story.LiveToTheEnd(absl::Hours(1)));
  story.ExpectOnlyThePoisonedRejected();
  EXPECT_EQ(story.world.request_count, 3);
}

TEST(LaneBlockedTest, NobodyIsToBlameWhileThePageIsEverybodys) {
  Story story(SingleTraits(), 3);
  story.Poison({0, 1, 2});
  story.world.blocked_scopes = {"s0", "s1", "s2"};
  EXPECT_FALSE(story.LiveToTheEnd(absl::Hours(2)));
  for (int i = 0; i < 3; ++i) EXPECT_EQ(story.RecordOf(i).state, State::kUnknown);
  story.world.poison.clear();
  story.world.blocked_scopes.clear();
  ASSERT_TRUE(story.LiveToTheEnd(absl::Hours(2)));
  for (int i = 0; i < 3; ++i) EXPECT_EQ(story.RecordOf(i).state, State::kConfirmed);
}

}  // namespace
}  // namespace satudata::sync
