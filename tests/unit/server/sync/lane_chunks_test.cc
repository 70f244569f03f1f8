// What a lane promises about chunks: one request carries one chunk's records, everything is stored with the
// chunk's fence, a chunk ends with its last delivery, and one that was lost is left alone.
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/unit/server/sync/lane_world.h"

namespace satudata::sync {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class LaneChunksTest : public testing::Test {
 protected:
  // The delivery `id` of a file with one record of the same name.
  void Add(const std::string& id, const std::string& chunk, int64_t token = 1) {
    LaneDelivery item = MakeDelivery(id, "f" + id, {{"s." + id, "1"}}, now_);
    item.fence = Fence{chunk, token};
    lane_.Add(std::move(item), now_);
  }
  std::optional<SendJob> NextSend() {
    for (int i = 0; i < 10; ++i) {
      const Job job = lane_.Next(now_);
      Keep();
      if (const auto* send = std::get_if<SendJob>(&job)) return *send;
      if (!std::holds_alternative<ClaimJob>(job)) return std::nullopt;
      lane_.OnClaimed(now_);
    }
    return std::nullopt;
  }
  void Answer(const SendJob& job) {
    SendResult result;
    result.verdict.kind = VerdictKind::kJudged;
    result.verdict.records.assign(job.records.size(), RecordRuling{.ruling = Ruling::kConfirmed});
    lane_.OnSent(job.job_id, result, now_);
    Keep();
  }
  void Keep() {
    for (Change& change : lane_.TakeChanges()) changes_.push_back(std::move(change));
  }
  static std::vector<std::string> KeysOf(const SendJob& job) {
    std::vector<std::string> keys;
    for (const OutboundRecord& record : job.records) keys.push_back(record.key);
    return keys;
  }

  const TargetTraits traits_{.name = "t", .max_batch_records = 10, .max_concurrency = 4};
  absl::Time now_ = absl::FromUnixSeconds(1'800'000'000);
  Lane lane_{traits_, LaneOptions(), base::SeededUniform(1)};
  std::vector<Change> changes_;
};

TEST_F(LaneChunksTest, ARequestCarriesOneChunksRecords) {
  lane_.OpenChunk({"one", 1}, 2);
  lane_.OpenChunk({"two", 1}, 1);
  Add("a", "one");
  Add("b", "one");
  Add("c", "two");
  const std::optional<SendJob> first = NextSend();
  ASSERT_TRUE(first.has_value());
  EXPECT_THAT(KeysOf(*first), ElementsAre("s.a", "s.b"));
  Answer(*first);
  const std::optional<SendJob> second = NextSend();
  ASSERT_TRUE(second.has_value());
  EXPECT_THAT(KeysOf(*second), ElementsAre("s.c"));
}

TEST_F(LaneChunksTest, WhatIsStoredCarriesTheFence) {
  lane_.OpenChunk({"one", 3}, 1);
  Add("a", "one", 3);
  Answer(*NextSend());
  ASSERT_FALSE(changes_.empty());
  for (const Change& change : changes_) EXPECT_EQ(change.fence, (Fence{"one", 3}));
}

TEST_F(LaneChunksTest, AChunkEndsWithTheLastOfItsDeliveries) {
  lane_.OpenChunk({"one", 1}, 3);
  Add("a", "one");
  Add("b", "one");
  Answer(*NextSend());
  EXPECT_FALSE(changes_.back().ends_chunk);
  lane_.LeaveChunk("run", {"one", 1});
  Keep();
  EXPECT_TRUE(changes_.back().ends_chunk);
  EXPECT_EQ(changes_.back().fence, (Fence{"one", 1}));
}

TEST_F(LaneChunksTest, NothingIsSentOnceTheLeaseMayHaveEnded) {
  lane_.SetLeaseEnd(now_ + absl::Minutes(1));
  lane_.OpenChunk({"one", 1}, 1);
  Add("a", "one");
  now_ += absl::Minutes(1);
  EXPECT_FALSE(NextSend().has_value());
  EXPECT_GT(lane_.NextTime(now_), now_);
  lane_.SetLeaseEnd(now_ + absl::Minutes(1));
  EXPECT_EQ(lane_.NextTime(now_), now_);
  EXPECT_TRUE(NextSend().has_value());
}

TEST_F(LaneChunksTest, WhatIsClaimedWaitsForTheLeaseToo) {
  lane_.SetLeaseEnd(now_ + absl::Minutes(1));
  lane_.OpenChunk({"one", 1}, 1);
  Add("a", "one");
  ASSERT_TRUE(std::holds_alternative<ClaimJob>(lane_.Next(now_)));
  lane_.OnClaimed(now_);
  now_ += absl::Minutes(1);
  EXPECT_TRUE(std::holds_alternative<Idle>(lane_.Next(now_)));
  lane_.SetLeaseEnd(now_ + absl::Minutes(1));
  EXPECT_TRUE(std::holds_alternative<SendJob>(lane_.Next(now_)));
}

TEST_F(LaneChunksTest, ALostChunkIsNeitherSentNorStoredAndItsRunNeedNotWait) {
  lane_.OpenChunk({"one", 1}, 1);
  Add("a", "one");
  ASSERT_EQ(lane_.UnsettledCount("run"), 1);
  Keep();
  lane_.LoseChunk({"one", 1}, now_);
  EXPECT_EQ(lane_.UnsettledCount("run"), 0);
  EXPECT_EQ(lane_.queued_deliveries(), 0);
  EXPECT_THAT(lane_.TakeChanges(), IsEmpty());
  EXPECT_FALSE(NextSend().has_value());
}

TEST_F(LaneChunksTest, TheAnswerToARequestOfALostChunkIsLeftToWhoeverHasIt) {
  lane_.OpenChunk({"one", 1}, 2);
  Add("a", "one");
  Add("b", "one");
  const std::optional<SendJob> job = NextSend();
  ASSERT_TRUE(job.has_value());
  changes_.clear();
  lane_.LoseChunk({"one", 1}, now_);
  Answer(*job);
  EXPECT_THAT(changes_, IsEmpty());
  EXPECT_FALSE(NextSend().has_value());
  EXPECT_EQ(lane_.control().in_flight(), 0);
}

TEST_F(LaneChunksTest, AKeyIsFreeAgainWhenItsChunkIsLost) {
  lane_.OpenChunk({"one", 1}, 1);
  lane_.OpenChunk({"two", 1}, 1);
  Add("a", "one");
  const std::optional<SendJob> job = NextSend();
  ASSERT_TRUE(job.has_value());
  LaneDelivery other = MakeDelivery("b", "fb", {{"s.a", "2"}}, now_);  // Another file, the same key.
  other.fence = Fence{"two", 1};
  lane_.Add(std::move(other), now_);
  EXPECT_FALSE(NextSend().has_value());
  lane_.LoseChunk({"one", 1}, now_);
  Answer(*job);
  const std::optional<SendJob> next = NextSend();
  ASSERT_TRUE(next.has_value());
  EXPECT_EQ(next->records[0].value, "2");
}

TEST_F(LaneChunksTest, WhatWasTakenBackMeanwhileIsNotLost) {
  lane_.OpenChunk({"one", 3}, 1);
  Add("a", "one", 3);
  lane_.LoseChunk({"one", 1}, now_);
  EXPECT_EQ(lane_.UnsettledCount("run"), 1);
  EXPECT_TRUE(NextSend().has_value());
}

TEST_F(LaneChunksTest, WhatMayHaveArrivedOfALostChunkIsReadBackByTheNewerDelivery) {
  lane_.OpenChunk({"one", 1}, 1);
  lane_.OpenChunk({"two", 1}, 1);
  Add("a", "one");
  const std::optional<SendJob> job = NextSend();
  ASSERT_TRUE(job.has_value());
  LaneDelivery newer = MakeDelivery("b", "fa", {{"s.a", "2"}}, now_);
  newer.fence = Fence{"two", 1};
  lane_.Add(std::move(newer), now_);
  lane_.LoseChunk({"one", 1}, now_);
  SendResult lost;
  lost.verdict = {.kind = VerdictKind::kOutage, .effect = Effect::kPossible};
  lane_.OnSent(job->job_id, lost, now_);
  EXPECT_FALSE(NextSend().has_value());
  Keep();
  EXPECT_EQ(changes_.back().records.back().record.state, State::kUnknown);
}

TEST_F(LaneChunksTest, RecordsThatComeBackMixedAreSentByChunk) {
  lane_.OpenChunk({"one", 1}, 2);
  lane_.OpenChunk({"two", 1}, 2);
  Add("a", "one");
  Add("b", "two");
  Add("c", "one");
  Add("d", "two");
  const std::optional<SendJob> first = NextSend();
  ASSERT_TRUE(first.has_value());
  EXPECT_THAT(KeysOf(*first), ElementsAre("s.a", "s.c"));
}

TEST_F(LaneChunksTest, ADeliveryThatComesBackToALostChunkIsLeftOut) {
  lane_.OpenChunk({"one", 1}, 1);
  lane_.LoseChunk({"one", 1}, now_);
  Add("a", "one");
  EXPECT_EQ(lane_.UnsettledCount("run"), 0);
  EXPECT_FALSE(NextSend().has_value());
}

}  // namespace
}  // namespace satudata::sync
