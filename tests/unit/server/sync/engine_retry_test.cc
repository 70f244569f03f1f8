// What RetryRun takes, and what it leaves.
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/unit/server/sync/engine_fixture.h"

namespace satudata::sync {
namespace {

using catalog::FailureOf;
using catalog::FileWithValues;
using catalog::Reason;

class EngineRetryTest : public EngineTest {
 protected:
  SyncRequest Retry(const std::string& run_id, std::vector<std::string> targets = {}) {
    return {
        .kind = RunKind::kRetry, .targets = std::move(targets), .retry_of = run_id, .requested_by = "tester"};
  }
  sync::Run RunThatIsDeferred(const std::vector<std::string>& targets = {"splp"}) {
    splp_->on_send = [](absl::Span<const OutboundRecord>) { return ComeBackLater(); };
    const sync::Run run = RunToTheEnd(All(targets));
    splp_->on_send = nullptr;
    return run;
  }
  static SendResult Refused() {
    SendResult result;
    result.verdict.kind = VerdictKind::kJudged;
    result.verdict.records = {{.ruling = Ruling::kRejected, .failure = {.reason = Reason::kRefusedByTarget}}};
    return result;
  }
};

TEST_F(EngineRetryTest, SendsWhatWasDeferredAsANewRunThatTakesItsPlace) {
  Import(MakeFiles(3));
  const sync::Run first = RunThatIsDeferred();
  ASSERT_EQ(first.OpenCount(), 3);
  const sync::Run retry = RunToTheEnd(Retry(first.run_id));
  EXPECT_EQ(retry.state, RunState::kSucceeded);
  EXPECT_EQ(retry.request.targets, first.request.targets);
  EXPECT_EQ(retry.Counts()[State::kConfirmed], 3);
  EXPECT_EQ(splp_->HeldCount(), 3U);
  observer_.Await(6);
  EXPECT_EQ(store_->GetRun(first.run_id)->OpenCount(), 0);
  for (const Delivery& delivery : Deliveries(first.run_id)) {
    EXPECT_EQ(delivery.state, State::kCancelled);
    EXPECT_EQ(delivery.failure.reason, Reason::kSuperseded);
  }
  EXPECT_EQ(store_->GetFileStatus("f100")->at(0).run_id, retry.run_id);
}

TEST_F(EngineRetryTest, OfNothingIsRefusedWithTheStateOfTheRun) {
  Import(MakeFiles(2));
  const sync::Run good = RunToTheEnd(All({"splp"}));
  const auto retry = engine_->StartRun(Retry(good.run_id));
  EXPECT_EQ(retry.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(FailureOf(retry.status()).reason, Reason::kNothingOpen);
  EXPECT_EQ(FailureOf(retry.status()).args.at("state"), "SUCCEEDED");
  EXPECT_EQ(engine_->ActiveRunCount(), 0);
  EXPECT_EQ(RunToTheEnd(All({"splp"})).state, RunState::kSucceeded) << "its place was given up";
  EXPECT_EQ(engine_->StartRun(Retry("nobody")).status().code(), absl::StatusCode::kNotFound);
}

TEST_F(EngineRetryTest, TakesWhatALaterRunTookNoMore) {
  Import(MakeFiles(2));
  const sync::Run first = RunThatIsDeferred();
  ASSERT_EQ(RunToTheEnd(One("f100", {"splp"})).state, RunState::kSucceeded);
  const sync::Run retry = RunToTheEnd(Retry(first.run_id));
  EXPECT_EQ(retry.Counts().Total(), 1);
  EXPECT_EQ(engine_->StartRun(Retry(first.run_id)).status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(splp_->needless_second_effects, 0);
}

TEST_F(EngineRetryTest, TakesWhatWasRefusedOnlyWhenAsked) {
  Import(MakeFiles(2));
  splp_->on_send = [](absl::Span<const OutboundRecord>) { return Refused(); };
  const sync::Run first = RunToTheEnd(All({"splp"}));
  splp_->on_send = nullptr;
  EXPECT_EQ(engine_->StartRun(Retry(first.run_id)).status().code(), absl::StatusCode::kFailedPrecondition);
  SyncRequest with_rejected = Retry(first.run_id);
  with_rejected.include_rejected = true;
  const sync::Run retry = RunToTheEnd(with_rejected);
  EXPECT_EQ(retry.state, RunState::kSucceeded) << "the refusal that is remembered is asked again";
  EXPECT_EQ(splp_->HeldCount(), 2U);
}

TEST_F(EngineRetryTest, IsForTheTargetsOfTheRunOrSomeOfThem) {
  Import({MakeFile("a", {{"1.01.000001", "1"}})});
  sipd_->on_send = [](absl::Span<const OutboundRecord>) { return ComeBackLater(); };
  const sync::Run first = RunThatIsDeferred({"splp", "sipd"});
  sipd_->on_send = nullptr;
  const sync::Run splp = RunToTheEnd(Retry(first.run_id, {"splp"}));
  EXPECT_EQ(splp.counts.size(), 1U);
  EXPECT_EQ(sipd_->HeldCount(), 0U);
  sync::Run rest = RunToTheEnd(Retry(first.run_id));
  EXPECT_EQ(rest.counts["sipd"][State::kConfirmed], 1);
  EXPECT_EQ(rest.counts["splp"].Total(), 0);
  const auto other = engine_->StartRun(Retry(splp.run_id, {"sipd"}));
  EXPECT_EQ(FailureOf(other.status()).reason, Reason::kTargetUnknown);
}

TEST_F(EngineRetryTest, ARepeatedRequestAttachesThoughNothingIsLeft) {
  Import(MakeFiles(2));
  const sync::Run first = RunThatIsDeferred();
  SyncRequest request = Retry(first.run_id);
  request.request_id = "0f7c9a52-57f1-4c1a-9a43-4d5e7a3c1b2d";
  const sync::Run retry = RunToTheEnd(request);
  const auto again = engine_->StartRun(request);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->run_id, retry.run_id);
  request.include_rejected = true;
  EXPECT_EQ(FailureOf(engine_->StartRun(request).status()).reason, Reason::kRequestIdReused);
}

TEST_F(EngineRetryTest, AndASyncAllExcludeEachOther) {
  Import(MakeFiles(6));
  const sync::Run first = RunThatIsDeferred();
  splp_->hangs = true;
  const auto retry = engine_->StartRun(Retry(first.run_id));
  ASSERT_TRUE(retry.ok()) << retry.status();
  splp_->AwaitHanging(1);
  for (const SyncRequest& request : {All({"splp"}), Retry(first.run_id)}) {
    const auto refused = engine_->StartRun(request);
    EXPECT_EQ(refused.status().code(), absl::StatusCode::kAborted);
    EXPECT_EQ(FailureOf(refused.status()).reason, Reason::kRunActive);
    EXPECT_EQ(FailureOf(refused.status()).args.at("run_id"), retry->run_id);
  }
  EXPECT_TRUE(engine_->StartRun(All({"sipd"})).ok());
}

TEST_F(EngineRetryTest, ASingleFileGoesBeforeARetryAndTakesOverWhatIsInDoubt) {
  Import(MakeFiles(8));
  const sync::Run first = RunThatIsDeferred();
  splp_->hanging_applies = true;
  splp_->hangs = true;
  const auto retry = engine_->StartRun(Retry(first.run_id));
  ASSERT_TRUE(retry.ok());
  splp_->AwaitHanging(1);
  std::string hanging;
  for (const Delivery& delivery : Deliveries(retry->run_id)) {
    if (splp_->Held(delivery.file_id) != "") hanging = delivery.file_id;
  }
  const auto single = engine_->StartRun(One(hanging, {"splp"}));
  ASSERT_TRUE(single.ok());
  splp_->hangs = false;
  ASSERT_TRUE(engine_->CancelRun(retry->run_id).ok());  // Ends the requests that hang.
  EXPECT_EQ(std::get<sync::Run>(WatchToTheEnd(single->run_id).back().event).state, RunState::kSucceeded);
  EXPECT_EQ(splp_->needless_second_effects, 0) << "what may have arrived is read back, not sent again";
}

// Given up after it was accepted and not seen for a day: it may have come since.
TEST_F(EngineRetryTest, WhatWasGivenUpInDoubtIsReadBackBeforeItIsSentAgain) {
  Import(MakeFiles(1));
  const FileWithValues file = store_->LoadFiles(std::vector<std::string>{"f100"})->front();
  const OutboundRecord sent = splp_->Project(file.file, {}, {}).records.front().record;
  const absl::Time send_time = clock_.Now() - absl::Hours(24);
  Delivery delivery{.delivery_id = "d1",
                    .run_id = "r1",
                    .file_id = "f100",
                    .target = "splp",
                    .state = State::kParked,
                    .revision = file.file.revision};
  delivery.records[State::kParked] = 1;
  const Record record{.key = sent.key,
                      .scope = sent.scope,
                      .state = State::kParked,
                      .hash = sent.hash,
                      .send_time = send_time,
                      .sent_hash = sent.hash,
                      .accept_time = send_time};
  ASSERT_TRUE(
      store_->CreateRun({{.run_id = "r1", .request = All({"splp"}), .create_time = send_time}, "x"}).ok());
  ASSERT_TRUE(store_
                  ->Commit({.run_id = "r1",
                            .run_state = RunStateChange{RunState::kQueued, RunState::kPartial},
                            .deliveries = {{delivery, std::nullopt}},
                            .records = {{"d1", 0, record}}})
                  .ok());
  splp_->Put(sent.key, sent.value, /*final=*/false);
  const sync::Run retry = RunToTheEnd(Retry("r1"));
  EXPECT_EQ(retry.state, RunState::kSucceeded);
  EXPECT_EQ(splp_->sends, 0);
  // Once it is confirmed, the old doubt is of no interest any more.
  splp_->Put(sent.key, "lain", /*final=*/false);
  const int reads = splp_->reads;
  EXPECT_EQ(RunToTheEnd(All({"splp"})).Counts()[State::kUnchanged], 1);
  EXPECT_EQ(splp_->reads, reads);
}

}  // namespace
}  // namespace satudata::sync
