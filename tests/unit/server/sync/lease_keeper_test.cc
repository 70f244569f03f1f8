#include "server/sync/lease_keeper.h"

#include <memory>
#include <string>

#include "gtest/gtest.h"
#include "tests/unit/server/sync/engine_fixture.h"

namespace satudata::sync {
namespace {

// A keeper beside the engine's own store, with one free chunk.
class LeaseKeeperTest : public EngineTest {
 protected:
  LeaseKeeperTest() : time_(clock_) {
    engine_.reset();
    const sync::Run run{.run_id = "r1", .request = All({"splp"}), .create_time = clock_.Now()};
    EXPECT_TRUE(store_->CreateRun({run, "fingerprint"}).ok());
    Change plan{.run_id = "r1"};
    plan.new_chunks.push_back({.chunk_id = "d1", .run_id = "r1", .target = "splp", .last_delivery_id = "d1"});
    EXPECT_TRUE(store_->Commit(std::move(plan)).ok());
    keeper_ = std::make_unique<LeaseKeeper>(
        LeaseKeeper::Options{
            .holder = "one", .lease_time = absl::Minutes(1), .look_interval = absl::Minutes(1)},
        LeaseKeeper::Dependencies{.store = store_.get(),
                                  .time = &time_,
                                  .observer = &observer_,
                                  .on_renewed = [](absl::Time) {},
                                  .on_lost = [this](const Chunk&) { lost_.Raise(); },
                                  .on_expired = [](const std::vector<Chunk>&) {}});
  }
  ~LeaseKeeperTest() override { keeper_.reset(); }

  const ChunkFilter filter_{.target = "splp", .run_id = "r1"};
  const SteadyTime time_;
  Signal lost_;
  std::unique_ptr<LeaseKeeper> keeper_;
};

TEST_F(LeaseKeeperTest, WhatIsGivenBackIsGivenOutAgain) {
  const auto first = keeper_->Claim(filter_);
  ASSERT_TRUE(first.ok() && first->chunk.has_value()) << first.status();
  EXPECT_FALSE(keeper_->Claim(filter_)->chunk.has_value());
  keeper_->GiveBack(filter_, *first->chunk);
  EXPECT_FALSE(keeper_->Claim({.target = "splp", .run_id = "r2"})->chunk.has_value());
  const auto again = keeper_->Claim(filter_);
  ASSERT_TRUE(again.ok() && again->chunk.has_value()) << again.status();
  EXPECT_EQ(again->chunk->fence(), first->chunk->fence());
  EXPECT_FALSE(keeper_->Claim(filter_)->chunk.has_value());
}

TEST_F(LeaseKeeperTest, WhatWasLostAfterItWasGivenBackIsNot) {
  const auto first = keeper_->Claim(filter_);
  ASSERT_TRUE(first.ok() && first->chunk.has_value()) << first.status();
  keeper_->GiveBack(filter_, *first->chunk);
  ASSERT_TRUE(store_->ReleaseLeases("one").ok());
  const absl::Time now = clock_.Now();
  ASSERT_TRUE(store_->ClaimChunk(filter_, {"another", now + absl::Hours(1)}, now)->chunk.has_value());
  keeper_->Start();
  keeper_->NoteRefusal();
  ASSERT_TRUE(lost_.Wait());
  const auto none = keeper_->Claim(filter_);
  ASSERT_TRUE(none.ok()) << none.status();
  EXPECT_FALSE(none->chunk.has_value());
  EXPECT_TRUE(none->held_elsewhere);
}

}  // namespace
}  // namespace satudata::sync
