// Withdrawing an indicator, from the request to what a sync makes of it afterwards.
#include <atomic>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/unit/server/sync/engine_fixture.h"

namespace satudata::sync {
namespace {

using catalog::Reason;

constexpr char kKey[] = "9901.1.01.000001.2024";

class EngineWithdrawTest : public EngineTest {
 protected:
  EngineWithdrawTest() { Import({MakeFile("f1", {{"1.01.000001", "1"}})}); }
  ~EngineWithdrawTest() override { Close(); }  // Its targets' callbacks stand on what is here.

  static SyncRequest Withdraw(const std::string& target = "sipd", const std::string& code = "1.01.000001") {
    return {.kind = RunKind::kWithdraw,
            .targets = {target},
            .withdrawal = {.kodeindikator = code, .tahun = "2024", .explanation = "tidak ada laut"},
            .requested_by = "tester"};
  }
  static SyncRequest Retry(const std::string& run_id) {
    return {.kind = RunKind::kRetry, .retry_of = run_id, .requested_by = "tester"};
  }
  DeliveryDetail DetailOf(const sync::Run& run) {
    return *store_->GetDelivery(Deliveries(run.run_id).at(0).delivery_id);
  }
  Reason ReasonOf(const absl::Status& status) { return catalog::FailureOf(status).reason; }
  // Requests that withdraw.
  int withdrawals() const { return withdrawals_; }
  void CountWithdrawals() {
    sipd_->on_send = [this](absl::Span<const OutboundRecord> records) -> std::optional<SendResult> {
      if (records.front().hash == kWithdrawnHash) ++withdrawals_;
      return std::nullopt;
    };
  }

 private:
  std::atomic<int> withdrawals_ = 0;
};

TEST_F(EngineWithdrawTest, IsConfirmedOnceTheTargetSaysSo) {
  RunToTheEnd(One("f1", {"sipd"}));
  CountWithdrawals();
  const sync::Run run = RunToTheEnd(Withdraw());
  EXPECT_EQ(run.state, RunState::kSucceeded);
  EXPECT_EQ(withdrawals(), 1);
  const DeliveryDetail detail = DetailOf(run);
  EXPECT_EQ(detail.delivery.file_id, "");
  EXPECT_EQ(detail.delivery.file_name, kKey);
  ASSERT_EQ(detail.records.size(), 1u);
  EXPECT_EQ(detail.records[0].state, State::kConfirmed);
  EXPECT_EQ(detail.records[0].change, ChangeKind::kWithdraw);
  EXPECT_EQ(detail.records[0].previous_value, "1");
  const auto baselines = *store_->Baselines("sipd", {{kKey}});
  EXPECT_TRUE(baselines.at(kKey).withdrawn());
  EXPECT_EQ(store_->GetFileStatus("f1")->at(0).held_record_count, 0);
}

TEST_F(EngineWithdrawTest, ASyncDoesNotSendTheValueAgainUnlessItIsForced) {
  RunToTheEnd(Withdraw());
  const int sends = sipd_->sends;
  const sync::Run run = RunToTheEnd(All({"sipd"}));
  EXPECT_EQ(run.state, RunState::kFailed);
  EXPECT_EQ(DetailOf(run).records.at(0).failure.reason, Reason::kIndicatorWithdrawn);
  EXPECT_EQ(sipd_->sends, sends);
  SyncRequest forced = One("f1", {"sipd"});
  forced.force = true;
  EXPECT_EQ(RunToTheEnd(forced).state, RunState::kSucceeded);
  EXPECT_EQ(sipd_->Held(kKey), "1");
  EXPECT_FALSE(store_->Baselines("sipd", {{kKey}})->at(kKey).withdrawn());
}

TEST_F(EngineWithdrawTest, AnotherOneSendsNothing) {
  RunToTheEnd(Withdraw());
  const int sends = sipd_->sends;
  const sync::Run run = RunToTheEnd(Withdraw());
  EXPECT_EQ(run.state, RunState::kSucceeded);
  EXPECT_EQ(DetailOf(run).records.at(0).state, State::kUnchanged);
  EXPECT_EQ(sipd_->sends, sends);
}

TEST_F(EngineWithdrawTest, ARowThatIsGoneIsProofAsWell) {
  RunToTheEnd(One("f1", {"sipd"}));
  std::atomic<bool> gone = false;
  sipd_->on_send = [&](absl::Span<const OutboundRecord>) -> std::optional<SendResult> {
    gone = true;
    SendResult taken;
    taken.verdict = {.kind = VerdictKind::kJudged, .records = {{.ruling = Ruling::kAccepted}}};
    return taken;
  };
  sipd_->on_read = [&](absl::string_view scope) -> std::optional<ReadResult> {
    if (!gone) return std::nullopt;
    ReadResult nothing;
    nothing.verdict.kind = VerdictKind::kJudged;
    nothing.observation = Observation{.scope = std::string(scope)};
    return nothing;
  };
  EXPECT_EQ(RunToTheEnd(Withdraw()).state, RunState::kSucceeded);
}

TEST_F(EngineWithdrawTest, WhatIsTakenAndNotShownStaysAccepted) {
  RunToTheEnd(One("f1", {"sipd"}));
  sipd_->on_send = [](absl::Span<const OutboundRecord>) -> std::optional<SendResult> {
    SendResult taken;
    taken.verdict = {.kind = VerdictKind::kJudged, .records = {{.ruling = Ruling::kAccepted}}};
    return taken;
  };
  const auto run = engine_->StartRun(Withdraw());
  ASSERT_TRUE(run.ok()) << run.status();
  const auto ended = std::get<sync::Run>(WatchToTheEnd(run->run_id).back().event);
  EXPECT_EQ(ended.state, RunState::kPartial);
  EXPECT_EQ(ended.Counts()[State::kAccepted], 1);
  const sync::Run sync_run = RunToTheEnd(All({"sipd"}));
  EXPECT_EQ(DetailOf(sync_run).records.at(0).failure.reason, Reason::kIndicatorWithdrawn) << "on its way";
}

TEST_F(EngineWithdrawTest, IsReadBackBeforeItIsSentAgain) {
  RunToTheEnd(One("f1", {"sipd"}));
  std::atomic<int> requests = 0;
  sipd_->on_send = [&](absl::Span<const OutboundRecord> records) -> std::optional<SendResult> {
    if (++requests > 1) return std::nullopt;
    sipd_->Apply(records);
    return FakeTarget::Fail(VerdictKind::kOutage, Effect::kPossible, Reason::kTargetTimeout);
  };
  EXPECT_EQ(RunToTheEnd(Withdraw()).state, RunState::kSucceeded);
  EXPECT_EQ(requests, 1);
}

TEST_F(EngineWithdrawTest, ARefusalIsTheTargetsAndIsAskedForAnewNextTime) {
  std::atomic<int> requests = 0;
  sipd_->on_send = [&](absl::Span<const OutboundRecord>) -> std::optional<SendResult> {
    ++requests;
    SendResult refused;
    refused.verdict = {
        .kind = VerdictKind::kJudged,
        .records = {{.ruling = Ruling::kRejected, .failure = {.reason = Reason::kRefusedByTarget}}}};
    return refused;
  };
  const sync::Run run = RunToTheEnd(Withdraw());
  EXPECT_EQ(run.state, RunState::kFailed);
  EXPECT_EQ(DetailOf(run).records.at(0).failure.reason, Reason::kRefusedByTarget);
  EXPECT_TRUE(store_->Refusals("sipd", {{kKey}})->empty());
  RunToTheEnd(Withdraw());
  EXPECT_EQ(requests, 2);
}

TEST_F(EngineWithdrawTest, WhatWasDeferredIsRetriedAsANewRunThatTakesItsPlace) {
  RunToTheEnd(One("f1", {"sipd"}));
  sipd_->on_send = [](absl::Span<const OutboundRecord>) { return ComeBackLater(); };
  const sync::Run first = RunToTheEnd(Withdraw());
  ASSERT_EQ(DetailOf(first).delivery.state, State::kDeferred);
  CountWithdrawals();
  const sync::Run retry = RunToTheEnd(Retry(first.run_id));
  EXPECT_EQ(retry.state, RunState::kSucceeded);
  EXPECT_EQ(retry.request.withdrawal, first.request.withdrawal);
  EXPECT_EQ(DetailOf(retry).records.at(0).state, State::kConfirmed);
  EXPECT_EQ(withdrawals(), 1);
  EXPECT_EQ(DetailOf(first).delivery.state, State::kCancelled);
  EXPECT_EQ(DetailOf(first).delivery.failure.reason, Reason::kSuperseded);
  EXPECT_EQ(ReasonOf(engine_->StartRun(Retry(first.run_id)).status()), Reason::kNothingOpen);
  EXPECT_EQ(ReasonOf(engine_->StartRun(Retry(retry.run_id)).status()), Reason::kNothingOpen);
}

TEST_F(EngineWithdrawTest, WhatWasRefusedIsRetriedOnlyWhenAsked) {
  RunToTheEnd(One("f1", {"sipd"}));
  sipd_->on_send = [](absl::Span<const OutboundRecord>) -> std::optional<SendResult> {
    SendResult refused;
    refused.verdict = {
        .kind = VerdictKind::kJudged,
        .records = {{.ruling = Ruling::kRejected, .failure = {.reason = Reason::kRefusedByTarget}}}};
    return refused;
  };
  const sync::Run first = RunToTheEnd(Withdraw());
  CountWithdrawals();
  EXPECT_EQ(ReasonOf(engine_->StartRun(Retry(first.run_id)).status()), Reason::kNothingOpen);
  SyncRequest with_rejected = Retry(first.run_id);
  with_rejected.include_rejected = true;
  EXPECT_EQ(RunToTheEnd(with_rejected).state, RunState::kSucceeded);
  EXPECT_EQ(withdrawals(), 1);
}

TEST_F(EngineWithdrawTest, IsRefusedWhereThereIsNothingToWithdraw) {
  EXPECT_EQ(ReasonOf(engine_->StartRun(Withdraw("splp")).status()), Reason::kMethodUnavailable);
  EXPECT_EQ(ReasonOf(engine_->StartRun(Withdraw("sipd", "")).status()), Reason::kIndicatorCodeInvalid);
  EXPECT_EQ(ReasonOf(engine_->StartRun(Withdraw("nowhere")).status()), Reason::kTargetUnknown);
}

TEST_F(EngineWithdrawTest, GoesOnAfterARestart) {
  const sync::Run run{.run_id = base::NewTimeOrderedUuid(absl::ToUnixMillis(clock_.Now())),
                      .request = Withdraw(),
                      .create_time = clock_.Now()};
  ASSERT_TRUE(store_->CreateRun({run, "x"}).ok());
  Close();
  Open();
  const auto ended = std::get<sync::Run>(WatchToTheEnd(run.run_id).back().event);
  EXPECT_EQ(ended.state, RunState::kSucceeded);
  EXPECT_EQ(ended.request.withdrawal, run.request.withdrawal);
}

TEST_F(EngineWithdrawTest, IsOfferedForAFileThatLosesItsVerification) {
  RunToTheEnd(One("f1", {"sipd"}));
  EXPECT_THAT(store_->GetFileStatus("f1")->at(0).held_keys, testing::IsEmpty());
  ASSERT_TRUE(catalog_->SetVerification("f1", catalog::Verification::kUnverified, std::nullopt).ok());
  EXPECT_THAT(store_->GetFileStatus("f1")->at(0).held_keys, testing::ElementsAre(kKey));
}

}  // namespace
}  // namespace satudata::sync
