#include "tests/simulator/truth.h"

#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "tests/fakes/fake_clock.h"

namespace satudata::simulator {
namespace {

constexpr char kKey[] = "1612.1.02.000318.2024";

Write ValueWrite(const std::string& value) {
  return {.kind = WriteKind::kValue, .key = *ParseValueKey(kKey), .value = value};
}

Write DatasetWrite(const std::string& body, Condition condition = Condition::kAlways) {
  return {.kind = WriteKind::kDataset, .id = "f1", .value = body, .condition = condition};
}

State StateWith(const std::string& data, bool is_final = false) {
  State state;
  state.values.push_back({.key = *ParseValueKey(kKey), .data = data, .is_final = is_final});
  return state;
}

class TruthTest : public ::testing::Test {
 protected:
  Outcome Bring(const std::string& value, uint64_t request = 1) {
    return truth_.Perform(ValueWrite(value), request, Actor::kClient);
  }
  Record record() { return truth_.SipdRecord(kKey).value_or(Record()); }

  fakes::FakeClock clock_;
  Truth truth_{clock_, 4};
};

TEST_F(TruthTest, FirstApplyIsNeeded) {
  EXPECT_TRUE(Bring("9").applied);
  EXPECT_EQ(*record().value, "9");
  EXPECT_EQ(record().applies, 1u);
  EXPECT_EQ(record().needless_second_effects, 0u);
}

TEST_F(TruthTest, SameValueAgainIsANeedlessSecondEffect) {
  Bring("9");
  Bring("9.0", 2);
  EXPECT_EQ(record().needless_second_effects, 1u);
  EXPECT_EQ(truth_.TotalsOf(System::kSipd).needless_second_effects, 1u);
}

TEST_F(TruthTest, AnotherValueInBetweenMakesItNeededAgain) {
  Bring("9");
  Bring("10");
  Bring("9");
  EXPECT_EQ(record().applies, 3u);
  EXPECT_EQ(record().needless_second_effects, 0u);
}

TEST_F(TruthTest, InterferenceMakesItNeededAgainAndCountsAsNobodysApply) {
  Bring("9");
  truth_.Perform(ValueWrite("19"), 1, Actor::kOther);
  Bring("9");
  EXPECT_EQ(record().applies, 2u);
  EXPECT_EQ(record().needless_second_effects, 0u);
}

TEST_F(TruthTest, WhatWasThereAtStartIsRepeatedOnceThenNeedless) {
  truth_.Merge(StateWith("9"));
  Bring("9");
  EXPECT_EQ(record().repeats_of_state, 1u);
  EXPECT_EQ(record().needless_second_effects, 0u);
  Bring("9");
  EXPECT_EQ(record().needless_second_effects, 1u);
}

TEST_F(TruthTest, RefusesFinalUnknownAndNonNumericValues) {
  truth_.Merge(StateWith("9", /*is_final=*/true));
  EXPECT_EQ(Bring("10").refusal, "data sudah final");
  EXPECT_EQ(*record().value, "9");
  EXPECT_EQ(truth_.RefusalOf(ValueWrite("2,24")), "data bukan angka");
  Write local = ValueWrite("9");
  local.key.kodeindikator = "35.07.01.001.01";
  EXPECT_EQ(truth_.RefusalOf(local), "kodeindikator tidak terdaftar");
}

TEST_F(TruthTest, AReferenceListDecidesWhatIsKnown) {
  State state;
  state.reference.push_back({.kodeindikator = "1.02.000318", .status = "DISABLED"});
  truth_.Merge(state);
  EXPECT_EQ(truth_.RefusalOf(ValueWrite("9")), "kodeindikator DISABLED");
  Write unlisted = ValueWrite("9");
  unlisted.key.kodeindikator = "1.02.000319";
  EXPECT_EQ(truth_.RefusalOf(unlisted), "kodeindikator tidak terdaftar");
}

TEST_F(TruthTest, AWithdrawnIndicatorTakesNoValuesOfThatRegion) {
  Write withdrawal = ValueWrite("tidak ada");
  withdrawal.kind = WriteKind::kWithdrawal;
  truth_.Perform(withdrawal, 1, Actor::kClient);
  EXPECT_EQ(truth_.RefusalOf(ValueWrite("9")), "kodeindikator DISABLED");
  truth_.Perform(withdrawal, 2, Actor::kClient);
  EXPECT_EQ(truth_.WithdrawalRecord(kKey)->needless_second_effects, 1u);
  Write elsewhere = ValueWrite("9");
  elsewhere.key.kodepemda = "1613";
  EXPECT_EQ(truth_.RefusalOf(elsewhere), std::nullopt);
}

TEST_F(TruthTest, ANewValueEndsItsVerification) {
  State state = StateWith("9");
  state.values[0].by_walidata = state.values[0].by_pembina = true;
  truth_.Merge(state);
  Bring("9");
  EXPECT_TRUE(record().by_walidata);
  Bring("10");
  EXPECT_FALSE(record().by_walidata || record().by_pembina);
}

TEST_F(TruthTest, LateAppliesWaitUntilTheyAreDue) {
  const absl::Duration now = clock_.Monotonic();
  truth_.Defer(ValueWrite("9"), 5, now + absl::Seconds(2));
  EXPECT_EQ(truth_.ApplyDue(now), now + absl::Seconds(2));
  EXPECT_EQ(truth_.pending(), 1u);
  EXPECT_FALSE(record().Holds());
  EXPECT_EQ(truth_.ApplyDue(now + absl::Seconds(2)), std::nullopt);
  EXPECT_EQ(*record().value, "9");
  EXPECT_EQ(record().history.at(0).by, Actor::kLate);
  EXPECT_EQ(record().history.at(0).request, 5u);
}

TEST_F(TruthTest, FlushAppliesWhatIsPendingInOrder) {
  truth_.Defer(ValueWrite("10"), 2, absl::Hours(9000));
  truth_.Defer(ValueWrite("9"), 1, absl::Hours(8000));
  EXPECT_EQ(truth_.Flush(), 2u);
  EXPECT_EQ(*record().value, "10");
  EXPECT_EQ(truth_.Flush(), 0u);
}

TEST_F(TruthTest, HistoryIsBoundedCountsAreNot) {
  for (int i = 0; i < 10; ++i) Bring(std::to_string(i), i);
  EXPECT_EQ(record().applies, 10u);
  ASSERT_EQ(record().history.size(), 4u);
  EXPECT_EQ(record().history.back().request, 9u);
}

TEST_F(TruthTest, DatasetsCompareWithoutTheirTimestamps) {
  truth_.Perform(DatasetWrite(R"({"a":1,"updated_at":"x"})"), 1, Actor::kClient);
  truth_.Perform(DatasetWrite(R"({"updated_at":"y","a":1})"), 2, Actor::kClient);
  EXPECT_EQ(truth_.SplpRecord("f1")->needless_second_effects, 1u);
  truth_.Perform(DatasetWrite(R"({"a":2})"), 3, Actor::kClient);
  EXPECT_EQ(truth_.SplpRecord("f1")->needless_second_effects, 1u);
}

TEST_F(TruthTest, ConditionsAreJudgedTogetherWithTheWrite) {
  EXPECT_FALSE(truth_.Perform(DatasetWrite("{}", Condition::kIfPresent), 1, Actor::kClient).applied);
  EXPECT_TRUE(truth_.Perform(DatasetWrite("{}", Condition::kIfAbsent), 2, Actor::kClient).applied);
  const Outcome outcome = truth_.Perform(DatasetWrite("{}", Condition::kIfAbsent), 3, Actor::kClient);
  EXPECT_FALSE(outcome.applied);
  EXPECT_TRUE(outcome.existed);
}

TEST_F(TruthTest, HeldCountsWhatIsThereNow) {
  truth_.Merge(StateWith("9"));
  Bring("10");
  EXPECT_EQ(truth_.TotalsOf(System::kSipd).held, 1u);
  State removal;
  removal.remove_values.push_back(*ParseValueKey(kKey));
  truth_.Merge(removal);
  EXPECT_EQ(truth_.TotalsOf(System::kSipd).held, 0u);
  EXPECT_EQ(record().applies, 1u);
  EXPECT_TRUE(truth_.ReadTable({.kodepemda = "1612"}).rows.empty());
}

TEST_F(TruthTest, TablesAreReadByRegionYearAndPage) {
  for (const char* key :
       {"1612.1.02.000001.2023", "1612.1.02.000002.2024", "1612.1.02.000003.2024", "1613.1.02.000001.2024"}) {
    truth_.Perform({.key = *ParseValueKey(key), .value = "1"}, 1, Actor::kClient);
  }
  EXPECT_EQ(truth_.ReadTable({.kodepemda = "1612"}).rows.size(), 3u);
  EXPECT_EQ(truth_.ReadTable({.kodepemda = "1612", .tahun = "2024"}).rows.size(), 2u);
  EXPECT_TRUE(truth_.ReadTable({.kodepemda = "1612", .final_only = true}).rows.empty());
  const TablePage page = truth_.ReadTable({.kodepemda = "1612", .offset = 1, .limit = 1});
  ASSERT_EQ(page.rows.size(), 1u);
  EXPECT_EQ(page.rows[0].key.kodeindikator, "1.02.000002");
  EXPECT_EQ(page.total, 3u);
}

TEST_F(TruthTest, JsonIsWellFormedAndComplete) {
  Bring("9");
  truth_.Note(ValueWrite(""), {1, 200, "ok"});
  truth_.Perform(DatasetWrite(R"({"a":"\"x\""})"), 2, Actor::kClient);
  truth_.Defer(ValueWrite("10"), 3, clock_.Monotonic() + absl::Seconds(1));
  const auto json = nlohmann::json::parse(truth_.Json(Detail::kHistory), nullptr, false);
  ASSERT_TRUE(json.is_object());
  EXPECT_EQ(json["sipd"][kKey]["value"], "9");
  EXPECT_EQ(json["sipd"][kKey]["history"][0]["by"], "client");
  EXPECT_EQ(json["sipd"][kKey]["answers"][0]["what"], "ok");
  EXPECT_EQ(json["splp"]["f1"]["value"]["a"], "\"x\"");
  EXPECT_EQ(json["pending"][0]["due_in_ms"], 1000);
  EXPECT_EQ(json["totals"]["splp"]["held"], 1);
}

}  // namespace
}  // namespace satudata::simulator
