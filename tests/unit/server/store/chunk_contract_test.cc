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
  LetPass(absl::Minutes(1));
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
  LetPass(absl::Seconds(50));
  const auto held =
      store_->RenewLeases({.holder = "one", .expire_time = clock_.Now() + absl::Minutes(1)}, clock_.Now());
  ASSERT_TRUE(held.ok()) << held.status();
  EXPECT_THAT(*held, ElementsAre(Fence{"a1", 1}));
  LetPass(absl::Seconds(50));
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
  ASSERT_TRUE(store_->DiscardPlan({"r1", 1}, "splp").ok());
  EXPECT_FALSE(Claim("one").chunk.has_value());
  Plan("r1", "a", 1);
  EXPECT_TRUE(Claim("one").chunk.has_value());
}

// The run's own chunk

TEST_P(ChunkContractTest, WhoCreatesARunHasItsChunk) {
  const sync::Lease lease{"one", clock_.Now() + absl::Minutes(1)};
  ASSERT_TRUE(store_->CreateRun({MakeRun("r1"), "f", lease}).ok());
  const sync::ChunkFilter filter{.target = "", .run_id = "r1"};
  const sync::Lease theirs{"two", clock_.Now() + absl::Minutes(2)};
  EXPECT_TRUE(store_->ClaimChunk(filter, theirs, clock_.Now())->held_elsewhere);
  EXPECT_TRUE(store_->ActiveRuns(clock_.Now())->front().is_driven);
  LetPass(absl::Minutes(1));
  EXPECT_FALSE(store_->ActiveRuns(clock_.Now())->front().is_driven);
  const auto claim = store_->ClaimChunk(filter, theirs, clock_.Now());
  ASSERT_TRUE(claim.ok() && claim->chunk.has_value()) << claim.status();
  EXPECT_EQ(claim->chunk->token, 2);

  const Fence old_fence = sync::RunChunk("r1").fence();
  EXPECT_TRUE(sync::IsChunkLost(store_->DiscardPlan(old_fence, "splp")));
  EXPECT_TRUE(store_->DiscardPlan(claim->chunk->fence(), "splp").ok());
  EXPECT_TRUE(
      sync::IsChunkLost(store_->Commit({.run_id = "r1", .fence = old_fence, .planned_targets = {"splp"}})));
  EXPECT_THAT(*store_->PlannedTargets("r1"), IsEmpty());
}

TEST_P(ChunkContractTest, ARunsChunkGoesWithTheRun) {
  ASSERT_TRUE(store_->CreateRun({MakeRun("r1"), "f", {"one", clock_.Now() + absl::Minutes(1)}}).ok());
  EndRun("r1");
  EXPECT_THAT(*store_->ActiveRuns(clock_.Now()), IsEmpty());
  EXPECT_THAT(*store_->RenewLeases({"one", clock_.Now() + absl::Minutes(1)}, clock_.Now()), IsEmpty());
}

TEST_P(ChunkContractTest, OthersAreShownWhatIsReleased) {
  CreateRun("r1");
  Plan("r1", "a", 1);
  ASSERT_TRUE(store_->Commit({.run_id = "r1", .planned_targets = {"splp"}}).ok());
  EXPECT_THAT(store_->ActiveRuns(clock_.Now())->front().open_targets, IsEmpty());
  ASSERT_TRUE(store_->Commit({.run_id = "r1", .released_targets = {"splp"}}).ok());
  EXPECT_THAT(store_->ActiveRuns(clock_.Now())->front().open_targets, ElementsAre("splp"));
  const Fence fence = Claim("one").chunk->fence();
  EXPECT_THAT(store_->ActiveRuns(clock_.Now())->front().open_targets, IsEmpty());
  EXPECT_TRUE(Claim("two").held_elsewhere);
  ASSERT_TRUE(store_->Commit({.run_id = "r1", .fence = fence, .settles_chunk = true}).ok());
  EXPECT_FALSE(Claim("two").held_elsewhere) << "the run need not wait for it";
  LetPass(absl::Minutes(2));
  EXPECT_THAT(store_->ActiveRuns(clock_.Now())->front().open_targets, ElementsAre("splp"));
}

TEST_P(ChunkContractTest, WhoHasChunksOfAStoppedRunIsTold) {
  CreateRun("r1");
  Plan("r1", "a", 1);
  Claim("one");
  EXPECT_THAT(*store_->StoppedRuns("one"), IsEmpty());
  ASSERT_TRUE(store_->Commit({.run_id = "r1", .run_stop = sync::RunStop{.time = clock_.Now()}}).ok());
  EXPECT_THAT(*store_->StoppedRuns("one"), ElementsAre("r1"));
  EXPECT_THAT(*store_->StoppedRuns("two"), IsEmpty());
}

TEST_P(ChunkContractTest, ARunThatIsToBeAloneIsRefusedBesideAnother) {
  CreateRun("r1");
  const auto second = store_->CreateRun({MakeRun("r2"), "f", {}, /*alone=*/true});
  EXPECT_TRUE(absl::IsAborted(second.status())) << second.status();
  EXPECT_TRUE(store_->CreateRun({MakeRun("r3", sync::RunKind::kSyncFile), "f"}).ok());
  EndRun("r1");
  EXPECT_TRUE(store_->CreateRun({MakeRun("r2"), "f", {}, /*alone=*/true}).ok());
}

TEST_P(ChunkContractTest, ANewerDeliveryOfAFileIsFound) {
  CreateRun("r1");
  ASSERT_TRUE(Put(MakeDelivery("r1", "a1", "f1")).ok());
  ASSERT_TRUE(Put(MakeDelivery("r1", "a2", "f2")).ok());
  ASSERT_TRUE(Put(MakeDelivery("r1", "b1", "f1")).ok());
  const std::vector<std::string> ids = {"a1", "a2", "b1"};
  EXPECT_THAT(*store_->NewerDeliveries(ids), ElementsAre(testing::Pair("a1", "b1")));
}

TEST_P(ChunkContractTest, AKeyThatAnotherDeliveryHasUnderWayIsFound) {
  CreateRun("r1");
  const auto put = [this](absl::string_view id, absl::string_view file_id, absl::string_view key,
                          State state) {
    sync::Change change{.run_id = "r1"};
    change.deliveries.push_back({MakeDelivery("r1", std::string(id), std::string(file_id), state)});
    change.records.push_back({std::string(id), 0, MakeRecord(std::string(key), state)});
    return store_->Commit(std::move(change));
  };
  ASSERT_TRUE(put("a1", "f1", "k1", State::kSending).ok());
  ASSERT_TRUE(put("a2", "f2", "k1", State::kAccepted).ok());
  ASSERT_TRUE(put("a3", "f3", "k2", State::kConfirmed).ok());
  const std::vector<std::string> keys = {"k1", "k2", "k3"};
  const auto others = *store_->KeysInUse("splp", keys, std::vector<std::string>{"a1"});
  ASSERT_EQ(others.size(), 1u);
  EXPECT_EQ(others.at("k1").delivery_id, "a2");
  EXPECT_EQ(others.at("k1").state, State::kAccepted);
  EXPECT_TRUE(store_->KeysInUse("splp", keys, std::vector<std::string>{"a1", "a2"})->empty());
  ASSERT_TRUE(put("a5", "f5", "k4", State::kSending).ok());
  ASSERT_TRUE(put("a4", "f4", "k4", State::kSending).ok());
  ASSERT_TRUE(put("a6", "f6", "k4", State::kSending).ok());
  EXPECT_EQ(store_->KeysInUse("splp", std::vector<std::string>{"k4"}, {})->at("k4").delivery_id, "a4");
  EXPECT_TRUE(store_->KeysInUse("sipd", keys, {})->empty());
}

// Late workers

// Two holders of one chunk at a time, as far as each of them knows: whoever has had it longest ago writes
// nothing.
TEST_P(ChunkContractTest, ALateWorkersWriteIsAlwaysRefused) {
  constexpr int kLives = 1'000;
  base::Uniform uniform = base::SeededUniform(7);
  CreateRun("r1");
  Plan("r1", "a", 1);
  State stored = State::kQueued;
  std::optional<Fence> current;
  std::vector<Fence> late;
  for (int life = 0; life < kLives; ++life) {
    const double choice = uniform();
    if (choice < 0.3 || !current.has_value()) {  // Its lease ends, and somebody else takes the chunk.
      LetPass(absl::Minutes(2));
      const ChunkClaim claim = Claim(absl::StrCat("holder-", life));
      ASSERT_TRUE(claim.chunk.has_value()) << life;
      if (current.has_value()) late.push_back(*current);
      current = claim.chunk->fence();
    } else if (choice < 0.65) {
      const State next = stored == State::kSending ? State::kUnknown : State::kSending;
      EXPECT_TRUE(Write("a1", stored, next, *current).ok()) << life;
      stored = next;
    } else if (!late.empty()) {
      const Fence& fence = late[static_cast<size_t>(uniform() * static_cast<double>(late.size()))];
      EXPECT_TRUE(sync::IsChunkLost(Write("a1", stored, State::kConfirmed, fence))) << life;
    }
    if (life % 50 == 0) {
      EXPECT_EQ(store_->GetDelivery("a1")->delivery.state, stored) << life;
    }
  }
  EXPECT_EQ(store_->GetRun("r1")->counts["splp"][State::kConfirmed], 0);
}

}  // namespace
}  // namespace satudata::store
