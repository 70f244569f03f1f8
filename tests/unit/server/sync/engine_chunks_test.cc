// What leases and fences are for: work that another process has taken over is left to it, and work that
// nobody does is taken over.
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/unit/server/sync/engine_fixture.h"

namespace satudata::sync {
namespace {

constexpr absl::Duration kLease = absl::Milliseconds(600);

class EngineChunksTest : public EngineTest {
 protected:
  EngineChunksTest() {
    Close();
    options_.lease_time = kLease;
    Open();
  }

  ~EngineChunksTest() override {
    gate_.OpenForGood();
    Close();
  }

  // A SyncAll to splp whose first request has reached the target, and is answered once the gate is opened.
  std::string StartWaiting() {
    splp_->on_send = [this](auto) -> std::optional<SendResult> {
      sent_.Raise();
      gate_.Wait();
      return std::nullopt;
    };
    const auto run = engine_->StartRun(All({"splp"}));
    EXPECT_TRUE(run.ok()) << run.status();
    EXPECT_TRUE(sent_.Wait());
    return run.ok() ? run->run_id : "";
  }
  // What another process does whose clock says that the lease of this one has ended: the first chunk is its
  // own for `time`. In one step, so that nobody here is quicker.
  ChunkClaim TakeAway(const std::string& run_id, absl::Duration time) {
    const absl::Time now = clock_.Now();
    const auto claim = store_->ClaimChunk({.target = "splp", .run_id = run_id},
                                          {.holder = "another", .expire_time = now + time}, now + 2 * kLease);
    EXPECT_TRUE(claim.ok() && claim->chunk.has_value()) << claim.status();
    return claim.ok() ? *claim : ChunkClaim();
  }
  bool IsHeldByUs(const std::string& run_id) {
    const auto free =
        store_->ClaimChunk({.target = "splp", .run_id = run_id},
                           {.holder = "a third", .expire_time = clock_.Now()}, absl::InfinitePast());
    EXPECT_TRUE(free.ok()) << free.status();
    const auto theirs = store_->RenewLeases({.holder = "another", .expire_time = clock_.Now()}, clock_.Now());
    EXPECT_TRUE(theirs.ok()) << theirs.status();
    return free.ok() && !free->chunk.has_value() && theirs.ok() && theirs->empty();
  }

  Signal sent_;
  Signal gate_;
};

TEST_F(EngineChunksTest, ALostChunkIsTakenBackWhenItsNewHolderGivesItUp) {
  Import(MakeFiles(5));
  const std::string run_id = StartWaiting();
  ASSERT_EQ(TakeAway(run_id, kLease).chunk->token, 2);
  gate_.OpenForGood();  // What comes of it is refused: the chunk is another's.
  const sync::Run ended = std::get<sync::Run>(WatchToTheEnd(run_id).back().event);
  EXPECT_EQ(ended.state, RunState::kSucceeded);
  EXPECT_EQ(ended.Counts()[State::kConfirmed], 5);
  EXPECT_EQ(splp_->HeldCount(), 5U);
  EXPECT_EQ(splp_->needless_second_effects, 0);
  EXPECT_EQ(observer_.lost_chunks(), 1);
}

TEST_F(EngineChunksTest, ARunWaitsForWhatAnotherProcessWorksOn) {
  Import(MakeFiles(1));
  const std::string run_id = StartWaiting();
  const ChunkClaim claim = TakeAway(run_id, absl::Hours(1));
  gate_.OpenForGood();
  observer_.AwaitLostChunks(1);
  EXPECT_EQ(store_->GetRun(run_id)->state, RunState::kRunning);

  // The other one brings it to its end.
  const auto open = store_->UnsettledDeliveries(*claim.chunk);
  ASSERT_EQ(open->size(), 1U);
  Change done{.run_id = run_id, .fence = claim.chunk->fence(), .ends_chunk = true};
  Delivery delivery = open->front().delivery;
  const State previous = delivery.state;
  delivery.state = State::kConfirmed;
  delivery.records = StateCounts();
  delivery.records[State::kConfirmed] = 1;
  done.deliveries.push_back({delivery, previous});
  ASSERT_TRUE(store_->Commit(std::move(done)).ok());
  const sync::Run ended = std::get<sync::Run>(WatchToTheEnd(run_id).back().event);
  EXPECT_EQ(ended.state, RunState::kSucceeded) << "what the other one stored counts";
  EXPECT_EQ(splp_->sends, 1);
}

TEST_F(EngineChunksTest, WhatNobodyCarriesOnOfAnEndedRunIsTakenOver) {
  Import(MakeFiles(1));
  splp_->on_send = [](auto) -> std::optional<SendResult> { return ComeBackLater(); };
  const sync::Run ended = RunToTheEnd(All({"splp"}));
  ASSERT_EQ(ended.Counts()[State::kDeferred], 1);
  TakeAway("", kLease / 3);
  observer_.AwaitLostChunks(1);
  observer_.AwaitExpired();  // It is seen to stand still ...
  for (int i = 0; i < 1000 && !IsHeldByUs(""); ++i) observer_.AwaitLook();
  EXPECT_TRUE(IsHeldByUs(""));  // ... and taken over.
}

TEST_F(EngineChunksTest, AStopGivesTheLeasesBack) {
  Import(MakeFiles(1));
  splp_->on_send = [](auto) -> std::optional<SendResult> { return ComeBackLater(); };
  RunToTheEnd(All({"splp"}));
  ASSERT_TRUE(IsHeldByUs(""));
  engine_.reset();
  const auto claim = store_->ClaimChunk({.target = "splp"},
                                        {.holder = "another", .expire_time = clock_.Now()}, clock_.Now());
  ASSERT_TRUE(claim.ok()) << claim.status();
  EXPECT_TRUE(claim->chunk.has_value());
}

TEST_F(EngineChunksTest, ALeaseIsRenewedForAsLongAsTheWorkTakes) {
  Import(MakeFiles(1));
  const std::string run_id = StartWaiting();
  const absl::Time begin = clock_.Now();
  while (clock_.Now() - begin < 2 * kLease) observer_.AwaitLook();
  EXPECT_TRUE(store_->ExpiredChunks(clock_.Now())->empty());
  gate_.OpenForGood();
  EXPECT_EQ(std::get<sync::Run>(WatchToTheEnd(run_id).back().event).state, RunState::kSucceeded);
}

}  // namespace
}  // namespace satudata::sync
