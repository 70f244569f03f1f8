// Withdrawing an indicator from the imitated SIPD, with its quirks.
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/integration/delivery/delivery_system.h"

namespace satudata {
namespace {

using catalog::Reason;
using sync::State;

constexpr char kCode[] = "1.02.000318";
constexpr char kKey[] = "9901.1.02.000318.2024";

catalog::FileWithValues OneValue() {
  catalog::FileWithValues item;
  item.file = {.file_id = "f1", .name = "Puskesmas", .verification = catalog::Verification::kVerified};
  item.file.has_inline_values = true;
  item.values.push_back(
      {.position = 1, .kodeindikator = kCode, .tahun = "2024", .raw_value = "9", .value = "9"});
  return item;
}

simulator::Options WithReference() {
  simulator::Options options;
  simulator::Reference listed;
  listed.kodeindikator = kCode;
  listed.status = "AKTIF";
  options.state.reference = {listed};
  return options;
}

class WithdrawTest : public testing::Test {
 protected:
  explicit WithdrawTest(simulator::Options options = WithReference())
      : system_(std::move(options), "", {.confirm_wait = absl::Seconds(10)}, QuickEngine()) {
    system_.Import({OneValue()});
    system_.RunToTheEnd(system_.SyncAll());
  }

  static sync::SyncRequest Withdraw(const std::string& code = kCode) {
    return {.kind = sync::RunKind::kWithdraw,
            .targets = {"sipd"},
            .withdrawal = {.kodeindikator = code, .tahun = "2024", .explanation = "tidak ada \"laut\""},
            .requested_by = "tester"};
  }
  sync::DeliveryDetail DetailOf(const sync::Run& run) { return system_.Deliveries(run.run_id).at(0); }
  void SetQuirk(const std::string& name) {
    ASSERT_TRUE(system_.simulator().quirks().SetRates({{name, 1.0}}).ok());
  }
  bool IsWithdrawn() { return system_.simulator().truth().WithdrawalRecord(kKey).has_value(); }
  void ExpectClean() {
    const Judgement judgement = system_.JudgeAtRest();
    EXPECT_TRUE(judgement.Clean()) << judgement;
  }

  DeliverySystem system_;
};

TEST_F(WithdrawTest, TheListShowsIt) {
  const sync::Run run = system_.RunToTheEnd(Withdraw());
  EXPECT_EQ(run.state, sync::RunState::kSucceeded);
  const sync::DeliveryDetail detail = DetailOf(run);
  EXPECT_EQ(detail.records.at(0).state, State::kConfirmed);
  EXPECT_EQ(detail.records.at(0).previous_value, "9");
  ASSERT_FALSE(detail.attempts.empty());
  EXPECT_EQ(detail.attempts[0].exchange.operation, "push_disable_dssd");
  EXPECT_EQ(detail.attempts[0].exchange.request_body,
            R"({"data":[{"kodeindikator":"1.02.000318","kodepemda":"9901","tahun":"2024",)"
            R"("alasan":"tidak ada \"laut\""}]})");
  EXPECT_TRUE(IsWithdrawn());
  ExpectClean();

  const int64_t pushes = system_.RequestCount("sipd.push_dssd");
  const sync::Run sync_run = system_.RunToTheEnd(system_.SyncAll({"sipd"}));
  EXPECT_EQ(DetailOf(sync_run).records.at(0).failure.reason, Reason::kIndicatorDisabled);
  EXPECT_EQ(system_.RequestCount("sipd.push_dssd"), pushes) << "the value is not sent again";
  EXPECT_EQ(system_.RunToTheEnd(Withdraw()).Counts()[State::kUnchanged], 1);
}

TEST_F(WithdrawTest, AnUnlistedIndicatorIsRefusedBeforeItIsSent) {
  const auto run = system_.engine().StartRun(Withdraw("1.02.000999"));
  EXPECT_EQ(catalog::FailureOf(run.status()).reason, Reason::kIndicatorUnknown);
  EXPECT_EQ(system_.RequestCount("sipd.push_disable_dssd"), 0);
}

TEST_F(WithdrawTest, ARefusedRowIsARefusal) {
  SetQuirk("row-refused");
  const sync::Run run = system_.RunToTheEnd(Withdraw());
  EXPECT_EQ(DetailOf(run).records.at(0).failure.reason, Reason::kRefusedByTarget);
  EXPECT_FALSE(IsWithdrawn() && system_.simulator().truth().WithdrawalRecord(kKey)->applies > 0);
}

TEST_F(WithdrawTest, WhatWasTakenInSilenceIsReadBackAndNotSentAgain) {
  SetQuirk("sipd.push_disable_dssd/reset-after");
  const sync::Run run = system_.RunToTheEnd(Withdraw());
  EXPECT_EQ(run.state, sync::RunState::kSucceeded);
  EXPECT_EQ(system_.simulator().truth().WithdrawalRecord(kKey)->applies, 1u);
  ExpectClean();
}

TEST_F(WithdrawTest, WhatIsAcceptedAndNeverAppliedIsNotCalledConfirmed) {
  SetQuirk("sipd.push_disable_dssd/row-never");
  const sync::Run run = system_.RunToTheEnd(Withdraw());
  EXPECT_EQ(run.state, sync::RunState::kPartial);
  EXPECT_EQ(DetailOf(run).records.at(0).state, State::kAccepted);
}

}  // namespace
}  // namespace satudata
