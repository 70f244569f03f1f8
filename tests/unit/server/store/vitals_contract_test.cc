// What the store tells of its vitals, on every engine.
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/unit/server/store/store_fixture.h"

namespace satudata::store {
namespace {

using sync::State;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using testing::SizeIs;

class VitalsContractTest : public StoreContractTest {
 protected:
  // A run over the whole catalogue that has ended.
  void WholeRun(const std::string& run_id, std::vector<std::string> targets,
                sync::RunState state = sync::RunState::kSucceeded) {
    CreateRun(run_id);
    sync::Change change{.run_id = run_id};
    change.verified_file_count = 1;
    change.planned_targets = std::move(targets);
    change.run_state = sync::RunStateChange{sync::RunState::kQueued, state};
    change.run_end_time = clock_.Now();
    ASSERT_TRUE(store_->Commit(std::move(change)).ok());
  }
  sync::StoredVitals Vitals() {
    auto vitals = store_->ReadVitals({"splp", "sipd"});
    EXPECT_TRUE(vitals.ok()) << vitals.status();
    return *std::move(vitals);
  }
};

INSTANTIATE_TEST_SUITE_P(Engines, VitalsContractTest, testing::ValuesIn(Engines()), EngineName);

TEST_P(VitalsContractTest, OfAnEmptyStoreThereIsNothingToTell) {
  const sync::StoredVitals vitals = Vitals();
  EXPECT_THAT(vitals.resting, IsEmpty());
  EXPECT_THAT(vitals.confirm_times, IsEmpty());
  EXPECT_THAT(vitals.sync_times, IsEmpty());
  EXPECT_THAT(vitals.runs, IsEmpty());
}

TEST_P(VitalsContractTest, ATargetsLastGoodRunIsFoundHoweverManyCameAfterItWithoutThatTarget) {
  WholeRun("r100", {"splp", "sipd"});
  const absl::Time both = clock_.Now();
  for (int i = 101; i < 165; ++i) {
    clock_.Advance(absl::Hours(1));
    WholeRun(absl::StrCat("r", i), {"splp"});
  }
  const absl::Time last = clock_.Now();
  clock_.Advance(absl::Hours(1));
  WholeRun("r200", {"splp", "sipd"}, sync::RunState::kFailed);
  EXPECT_THAT(Vitals().sync_times, ElementsAre(Pair("sipd", both), Pair("splp", last)));
}

TEST_P(VitalsContractTest, WhatRestsIsCountedByStateWithTheOldest) {
  CreateRun("r1");
  const absl::Time first = clock_.Now();
  ASSERT_TRUE(Put(MakeDelivery("r1", "a1", "f1", State::kParked)).ok());
  clock_.Advance(absl::Hours(1));
  ASSERT_TRUE(Put(MakeDelivery("r1", "a2", "f2", State::kParked)).ok());
  ASSERT_TRUE(Put(MakeDelivery("r1", "a3", "f3", State::kConfirmed)).ok());
  const sync::StoredVitals vitals = Vitals();
  ASSERT_THAT(vitals.resting, SizeIs(1));
  EXPECT_EQ(vitals.resting[0].target, "splp");
  EXPECT_EQ(vitals.resting[0].state, State::kParked);
  EXPECT_EQ(vitals.resting[0].count, 2);
  EXPECT_EQ(vitals.resting[0].oldest, first);
  EXPECT_THAT(vitals.confirm_times, SizeIs(1));
  ASSERT_THAT(vitals.runs, SizeIs(1));
  EXPECT_EQ(vitals.runs[0].run_id, "r1");
  EXPECT_EQ(vitals.runs[0].sequence, 3);
}

}  // namespace
}  // namespace satudata::store
