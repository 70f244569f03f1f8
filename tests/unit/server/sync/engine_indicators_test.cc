// The engine lists a target's indicators, beside what we and the target hold.
#include <memory>
#include <thread>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/unit/server/sync/engine_fixture.h"

namespace satudata::sync {
namespace {

using catalog::FailureOf;
using catalog::Reason;
using testing::IsEmpty;
using testing::SizeIs;

class EngineIndicatorsTest : public EngineTest {
 protected:
  static ReferenceListPtr MakeList(const std::string& kodepemda) {
    ReferenceList list{.kodepemda = kodepemda, .fetch_time = absl::FromUnixSeconds(1'700'000'000)};
    for (const char* code : {"1.02.000001", "1.02.000002", "2.09.000001"}) {
      list.indicators[code] = {.kodeindikator = code, .name = "Jumlah"};
    }
    return std::make_shared<const ReferenceList>(list);
  }
  void SetUp() override {
    sipd_->on_look = [](absl::string_view kodepemda) { return MakeList(std::string(kodepemda)); };
  }
  IndicatorPage List(const IndicatorFilter& filter, const Page& page = {}) {
    auto listed = engine_->ListIndicators(filter, page);
    EXPECT_TRUE(listed.ok()) << listed.status();
    return listed.ok() ? *std::move(listed) : IndicatorPage();
  }
  Reason Refusal(const IndicatorFilter& filter, absl::StatusCode code) {
    const auto listed = engine_->ListIndicators(filter, {});
    EXPECT_EQ(listed.status().code(), code) << listed.status();
    return FailureOf(listed.status()).reason;
  }
};

TEST_F(EngineIndicatorsTest, ShowsWhatWeAndTheTargetHold) {
  Import({MakeFile("a", {{"1.02.000001", "5"}, {"1.02.000002", "7"}}),
          MakeFile("b", {{"2.09.000001", "9"}}, catalog::Verification::kUnverified)});
  EXPECT_EQ(RunToTheEnd(One("a", {"sipd"})).state, RunState::kSucceeded);
  const IndicatorPage page = List({.target = "sipd"}, {.limit = 2, .skip = 1});
  EXPECT_EQ(page.total_count, 3);
  EXPECT_EQ(page.read_time, absl::FromUnixSeconds(1'700'000'000));
  ASSERT_THAT(page.rows, SizeIs(2));
  ASSERT_THAT(page.rows[0].years, SizeIs(1));
  const IndicatorYear& year = page.rows[0].years[0];
  EXPECT_EQ(year.tahun, "2024");
  EXPECT_EQ(year.value, "7");
  EXPECT_EQ(year.file_id, "a");
  EXPECT_EQ(year.target_value, "7");
  EXPECT_TRUE(year.confirm_time.has_value());
  EXPECT_THAT(page.rows[1].years, IsEmpty());
  EXPECT_EQ(List({.target = "sipd", .urusan = "2.09"}).total_count, 1);
}

TEST_F(EngineIndicatorsTest, RefusesWhatItCannotAnswer) {
  EXPECT_EQ(Refusal({.target = "mars"}, absl::StatusCode::kInvalidArgument), Reason::kTargetUnknown);
  EXPECT_EQ(Refusal({.target = "splp"}, absl::StatusCode::kFailedPrecondition), Reason::kMethodUnavailable);
  Close();
  options_.default_kodepemda = "";
  Open();
  EXPECT_EQ(Refusal({.target = "sipd"}, absl::StatusCode::kFailedPrecondition), Reason::kKodepemdaMissing);
  EXPECT_THAT(List({.target = "sipd", .kodepemda = "1612"}).rows, SizeIs(3));
}

TEST_F(EngineIndicatorsTest, WhatCannotBeReadIsAnOutageOfTheTarget) {
  sipd_->on_look = [](absl::string_view) -> absl::StatusOr<ReferenceListPtr> {
    return catalog::FailureStatus(absl::StatusCode::kUnavailable, {.reason = Reason::kCredentialsRefused});
  };
  const auto listed = engine_->ListIndicators({.target = "sipd"}, {});
  EXPECT_TRUE(absl::IsUnavailable(listed.status()));
  EXPECT_EQ(FailureOf(listed.status()).reason, Reason::kTargetOutage);
  EXPECT_EQ(FailureOf(listed.status()).args.at("detail"), "CREDENTIALS_REFUSED");
}

TEST_F(EngineIndicatorsTest, APausedTargetIsNotAsked) {
  ASSERT_TRUE(engine_->PauseTarget("sipd", "siti", "upgrade").ok());
  EXPECT_EQ(Refusal({.target = "sipd"}, absl::StatusCode::kUnavailable), Reason::kTargetOutage);
  EXPECT_EQ(sipd_->looks, 0);
  sipd_->references = {MakeList("9901")};
  EXPECT_THAT(List({.target = "sipd"}).rows, SizeIs(3));
  EXPECT_EQ(sipd_->looks, 0);
  ASSERT_TRUE(engine_->ResumeTarget("sipd").ok());
  EXPECT_THAT(List({.target = "sipd"}).rows, SizeIs(3));
  EXPECT_EQ(sipd_->looks, 1);
}

TEST_F(EngineIndicatorsTest, ManyWhoLookCostTheTargetOneRequest) {
  Signal asked;
  Signal answer;
  sipd_->on_look = [&](absl::string_view kodepemda) {
    asked.Raise();
    answer.Wait();
    return MakeList(std::string(kodepemda));
  };
  std::thread first([this] { EXPECT_THAT(List({.target = "sipd"}).rows, SizeIs(3)); });
  ASSERT_TRUE(asked.Wait());
  EXPECT_EQ(Refusal({.target = "sipd"}, absl::StatusCode::kUnavailable), Reason::kTargetOutage);
  EXPECT_EQ(Refusal({.target = "sipd", .kodepemda = "1612"}, absl::StatusCode::kUnavailable),
            Reason::kTargetOutage);
  answer.Raise();
  first.join();
  EXPECT_EQ(sipd_->looks, 1);
  answer.OpenForGood();
  EXPECT_THAT(List({.target = "sipd"}).rows, SizeIs(3));
}

}  // namespace
}  // namespace satudata::sync
