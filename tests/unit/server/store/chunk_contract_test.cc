// What sync::Store promises about chunks, their leases and their fences, whatever the engine.
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/unit/server/store/store_fixture.h"

namespace satudata::store {
namespace {

using sync::Chunk;
using sync::ChunkClaim;
using sync::Fence;
using sync::State;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class ChunkContractTest : public StoreContractTest {
 protected:
  // `count` deliveries whose ids begin with `prefix`, as one chunk.
  void Plan(const std::string& run_id, const std::string& prefix, int count, State state = State::kQueued) {
    sync::Change change{.run_id = run_id};
    for (int i = 1; i <= count; ++i) {
      const std::string id = absl::StrCat(prefix, i);
      change.deliveries.push_back({MakeDelivery(run_id, id, id, state), std::nullopt});
      change.records.push_back({id, 0, MakeRecord(id, state)});
    }
    change.new_chunks.push_back({.chunk_id = change.deliveries.front().delivery.delivery_id,
                                 .run_id = run_id,
                                 .target = "splp",
                                 .last_delivery_id = change.deliveries.back().delivery.delivery_id});
    ASSERT_TRUE(store_->Commit(std::move(change)).ok());
  }
  ChunkClaim Claim(const std::string& holder, const std::string& run_id = "r1") {
    const auto claim =
        store_->ClaimChunk({.target = "splp", .run_id = run_id},
                           {.holder = holder, .expire_time = clock_.Now() + absl::Minutes(1)}, clock_.Now());
    EXPECT_TRUE(claim.ok()) << claim.status();
    return claim.ok() ? *claim : ChunkClaim();
  }
  absl::Status Write(const std::string& delivery_id, State previous, State state, const Fence& fence) {
    sync::Change change{.run_id = "r1", .fence = fence};
    change.deliveries.push_back({MakeDelivery("r1", delivery_id, delivery_id, state), previous});
    return store_->Commit(std::move(change));
  }
  void EndRun(const std::string& run_id) {
    ASSERT_TRUE(
        store_
            ->Commit({.run_id = run_id,
                      .run_state = sync::RunStateChange{sync::RunState::kQueued, sync::RunState::kPartial}})
            .ok());
  }
};

INSTANTIATE_TEST_SUITE_P(Engines, ChunkContractTest, testing::ValuesIn(Engines()), EngineName);

TEST_P(ChunkContractTest, EachChunkIsGivenOutOnceTheOldestFirst) {
  CreateRun("r1");
  Plan("r1", "a", 2);
  Plan("r1", "b", 1);
  const ChunkClaim first = Claim("one");
  ASSERT_TRUE(first.chunk.has_value());
  EXPECT_EQ(first.chunk->chunk_id, "a1");
  EXPECT_EQ(first.chunk->last_delivery_id, "a2");
  EXPECT_EQ(first.chunk->token, 1);
  EXPECT_EQ(Claim("two").chunk->chunk_id, "b1");
  const ChunkClaim none = Claim("one");
  EXPECT_FALSE(none.chunk.has_value());
  EXPECT_TRUE(none.held_elsewhere);
}

TEST_P(ChunkContractTest, WhoHasAllOfThemIsNotTold) {
  CreateRun("r1");
  Plan("r1", "a", 1);
  Claim("one");
  const ChunkClaim none = Claim("one");
  EXPECT_FALSE(none.chunk.has_value());
  EXPECT_FALSE(none.held_elsewhere);
}

TEST_P(ChunkContractTest, AChunkHasTheDeliveriesThatAreNotFinal) {
  CreateRun("r1");
  CreateRun("r2");
  Plan("r1", "a", 3);
  Plan("r2", "a2x", 1);  // Between the first and the last by its id.
  ASSERT_TRUE(Put(MakeDelivery("r1", "a2", "a2", State::kConfirmed), State::kQueued).ok());
  const auto deliveries = store_->UnsettledDeliveries(*Claim("one").chunk);
  ASSERT_TRUE(deliveries.ok()) << deliveries.status();
  ASSERT_THAT(*deliveries, SizeIs(2));
  EXPECT_EQ(deliveries->at(0).delivery.delivery_id, "a1");
  EXPECT_EQ(deliveries->at(1).delivery.delivery_id, "a3");
  ASSERT_THAT(deliveries->at(1).records, SizeIs(1));
  EXPECT_EQ(deliveries->at(1).records[0].key, "a3");
}

TEST_P(ChunkContractTest, AnExpiredLeaseIsTakenOverAndItsOldHolderWritesNothingMore) {
  CreateRun("r1");
  Plan("r1", "a", 1);
  const Fence old_fence = Claim("one").chunk->fence();
  EXPECT_TRUE(Write("a1", State::kQueued, State::kSending, old_fence).ok());
  clock_.Advance(absl::Minutes(1));
  EXPECT_THAT(*store_->ExpiredChunks(clock_.Now()), SizeIs(1));
  const ChunkClaim taken = Claim("two");
  ASSERT_TRUE(taken.chunk.has_value());
  EXPECT_EQ(taken.chunk->token, old_fence.token + 1);
  EXPECT_THAT(*store_->ExpiredChunks(clock_.Now()), IsEmpty());

  EXPECT_TRUE(sync::IsChunkLost(Write("a1", State::kSending, State::kConfirmed, old_fence)));
  EXPECT_EQ(store_->GetDelivery("a1")->delivery.state, State::kSending);
  EXPECT_EQ(store_->GetRun("r1")->counts["splp"][State::kConfirmed], 0);
  EXPECT_TRUE(Write("a1", State::kSending, State::kUnknown, taken.chunk->fence()).ok());
  EXPECT_EQ(store_->GetDelivery("a1")->delivery.state, State::kUnknown);
}

TEST_P(ChunkContractTest, ARefusedChangeDoesNotHoldUpTheOthersOfItsCommit) {
  CreateRun("r1");
  Plan("r1", "a", 1);
  Plan("r1", "b", 1);
  const Fence stale = {.chunk_id = "a1", .token = 7};
  std::vector<absl::Status> answers;
  const auto submit = [&](const std::string& id, const std::optional<Fence>& fence) {
    sync::Change change{.run_id = "r1", .fence = fence};
    change.deliveries.push_back({MakeDelivery("r1", id, id, State::kConfirmed), State::kQueued});
    store_->Submit(std::move(change), [&answers](const absl::Status& status, const sync::Change&) {
      answers.push_back(status);
    });
  };
  submit("a1", stale);
  submit("b1", Claim("one").chunk->chunk_id == "a1" ? std::optional<Fence>() : stale);
  ASSERT_TRUE(store_->Commit({.run_id = "r1"}).ok());
  ASSERT_THAT(answers, SizeIs(2));
  EXPECT_TRUE(sync::IsChunkLost(answers[0]));
  EXPECT_TRUE(answers[1].ok());
  EXPECT_EQ(store_->GetDelivery("a1")->delivery.state, State::kQueued);
  EXPECT_EQ(store_->GetDelivery("b1")->delivery.state, State::kConfirmed);
}

TEST_P(ChunkContractTest, ARenewedLeaseLastsAndTellsWhatIsHeld) {
  CreateRun("r1");
  Plan("r1", "a", 1);
  Plan("r1", "b", 1);
  Claim("one");
  Claim("two");
  clock_.Advance(absl::Seconds(50));
  const auto held = store_->RenewLeases({.holder = "one", .expire_time = clock_.Now() + absl::Minutes(1)});
  ASSERT_TRUE(held.ok()) << held.status();
  EXPECT_THAT(*held, ElementsAre(Fence{"a1", 1}));
  clock_.Advance(absl::Seconds(50));
  const auto expired = store_->ExpiredChunks(clock_.Now());
  ASSERT_THAT(*expired, SizeIs(1));
  EXPECT_EQ(expired->front().chunk_id, "b1");
}

TEST_P(ChunkContractTest, AReleasedLeaseIsFreeAtOnce) {
  CreateRun("r1");
  Plan("r1", "a", 1);
  Plan("r1", "b", 1);
  Claim("one");
  Claim("two");
  ASSERT_TRUE(store_->ReleaseLeases("one").ok());
  EXPECT_EQ(Claim("three").chunk->chunk_id, "a1");
  EXPECT_FALSE(Claim("three").chunk.has_value());
  ASSERT_TRUE(store_->ReleaseLeases("").ok());
  EXPECT_TRUE(Claim("four").chunk.has_value());
}

TEST_P(ChunkContractTest, AnEndedChunkIsGone) {
  CreateRun("r1");
  Plan("r1", "a", 1);
  const Fence fence = Claim("one").chunk->fence();
  sync::Change change{.run_id = "r1", .fence = fence, .ends_chunk = true};
  change.deliveries.push_back({MakeDelivery("r1", "a1", "a1", State::kConfirmed), State::kQueued});
  ASSERT_TRUE(store_->Commit(std::move(change)).ok());
  ASSERT_TRUE(store_->ReleaseLeases("").ok());
  EXPECT_FALSE(Claim("two").chunk.has_value());
  EXPECT_TRUE(sync::IsChunkLost(Write("a1", State::kConfirmed, State::kUnknown, fence)));
}

TEST_P(ChunkContractTest, WhatEndedRunsHaveLeftIsAskedForWithoutARun) {
  CreateRun("r1");
  CreateRun("r2");
  Plan("r1", "a", 1);
  Plan("r2", "b", 1, State::kDeferred);
  EXPECT_FALSE(Claim("one", "").chunk.has_value());
  EndRun("r2");
  EXPECT_EQ(Claim("one", "").chunk->chunk_id, "b1");
}

TEST_P(ChunkContractTest, ADiscardedPlanTakesItsChunksWithIt) {
  CreateRun("r1");
  Plan("r1", "a", 1);
  ASSERT_TRUE(store_->DiscardPlan("r1", "splp").ok());
  EXPECT_FALSE(Claim("one").chunk.has_value());
  Plan("r1", "a", 1);
  EXPECT_TRUE(Claim("one").chunk.has_value());
}

}  // namespace
}  // namespace satudata::store
