// What sync::Store promises about counts of everything, whatever the engine.
#include <map>

#include "absl/strings/str_format.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/catalog/failure.h"
#include "tests/unit/server/store/store_fixture.h"

namespace satudata::store {
namespace {

using catalog::Reason;
using catalog::Verification;
using sync::Delivery;
using sync::State;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

class SummaryContractTest : public StoreContractTest {
 protected:
  void SetUp() override {
    StoreContractTest::SetUp();
    CreateRun("r1");
    CreateRun("r2");
  }

  sync::StoredSummary Read(absl::Duration back = absl::Hours(24 * 30)) {
    auto summary = store_->ReadSummary(
        {.targets = {"sipd", "splp"}, .indicator_targets = {"sipd"}, .since = clock_.Now() - back});
    EXPECT_TRUE(summary.ok()) << summary.status();
    return *std::move(summary);
  }
  // `splp CONFIRMED 3`
  static std::vector<std::string> Texts(const sync::TargetCounts& counts) {
    std::vector<std::string> texts;
    for (const auto& [target, states] : counts) {
      for (int i = 0; i < sync::kStateCount; ++i) {
        const auto state = static_cast<State>(i);
        if (states[state] == 0) continue;
        texts.push_back(absl::StrCat(target, " ", sync::StateName(state), " ", states[state]));
      }
    }
    return texts;
  }
  // Summed up over the quarters.
  std::vector<std::string> Days(absl::Duration back = absl::Hours(24 * 30)) {
    sync::TargetCounts counts;
    for (const sync::QuarterCount& item : Read(back).quarters) counts[item.target][item.state] += item.count;
    return Texts(counts);
  }
  Delivery Failed(const std::string& delivery_id, const std::string& file_id, State state, Reason reason) {
    Delivery delivery = MakeDelivery("r1", delivery_id, file_id, state);
    delivery.failure.reason = reason;
    return delivery;
  }
  absl::Status PutWithRecords(Delivery delivery, std::vector<std::pair<std::string, State>> records,
                              const std::string& target = "sipd") {
    delivery.target = target;
    sync::Change change{.run_id = delivery.run_id};
    for (const auto& [key, state] : records) {
      change.records.push_back(
          {delivery.delivery_id, static_cast<int64_t>(change.records.size()), MakeRecord(key, state)});
    }
    change.deliveries.push_back({std::move(delivery), std::nullopt});
    return store_->Commit(std::move(change));
  }
};

INSTANTIATE_TEST_SUITE_P(Engines, SummaryContractTest, testing::ValuesIn(Engines()), EngineName);

TEST_P(SummaryContractTest, AnEmptyStoreHasNothing) {
  const sync::StoredSummary summary = Read();
  EXPECT_EQ(summary.file_count, 0);
  EXPECT_THAT(summary.standings, IsEmpty());
  EXPECT_THAT(summary.quarters, IsEmpty());
  EXPECT_THAT(summary.urusans, IsEmpty());
  EXPECT_THAT(summary.turns, IsEmpty());
}

TEST_P(SummaryContractTest, FilesAreCountedWhereTheyStandNow) {
  for (const char* id : {"a", "b", "c", "d", "e"}) ASSERT_TRUE(PutFile(MakeFile(id)).ok());
  catalog::FileWithValues unverified = MakeFile("f");
  unverified.file.verification = Verification::kUnverified;
  ASSERT_TRUE(PutFile(unverified).ok());
  ASSERT_TRUE(Put(MakeDelivery("r1", "d1", "a", State::kRejected)).ok());
  ASSERT_TRUE(Put(MakeDelivery("r2", "d2", "a", State::kConfirmed)).ok());
  ASSERT_TRUE(Put(MakeDelivery("r2", "d3", "b", State::kSending)).ok());
  ASSERT_TRUE(Put(MakeDelivery("r2", "d4", "gone", State::kConfirmed)).ok());
  const sync::FileTargetStatus unchanged{
      .file_id = "c", .target = "splp", .state = State::kUnchanged, .run_id = "r2"};
  // Of d the target holds two values, and no run ever asked.
  ASSERT_TRUE(store_
                  ->Commit({.run_id = "r2",
                            .baselines = {{.target = "splp", .key = "k1", .file_id = "d"},
                                          {.target = "splp", .key = "k2", .file_id = "d"},
                                          {.target = "splp", .key = "c", .file_id = "c"}},
                            .statuses = {unchanged}})
                  .ok());
  const sync::StoredSummary summary = Read();
  EXPECT_EQ(summary.file_count, 6);
  EXPECT_EQ(summary.verified_file_count, 5);
  EXPECT_THAT(Texts(summary.standings),
              ElementsAre("splp SENDING 1", "splp CONFIRMED 1", "splp UNCHANGED 2"));
}

TEST_P(SummaryContractTest, ATargetThatIsNoLongerThereIsLeftOut) {
  ASSERT_TRUE(PutFile(MakeFile("a")).ok());
  Delivery delivery = Failed("d1", "a", State::kRejected, Reason::kMetadataMissing);
  delivery.target = "ckan";
  ASSERT_TRUE(Put(delivery).ok());
  const sync::StoredSummary summary = Read();
  EXPECT_THAT(summary.standings, IsEmpty());
  EXPECT_THAT(summary.quarters, IsEmpty());
  EXPECT_THAT(summary.turns, IsEmpty());
}

TEST_P(SummaryContractTest, TurnsAreOfTheNewestDeliveriesThatWaitForSomebody) {
  ASSERT_TRUE(Put(Failed("d1", "a", State::kRejected, Reason::kMetadataMissing)).ok());
  ASSERT_TRUE(Put(Failed("d2", "b", State::kRejected, Reason::kMetadataMissing)).ok());
  ASSERT_TRUE(Put(Failed("d3", "c", State::kDeferred, Reason::kTargetOutage)).ok());
  ASSERT_TRUE(Put(Failed("d4", "d", State::kSkipped, Reason::kNoIndicatorValues)).ok());
  ASSERT_TRUE(Put(Failed("d5", "e", State::kCancelled, Reason::kSuperseded)).ok());
  ASSERT_TRUE(Put(Failed("d6", "b", State::kConfirmed, Reason::kNone)).ok());
  std::vector<std::string> turns;
  for (const sync::Turn& turn : Read().turns) {
    turns.push_back(absl::StrCat(catalog::ReasonName(turn.reason), " ", turn.target, " ", turn.count));
  }
  EXPECT_THAT(turns, UnorderedElementsAre("METADATA_MISSING splp 1", "TARGET_OUTAGE splp 1"));
}

TEST_P(SummaryContractTest, ADeliveryCountsWhereItIsAndWhenItCameThere) {
  const absl::Time start = clock_.Now();
  ASSERT_TRUE(Put(MakeDelivery("r1", "d1", "a")).ok());
  EXPECT_THAT(Days(), ElementsAre("splp QUEUED 1"));
  clock_.Advance(absl::Hours(2));
  ASSERT_TRUE(Put(MakeDelivery("r1", "d1", "a", State::kUnknown), State::kQueued).ok());
  EXPECT_THAT(Days(), ElementsAre("splp UNKNOWN 1"));
  clock_.Advance(absl::Hours(2));
  ASSERT_TRUE(Put(MakeDelivery("r1", "d1", "a", State::kParked), State::kUnknown).ok());
  EXPECT_THAT(Days(), ElementsAre("splp PARKED 1"));
  // It arrives after all.
  clock_.Advance(absl::Hours(2));
  ASSERT_TRUE(Put(MakeDelivery("r1", "d1", "a", State::kConfirmed), State::kParked).ok());
  EXPECT_THAT(Days(), ElementsAre("splp CONFIRMED 1"));
  const sync::StoredSummary summary = Read();
  ASSERT_EQ(summary.quarters.size(), 1U);
  EXPECT_EQ(summary.quarters[0].quarter, absl::ToUnixSeconds(start) / 900 + 6 * 4);
}

TEST_P(SummaryContractTest, OlderDeliveriesCountOnTheirDaysToo) {
  ASSERT_TRUE(Put(MakeDelivery("r1", "d1", "a", State::kRejected)).ok());
  clock_.Advance(absl::Hours(48));
  ASSERT_TRUE(Put(MakeDelivery("r2", "d2", "a", State::kConfirmed)).ok());
  ASSERT_TRUE(Put(MakeDelivery("r2", "d3", "b", State::kDeferred)).ok());
  EXPECT_THAT(Days(), ElementsAre("splp CONFIRMED 1", "splp REJECTED 1", "splp DEFERRED 1"));
  EXPECT_THAT(Days(absl::Hours(24)), ElementsAre("splp CONFIRMED 1", "splp DEFERRED 1"));
  clock_.Advance(absl::Hours(48));
  EXPECT_THAT(Days(absl::Hours(24)), IsEmpty());
}

TEST_P(SummaryContractTest, PreviewsAndDiscardedPlansLeaveNoTrace) {
  CreateRun("p", sync::RunKind::kPreview);
  ASSERT_TRUE(Put(MakeDelivery("p", "d0", "a", State::kRejected)).ok());
  ASSERT_TRUE(Put(MakeDelivery("p", "d1", "b")).ok());
  EXPECT_THAT(Days(), IsEmpty());
  ASSERT_TRUE(Put(MakeDelivery("r1", "d2", "a", State::kSkipped)).ok());
  ASSERT_TRUE(Put(MakeDelivery("r2", "d3", "a", State::kSkipped)).ok());
  ASSERT_TRUE(Put(MakeDelivery("r2", "d4", "b")).ok());
  EXPECT_THAT(Days(), ElementsAre("splp QUEUED 1", "splp SKIPPED 2"));
  ASSERT_TRUE(store_->DiscardPlan({"r2", 1}, "splp").ok());
  EXPECT_THAT(Days(), ElementsAre("splp SKIPPED 1"));
  ASSERT_TRUE(store_->DiscardPlan({"p", 1}, "splp").ok());
  EXPECT_THAT(Days(), ElementsAre("splp SKIPPED 1"));
}

TEST_P(SummaryContractTest, RecordsOfTheNewestDeliveriesAreCountedByUrusan) {
  for (const char* id : {"a", "b", "c", "d"}) ASSERT_TRUE(PutFile(MakeFile(id)).ok());
  ASSERT_TRUE(PutWithRecords(MakeDelivery("r1", "d1", "a", State::kRejected),
                             {{"1612.1.02.000318.2023", State::kRejected}})
                  .ok());
  ASSERT_TRUE(PutWithRecords(MakeDelivery("r2", "d2", "a", State::kPartial),
                             {{"1612.1.02.000318.2023", State::kConfirmed},
                              {"1612.1.02.000319.2023", State::kRejected},
                              {"1612.2.09.000001.2024", State::kConfirmed},
                              {"rubbish", State::kRejected}})
                  .ok());
  // Of another target: a key that looks like a value's is none.
  ASSERT_TRUE(PutWithRecords(MakeDelivery("r2", "d3", "b", State::kConfirmed),
                             {{"1612.1.02.000400.2024", State::kConfirmed}}, "splp")
                  .ok());
  // Found unchanged, so that no delivery speaks for it; and held, though nobody ever asked.
  const sync::FileTargetStatus unchanged{
      .file_id = "c", .target = "sipd", .state = State::kUnchanged, .run_id = "r2"};
  ASSERT_TRUE(store_
                  ->Commit({.run_id = "r2",
                            .baselines = {{.target = "sipd", .key = "1612.1.02.000500.2024", .file_id = "c"},
                                          {.target = "sipd", .key = "1612.1.02.000600.2024", .file_id = "d"}},
                            .statuses = {unchanged}})
                  .ok());
  const sync::StoredSummary summary = Read();
  std::map<std::string, std::vector<std::string>> urusans;
  for (const auto& [kode, counts] : summary.urusans) urusans[kode] = Texts(counts);
  EXPECT_THAT(urusans.at("1.02"), ElementsAre("sipd CONFIRMED 1", "sipd UNCHANGED 2", "sipd REJECTED 1"));
  EXPECT_THAT(urusans.at("2.09"), ElementsAre("sipd CONFIRMED 1"));
  EXPECT_EQ(urusans.size(), 2U);
}

}  // namespace
}  // namespace satudata::store
