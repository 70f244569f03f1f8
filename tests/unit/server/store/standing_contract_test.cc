// What sync::Store promises about whose turn it is: the newest deliveries, by owner and reason, whatever the
// engine.
#include <algorithm>
#include <random>
#include <set>

#include "absl/strings/str_format.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/catalog/failure.h"
#include "tests/unit/server/store/store_fixture.h"

namespace satudata::store {
namespace {

using catalog::Owner;
using catalog::Reason;
using sync::Delivery;
using sync::DeliveryFilter;
using sync::State;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class StandingContractTest : public StoreContractTest {
 protected:
  void SetUp() override {
    StoreContractTest::SetUp();
    CreateRun("r1");
    CreateRun("r2");
  }

  Delivery Failed(const std::string& run_id, const std::string& delivery_id, const std::string& file_id,
                  State state, Reason reason) {
    Delivery delivery = MakeDelivery(run_id, delivery_id, file_id, state);
    delivery.failure.reason = reason;
    delivery.failure.args = {{"detail", "rusak \"total\""}};
    return delivery;
  }
  std::vector<std::string> Ids(const DeliveryFilter& filter, int64_t page_size = 1000) {
    std::vector<std::string> ids;
    sync::Page page{.limit = page_size};
    while (true) {
      const auto listed = store_->ListDeliveries(filter, page);
      EXPECT_TRUE(listed.ok()) << listed.status();
      for (const Delivery& delivery : *listed) ids.push_back(delivery.delivery_id);
      if (static_cast<int64_t>(listed->size()) < page_size) return ids;
      page.after = ids.back();
    }
  }
  std::vector<std::string> FilesThatStand(State state) {
    std::vector<std::string> ids;
    const sync::FileFilter filter{.target = "splp", .state = state};
    const auto rows = store_->ListFiles(filter, {});
    EXPECT_TRUE(rows.ok()) << rows.status();
    for (const sync::FileRow& row : *rows) ids.push_back(row.file.file_id);
    return ids;
  }
};

INSTANTIATE_TEST_SUITE_P(Engines, StandingContractTest, testing::ValuesIn(Engines()), EngineName);

TEST_P(StandingContractTest, TheNewestAreThoseThatFilesStandBy) {
  ASSERT_TRUE(Put(MakeDelivery("r1", "d1", "a", State::kRejected)).ok());
  ASSERT_TRUE(Put(MakeDelivery("r1", "d2", "b", State::kConfirmed)).ok());
  ASSERT_TRUE(Put(MakeDelivery("r1", "d3", "c", State::kRejected)).ok());
  Delivery elsewhere = MakeDelivery("r2", "d4", "a", State::kQueued);
  elsewhere.target = "sipd";
  ASSERT_TRUE(Put(elsewhere).ok());
  ASSERT_TRUE(Put(MakeDelivery("r2", "d5", "a", State::kSending)).ok());
  const sync::FileTargetStatus unchanged{
      .file_id = "c", .target = "splp", .state = State::kUnchanged, .run_id = "r2"};
  ASSERT_TRUE(store_->Commit({.run_id = "r2", .statuses = {unchanged}}).ok());

  EXPECT_THAT(Ids({.newest = true}), ElementsAre("d2", "d4", "d5"));
  EXPECT_THAT(Ids({.target = "splp", .newest = true}), ElementsAre("d2", "d5"));
  EXPECT_THAT(Ids({.run_id = "r1", .newest = true}), ElementsAre("d2"));
  EXPECT_THAT(Ids({.file_id = "a", .newest = true}), ElementsAre("d4", "d5"));
  EXPECT_THAT(Ids({.states = {State::kSending, State::kConfirmed}, .newest = true}), ElementsAre("d2", "d5"));
  EXPECT_THAT(Ids({.states = {State::kRejected}, .newest = true}), IsEmpty());
}

TEST_P(StandingContractTest, ItIsTheTurnOfWhoOwnsTheReasonWhereSomebodyMustActOrWaits) {
  const std::pair<State, bool> cases[] = {
      {State::kQueued, false},    {State::kSending, false},   {State::kAccepted, false},
      {State::kConfirmed, false}, {State::kUnchanged, false}, {State::kSkipped, false},
      {State::kRejected, true},   {State::kPartial, true},    {State::kUnknown, true},
      {State::kDeferred, true},   {State::kParked, true},     {State::kCancelled, false}};
  for (const auto& [state, is_turn] : cases) {
    const std::string id(sync::StateName(state));
    ASSERT_TRUE(Put(Failed("r1", id, id, state, Reason::kMetadataMissing)).ok());
    for (const DeliveryFilter& filter :
         {DeliveryFilter{.owner = Owner::kProducer, .newest = true},
          DeliveryFilter{.run_id = "r1", .owner = Owner::kProducer},
          DeliveryFilter{.file_id = id, .owner = Owner::kProducer, .reason = Reason::kMetadataMissing}}) {
      const std::vector<std::string> ids = Ids(filter);
      EXPECT_EQ(std::count(ids.begin(), ids.end(), id), is_turn ? 1 : 0) << id;
    }
  }
  EXPECT_THAT(Ids({.owner = Owner::kOperator, .newest = true}), IsEmpty());
  EXPECT_THAT(Ids({.states = {State::kSkipped}, .owner = Owner::kProducer, .newest = true}), IsEmpty());
  EXPECT_THAT(Ids({.owner = Owner::kProducer, .reason = Reason::kTargetOutage, .newest = true}), IsEmpty());
}

TEST_P(StandingContractTest, AReasonIsFoundWhereverADeliveryRests) {
  ASSERT_TRUE(Put(Failed("r1", "d1", "a", State::kSkipped, Reason::kNoIndicatorValues)).ok());
  ASSERT_TRUE(Put(Failed("r1", "d2", "b", State::kCancelled, Reason::kSuperseded)).ok());
  ASSERT_TRUE(Put(Failed("r1", "d3", "c", State::kDeferred, Reason::kTargetOutage)).ok());
  ASSERT_TRUE(Put(Failed("r1", "d4", "d", State::kQueued, Reason::kTargetOutage)).ok());
  EXPECT_THAT(Ids({.reason = Reason::kNoIndicatorValues, .newest = true}), ElementsAre("d1"));
  EXPECT_THAT(Ids({.run_id = "r1", .reason = Reason::kSuperseded}), ElementsAre("d2"));
  EXPECT_THAT(Ids({.run_id = "r1", .reason = Reason::kTargetOutage}), ElementsAre("d3"));
  EXPECT_THAT(Ids({.run_id = "r2", .reason = Reason::kTargetOutage}), IsEmpty());
}

TEST_P(StandingContractTest, WhoseTurnItIsFollowsTheDelivery) {
  ASSERT_TRUE(PutFile(MakeFile("a")).ok());
  const DeliveryFilter targets{.owner = Owner::kTarget, .newest = true};
  const DeliveryFilter operators{.owner = Owner::kOperator, .newest = true};
  ASSERT_TRUE(Put(MakeDelivery("r1", "d1", "a")).ok());
  EXPECT_THAT(Ids(targets), IsEmpty());
  ASSERT_TRUE(Put(Failed("r1", "d1", "a", State::kUnknown, Reason::kTargetTimeout), State::kQueued).ok());
  EXPECT_THAT(Ids(targets), ElementsAre("d1"));
  EXPECT_THAT(FilesThatStand(State::kUnknown), ElementsAre("a"));
  ASSERT_TRUE(Put(Failed("r1", "d1", "a", State::kUnknown, Reason::kAnswerUnknown), State::kUnknown).ok());
  EXPECT_THAT(Ids(targets), IsEmpty());
  EXPECT_THAT(Ids(operators), ElementsAre("d1"));
  ASSERT_TRUE(Put(MakeDelivery("r1", "d1", "a", State::kConfirmed), State::kUnknown).ok());
  EXPECT_THAT(Ids(operators), IsEmpty());
  EXPECT_THAT(Ids({.run_id = "r1", .owner = Owner::kOperator}), IsEmpty());
  EXPECT_THAT(FilesThatStand(State::kUnknown), IsEmpty());
  EXPECT_THAT(FilesThatStand(State::kConfirmed), ElementsAre("a"));
}

TEST_P(StandingContractTest, AnOlderDeliveryNoLongerSpeaks) {
  ASSERT_TRUE(PutFile(MakeFile("a")).ok());
  const DeliveryFilter targets{.owner = Owner::kTarget, .newest = true};
  ASSERT_TRUE(Put(Failed("r1", "d1", "a", State::kUnknown, Reason::kTargetTimeout)).ok());
  ASSERT_TRUE(Put(MakeDelivery("r2", "d2", "a")).ok());
  EXPECT_THAT(Ids(targets), IsEmpty());
  ASSERT_TRUE(Put(Failed("r1", "d1", "a", State::kParked, Reason::kNotSeenAtTarget), State::kUnknown).ok());
  EXPECT_THAT(Ids(targets), IsEmpty());
  EXPECT_THAT(FilesThatStand(State::kParked), IsEmpty());
  EXPECT_THAT(Ids({.run_id = "r1", .owner = Owner::kTarget}), ElementsAre("d1"));
}

TEST_P(StandingContractTest, AStandingWithoutDeliveryIsNobodysTurn) {
  ASSERT_TRUE(PutFile(MakeFile("a")).ok());
  ASSERT_TRUE(Put(Failed("r1", "d1", "a", State::kRejected, Reason::kMetadataMissing)).ok());
  const sync::FileTargetStatus unchanged{
      .file_id = "a", .target = "splp", .state = State::kUnchanged, .run_id = "r2"};
  ASSERT_TRUE(store_->Commit({.run_id = "r2", .statuses = {unchanged}}).ok());
  EXPECT_THAT(Ids({.owner = Owner::kProducer, .newest = true}), IsEmpty());
  EXPECT_THAT(FilesThatStand(State::kRejected), IsEmpty());
  EXPECT_THAT(FilesThatStand(State::kUnchanged), ElementsAre("a"));
}

TEST_P(StandingContractTest, ADeletedFileIsNobodysTurn) {
  ASSERT_TRUE(PutFile(MakeFile("a")).ok());
  ASSERT_TRUE(Put(Failed("r1", "d1", "a", State::kRejected, Reason::kMetadataMissing)).ok());
  ASSERT_TRUE(DropFile("a").ok());
  EXPECT_THAT(Ids({.owner = Owner::kProducer, .newest = true}), IsEmpty());
  EXPECT_THAT(Ids({.run_id = "r1", .owner = Owner::kProducer}), ElementsAre("d1"));
}

TEST_P(StandingContractTest, APreviewIsFoundInItsRunAlone) {
  CreateRun("p", sync::RunKind::kPreview);
  ASSERT_TRUE(Put(Failed("p", "d1", "a", State::kRejected, Reason::kMetadataMissing)).ok());
  EXPECT_THAT(Ids({.run_id = "p", .owner = Owner::kProducer}), ElementsAre("d1"));
  EXPECT_THAT(Ids({.owner = Owner::kProducer, .newest = true}), IsEmpty());
  EXPECT_THAT(Ids({.file_id = "a", .owner = Owner::kProducer}), IsEmpty());
}

TEST_P(StandingContractTest, ADiscardedPlanGivesTheTurnBack) {
  for (const char* id : {"a", "b"}) ASSERT_TRUE(PutFile(MakeFile(id)).ok());
  ASSERT_TRUE(Put(Failed("r1", "d1", "a", State::kRejected, Reason::kMetadataMissing)).ok());
  ASSERT_TRUE(Put(MakeDelivery("r1", "d2", "b", State::kConfirmed)).ok());
  ASSERT_TRUE(Put(MakeDelivery("r2", "d3", "a")).ok());
  ASSERT_TRUE(Put(Failed("r2", "d4", "b", State::kRejected, Reason::kMetadataMissing)).ok());
  EXPECT_THAT(Ids({.owner = Owner::kProducer, .newest = true}), ElementsAre("d4"));
  ASSERT_TRUE(store_->DiscardPlan({"r2", 1}, "splp").ok());
  EXPECT_THAT(Ids({.owner = Owner::kProducer, .newest = true}), ElementsAre("d1"));
  EXPECT_THAT(FilesThatStand(State::kRejected), ElementsAre("a"));
  EXPECT_THAT(FilesThatStand(State::kConfirmed), ElementsAre("b"));
}

// A world of deliveries that came and went, and every filter judged by looking at all of them.
class StandingModelTest : public StandingContractTest {
 protected:
  static constexpr Reason kReasons[] = {Reason::kNone,         Reason::kMetadataMissing,
                                        Reason::kTargetOutage, Reason::kRefusedByTarget,
                                        Reason::kSuperseded,   Reason::kAnswerUnknown};

  int Roll(int sides) { return std::uniform_int_distribution<int>(0, sides - 1)(dice_); }
  State RollState() { return static_cast<State>(Roll(sync::kStateCount)); }

  void Play(int moves) {
    for (int i = 0; i < moves; ++i) {
      if (deliveries_.empty() || Roll(3) == 0) {
        const std::string run_id = Roll(2) == 0 ? "r1" : "r2";
        Delivery delivery = Failed(run_id, absl::StrFormat("d%04d", deliveries_.size()),
                                   absl::StrCat("f", Roll(8)), RollState(), kReasons[Roll(6)]);
        if (Roll(2) == 0) delivery.target = "sipd";
        ASSERT_TRUE(Put(delivery).ok());
        newest_[{delivery.file_id, delivery.target}] = delivery.delivery_id;
        deliveries_.push_back(delivery);
      } else {
        Delivery& delivery = deliveries_[static_cast<size_t>(Roll(static_cast<int>(deliveries_.size())))];
        const State previous = delivery.state;
        delivery.state = RollState();
        delivery.failure.reason = kReasons[Roll(6)];
        ASSERT_TRUE(Put(delivery, previous).ok());
      }
    }
  }

  DeliveryFilter RollFilter() {
    DeliveryFilter filter{.newest = Roll(3) > 0};
    if (Roll(3) == 0 || !filter.newest) filter.run_id = Roll(2) == 0 ? "r1" : "r2";
    if (Roll(4) == 0) filter.file_id = absl::StrCat("f", Roll(8));
    if (Roll(3) == 0) filter.target = Roll(2) == 0 ? "splp" : "sipd";
    for (int i = Roll(4); i > 0; --i) filter.states.push_back(RollState());
    if (Roll(2) == 0) filter.owner = static_cast<Owner>(Roll(5));
    if (Roll(3) == 0) filter.reason = kReasons[Roll(6)];
    return filter;
  }

  bool Matches(const Delivery& delivery, const DeliveryFilter& filter) {
    const bool passes = delivery.state == State::kQueued || delivery.state == State::kSending ||
                        delivery.state == State::kAccepted || delivery.state == State::kConfirmed ||
                        delivery.state == State::kUnchanged;
    const Reason reason = passes ? Reason::kNone : delivery.failure.reason;
    const bool is_newest = newest_.at({delivery.file_id, delivery.target}) == delivery.delivery_id;
    const bool is_state = filter.states.empty() || std::find(filter.states.begin(), filter.states.end(),
                                                             delivery.state) != filter.states.end();
    const bool is_owner = filter.owner == Owner::kNone ||
                          (sync::IsSomebodysTurn(delivery.state) && catalog::OwnerOf(reason) == filter.owner);
    return is_state && is_owner && (!filter.newest || is_newest) &&
           (filter.reason == Reason::kNone || filter.reason == reason) &&
           (filter.run_id.empty() || filter.run_id == delivery.run_id) &&
           (filter.file_id.empty() || filter.file_id == delivery.file_id) &&
           (filter.target.empty() || filter.target == delivery.target);
  }

  std::mt19937 dice_{7};
  std::vector<Delivery> deliveries_;  // By id.
  std::map<std::pair<std::string, std::string>, std::string> newest_;
};

INSTANTIATE_TEST_SUITE_P(Engines, StandingModelTest, testing::ValuesIn(Engines()), EngineName);

TEST_P(StandingModelTest, EveryFilterFindsWhatMatchesInPages) {
  size_t found = 0;
  for (int round = 0; round < 6; ++round) {
    Play(60);
    for (int i = 0; i < 60; ++i) {
      const DeliveryFilter filter = RollFilter();
      std::vector<std::string> expected;
      for (const Delivery& delivery : deliveries_) {
        if (Matches(delivery, filter)) expected.push_back(delivery.delivery_id);
      }
      EXPECT_EQ(Ids(filter, /*page_size=*/1 + Roll(4)), expected) << round << " " << i;
      found += expected.size();
    }
  }
  EXPECT_GT(found, 500U);  // The filters are not all in vain.
}

}  // namespace
}  // namespace satudata::store
