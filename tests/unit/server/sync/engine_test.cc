#include "server/sync/engine.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/unit/server/sync/engine_fixture.h"

namespace satudata::sync {
namespace {

using catalog::FileWithValues;
using catalog::Reason;
using catalog::Verification;

TEST_F(EngineTest, ASyncAllBringsEveryVerifiedFileToBothTargets) {
  Import({MakeFile("a", {{"1.01.000001", "1"}, {"1.01.000002", "2.5"}}), MakeFile("b", {}),
          MakeFile("c", {{"1.01.000003", "3"}}, Verification::kUnverified)});
  const sync::Run run = RunToTheEnd(All());
  EXPECT_EQ(run.state, RunState::kSucceeded);
  EXPECT_EQ(run.skipped_file_count, 1);
  EXPECT_EQ(run.counts.at("splp")[State::kConfirmed], 2);
  EXPECT_EQ(run.counts.at("sipd")[State::kConfirmed], 1);
  EXPECT_EQ(run.counts.at("sipd")[State::kSkipped], 1);
  EXPECT_EQ(splp_->Held("a"), "Data a");
  EXPECT_EQ(splp_->Held("c"), "");
  EXPECT_EQ(sipd_->Held("9901.1.01.000002.2024"), "2.5");
  EXPECT_EQ(sipd_->HeldCount(), 2U);
  const sync::Run stored = *store_->GetRun(run.run_id);
  EXPECT_EQ(stored.state, RunState::kSucceeded);
  EXPECT_EQ(stored.counts, run.counts) << "what is told live is what is stored";
}

TEST_F(EngineTest, ASecondSyncAllSendsNothing) {
  Import({MakeFile("a", {{"1.01.000001", "1"}}), MakeFile("b", {})});
  RunToTheEnd(All());
  const int sends = splp_->sends + sipd_->sends;
  const int reads = splp_->reads + sipd_->reads;
  const sync::Run second = RunToTheEnd(All());
  EXPECT_EQ(second.state, RunState::kSucceeded);
  EXPECT_EQ(second.counts.at("splp")[State::kUnchanged], 2);
  EXPECT_EQ(second.counts.at("sipd")[State::kUnchanged], 1);
  EXPECT_EQ(splp_->sends + sipd_->sends, sends);
  EXPECT_EQ(splp_->reads + sipd_->reads, reads) << "an unchanged record costs no request";
  EXPECT_TRUE(Deliveries(second.run_id).size() == 1) << "only the SKIPPED one has a row";
}

TEST_F(EngineTest, ForceSendsWhatIsBelievedUnchanged) {
  Import({MakeFile("b", {})});
  RunToTheEnd(All({"splp"}));
  SyncRequest again = All({"splp"});
  again.force = true;
  EXPECT_EQ(RunToTheEnd(again).counts.at("splp")[State::kConfirmed], 1);
  EXPECT_EQ(splp_->sends, 2);
}

TEST_F(EngineTest, ARefusalIsRememberedUntilTheRecordChanges) {
  Import({MakeFile("a", {})});
  splp_->on_send = [](absl::Span<const OutboundRecord>) {
    SendResult result;
    result.verdict.kind = VerdictKind::kJudged;
    result.verdict.records = {{.ruling = Ruling::kRejected, .failure = {.reason = Reason::kRefusedByTarget}}};
    return result;
  };
  EXPECT_EQ(RunToTheEnd(All({"splp"})).state, RunState::kFailed);
  EXPECT_EQ(RunToTheEnd(All({"splp"})).counts.at("splp")[State::kRejected], 1);
  EXPECT_EQ(splp_->sends, 1);
  splp_->on_send = nullptr;
  FileWithValues changed = MakeFile("a", {});
  changed.file.name = "Data lain";
  Import({changed});
  EXPECT_EQ(RunToTheEnd(All({"splp"})).state, RunState::kSucceeded);
  EXPECT_EQ(splp_->sends, 2);
}

TEST_F(EngineTest, WhatTheTargetHoldsAlreadyIsAdopted) {
  sipd_->Put("9901.1.01.000001.2024", "1", /*final=*/true);
  sipd_->Put("9901.1.01.000002.2024", "7", /*final=*/true);
  sipd_->Put("9901.1.01.000003.2024", "8", /*final=*/false);
  Import({MakeFile("a", {{"1.01.000001", "1"}}), MakeFile("b", {{"1.01.000002", "2"}}),
          MakeFile("c", {{"1.01.000003", "3"}})});
  const sync::Run run = RunToTheEnd(All({"sipd"}));
  EXPECT_EQ(run.counts.at("sipd")[State::kUnchanged], 1);
  EXPECT_EQ(run.counts.at("sipd")[State::kRejected], 1);
  EXPECT_EQ(run.counts.at("sipd")[State::kConfirmed], 1);
  EXPECT_EQ(sipd_->Held("9901.1.01.000002.2024"), "7");
  EXPECT_EQ(sipd_->Held("9901.1.01.000003.2024"), "3");
  EXPECT_EQ(sipd_->sends, 1);
  const auto status = store_->GetFileStatus("a");
  ASSERT_TRUE(status.ok());
  EXPECT_EQ(status->at(0).state, State::kUnchanged) << "a file that needed no delivery has a standing too";
}

TEST_F(EngineTest, ContradictingFilesAreBothRefusedAndNameEachOther) {
  Import({MakeFile("a", {{"1.01.000001", "1"}}), MakeFile("b", {{"1.01.000001", "2"}})});
  const sync::Run run = RunToTheEnd(All({"sipd"}));
  EXPECT_EQ(run.state, RunState::kFailed);
  EXPECT_EQ(run.counts.at("sipd")[State::kRejected], 2);
  EXPECT_EQ(sipd_->sends, 0);
  for (const Delivery& delivery : Deliveries(run.run_id)) {
    EXPECT_EQ(delivery.failure.reason, Reason::kValuesContradict);
    EXPECT_EQ(delivery.failure.args.at("other_file"), delivery.file_id == "a" ? "b" : "a");
  }
}

TEST_F(EngineTest, TheSameValueInTwoFilesIsAppliedOnce) {
  Import({MakeFile("a", {{"1.01.000001", "1"}}), MakeFile("b", {{"1.01.000001", "1"}})});
  EXPECT_EQ(RunToTheEnd(All({"sipd"})).state, RunState::kSucceeded);
  EXPECT_EQ(sipd_->needless_second_effects, 0);
}

TEST_F(EngineTest, SyncFileTellsEveryStepAndNeedsAVerifiedFile) {
  Import({MakeFile("a", {}), MakeFile("b", {}, Verification::kRefused)});
  auto run = engine_->StartRun(One("a", {"splp"}));
  ASSERT_TRUE(run.ok());
  const std::vector<RunEvent> events = WatchToTheEnd(run->run_id);
  std::vector<State> states;
  int64_t last = 0;
  for (const RunEvent& event : events) {
    EXPECT_GE(event.sequence, last);
    last = event.sequence;
    if (const Delivery* delivery = std::get_if<Delivery>(&event.event)) states.push_back(delivery->state);
  }
  EXPECT_THAT(states, testing::ElementsAre(State::kQueued, State::kSending, State::kConfirmed));
  EXPECT_TRUE(std::holds_alternative<sync::Run>(events.front().event));
  EXPECT_EQ(std::get<sync::Run>(events.back().event).state, RunState::kSucceeded);

  const auto refused = engine_->StartRun(One("b"));
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(catalog::FailureOf(refused.status()).reason, Reason::kFileNotVerified);
  const auto missing = engine_->StartRun(One("zzz"));
  EXPECT_EQ(missing.status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(engine_->StartRun(All({"mars"})).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(EngineTest, ARunGoesOnWithoutWatchersAndIsFoundAgainAtASequence) {
  std::vector<FileWithValues> files;
  for (int i = 0; i < 30; ++i) files.push_back(MakeFile(absl::StrCat("f", i), {}));
  Import(std::move(files));
  auto run = engine_->StartRun(All({"splp"}));
  ASSERT_TRUE(run.ok());
  const std::vector<RunEvent> all = WatchToTheEnd(run->run_id);
  std::vector<RunEvent> resumed = WatchToTheEnd(run->run_id, all.back().sequence / 2);
  std::map<std::string, State> states;
  for (const RunEvent& event : resumed) {
    if (const Delivery* delivery = std::get_if<Delivery>(&event.event))
      states[delivery->file_id] = delivery->state;
  }
  for (const RunEvent& event : all) {
    const Delivery* delivery = std::get_if<Delivery>(&event.event);
    if (delivery == nullptr || event.sequence <= all.back().sequence / 2) continue;
    EXPECT_EQ(states[delivery->file_id], State::kConfirmed);
  }
  EXPECT_EQ(engine_->Watch(run->run_id, 1'000'000).status().code(), absl::StatusCode::kOutOfRange);
  EXPECT_EQ(engine_->Watch("nothing", 0).status().code(), absl::StatusCode::kNotFound);
}

TEST_F(EngineTest, AnUnknownOutcomeIsReadBackAndNotSentAgain) {
  Import({MakeFile("a", {})});
  splp_->on_send = [this](absl::Span<const OutboundRecord> records) {
    splp_->Apply(records);
    return FakeTarget::Fail(VerdictKind::kOutage, Effect::kPossible, Reason::kTargetTimeout);
  };
  EXPECT_EQ(RunToTheEnd(All({"splp"})).state, RunState::kSucceeded);
  EXPECT_EQ(splp_->sends, 1);
  EXPECT_EQ(splp_->needless_second_effects, 0);
}

TEST_F(EngineTest, AnOutageOfOneTargetDoesNotHoldUpTheOther) {
  Import({MakeFile("a", {{"1.01.000001", "1"}})});
  sipd_->on_read = [](absl::string_view) {
    ReadResult result;
    result.verdict = {
        .kind = VerdictKind::kOutage, .effect = Effect::kNone, .failure = {.reason = Reason::kTargetOutage}};
    return result;
  };
  auto run = engine_->StartRun(All());
  ASSERT_TRUE(run.ok());
  const std::vector<RunEvent> events = WatchToTheEnd(run->run_id);
  bool splp_first = false;
  for (const RunEvent& event : events) {
    const Delivery* delivery = std::get_if<Delivery>(&event.event);
    if (delivery == nullptr) continue;
    if (delivery->target == "splp" && delivery->state == State::kConfirmed) splp_first = true;
    EXPECT_TRUE(delivery->target != "sipd" || splp_first);
  }
  const sync::Run ended = std::get<sync::Run>(events.back().event);
  EXPECT_EQ(ended.state, RunState::kPartial);
  EXPECT_EQ(ended.counts.at("sipd")[State::kDeferred], 1);
  EXPECT_EQ(ended.OpenCount(), 1);
  EXPECT_EQ(sipd_->sends, 0);
}

TEST_F(EngineTest, OneBulkRunPerTargetButSingleFilesAlwaysStart) {
  Import({MakeFile("a", {}), MakeFile("b", {})});
  Signal sending;
  Signal go;
  std::atomic<bool> first = true;
  splp_->on_send = [&](absl::Span<const OutboundRecord>) -> std::optional<SendResult> {
    if (!first.exchange(false)) return std::nullopt;
    sending.Raise();
    go.Wait();
    return std::nullopt;
  };
  auto bulk = engine_->StartRun(All({"splp"}));
  ASSERT_TRUE(bulk.ok());
  ASSERT_TRUE(sending.Wait());
  const auto second = engine_->StartRun(All({"splp"}));
  EXPECT_EQ(second.status().code(), absl::StatusCode::kAborted);
  EXPECT_EQ(catalog::FailureOf(second.status()).args.at("run_id"), bulk->run_id);
  EXPECT_TRUE(engine_->StartRun(One("b", {"splp"})).ok());
  go.OpenForGood();
  WatchToTheEnd(bulk->run_id);
  EXPECT_EQ(splp_->needless_second_effects, 0);
  Close();  // The single file's run may still send.
}

TEST_F(EngineTest, TheSameRequestIdAttachesAnotherRequestIsRefused) {
  Import({MakeFile("a", {}), MakeFile("b", {})});
  SyncRequest request = One("a", {"splp"});
  request.request_id = base::NewUuid();
  const sync::Run first = RunToTheEnd(request);
  auto again = engine_->StartRun(request);
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->run_id, first.run_id);
  request.file_id = "b";
  const auto reused = engine_->StartRun(request);
  EXPECT_EQ(reused.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(catalog::FailureOf(reused.status()).reason, Reason::kRequestIdReused);
}

TEST_F(EngineTest, CancelEndsARunAndLeavesNothingQueued) {
  std::vector<FileWithValues> files;
  for (int i = 0; i < 600; ++i) files.push_back(MakeFile(absl::StrCat("f", i), {}));
  Import(std::move(files));
  Signal sending;
  Signal go;
  std::atomic<bool> first = true;
  splp_->on_send = [&](absl::Span<const OutboundRecord>) -> std::optional<SendResult> {
    if (first.exchange(false)) {
      sending.Raise();
      go.Wait();
    }
    return std::nullopt;
  };
  auto run = engine_->StartRun(All({"splp"}));
  ASSERT_TRUE(run.ok());
  ASSERT_TRUE(sending.Wait());
  ASSERT_TRUE(engine_->CancelRun(run->run_id).ok());
  go.OpenForGood();
  const sync::Run ended = std::get<sync::Run>(WatchToTheEnd(run->run_id).back().event);
  EXPECT_EQ(ended.state, RunState::kCancelled);
  EXPECT_EQ(ended.Counts()[State::kQueued], 0);
  EXPECT_EQ(ended.Counts()[State::kSending], 0);
  EXPECT_EQ(ended.Counts().Total(), 600);
  EXPECT_EQ(static_cast<size_t>(ended.Counts()[State::kConfirmed]), splp_->HeldCount());
  EXPECT_EQ(engine_->CancelRun(run->run_id).status().code(), absl::StatusCode::kFailedPrecondition);
}

TEST_F(EngineTest, AFileThatChangesBeforeItIsSentIsNeverSentAsItWas) {
  Close();
  TargetTraits one_at_a_time = splp_->traits();
  one_at_a_time.max_concurrency = 1;
  splp_ = std::make_unique<FakeTarget>(one_at_a_time);
  Open();
  Import({MakeFile("a", {}), MakeFile("b", {}), MakeFile("c", {}), MakeFile("d", {})});
  Signal sending;
  Signal go;
  std::atomic<bool> first = true;
  splp_->on_send = [&](absl::Span<const OutboundRecord>) -> std::optional<SendResult> {
    if (first.exchange(false)) {
      sending.Raise();
      go.Wait();
    }
    return std::nullopt;
  };
  auto run = engine_->StartRun(All({"splp"}));
  ASSERT_TRUE(run.ok());
  ASSERT_TRUE(sending.Wait());
  FileWithValues renamed = MakeFile("b", {});
  renamed.file.name = "Nama baru";
  Import({renamed, MakeFile("c", {}, Verification::kUnverified)});
  ASSERT_TRUE(catalog_->Delete("d").ok());
  go.OpenForGood();
  const sync::Run ended = std::get<sync::Run>(WatchToTheEnd(run->run_id).back().event);
  EXPECT_EQ(splp_->Held("b"), "Nama baru");
  EXPECT_EQ(splp_->Held("c"), "");
  EXPECT_EQ(splp_->Held("d"), "");
  EXPECT_EQ(splp_->sends, 2);
  EXPECT_EQ(ended.state, RunState::kPartial);
  EXPECT_EQ(ended.Counts()[State::kConfirmed], 2);
  EXPECT_EQ(ended.Counts()[State::kRejected], 1);
  EXPECT_EQ(ended.Counts()[State::kCancelled], 1);
}

TEST_F(EngineTest, ARunOfMoreThanALaneHoldsEndsThoughTheTargetRefusesUs) {
  std::vector<FileWithValues> files;
  for (int i = 0; i < 3000; ++i) files.push_back(MakeFile(absl::StrCat("f", i), {}));
  Import(std::move(files));
  splp_->on_send = [](absl::Span<const OutboundRecord>) {
    SendResult result =
        FakeTarget::Fail(VerdictKind::kUnauthorized, Effect::kNone, Reason::kCredentialsRefused);
    result.verdict.needs_operator = true;
    return result;
  };
  const sync::Run run = RunToTheEnd(All({"splp"}));
  EXPECT_EQ(run.state, RunState::kFailed);
  EXPECT_EQ(run.Counts()[State::kDeferred], 3000);
}

TEST_F(EngineTest, ANewKeyIsTriedAtOnce) {
  Import({MakeFile("f1", {})});
  std::atomic<bool> is_valid = false;
  Signal tried;
  splp_->on_send = [&](absl::Span<const OutboundRecord>) -> std::optional<SendResult> {
    if (is_valid) {
      tried.Raise();
      return std::nullopt;
    }
    SendResult result =
        FakeTarget::Fail(VerdictKind::kUnauthorized, Effect::kNone, Reason::kCredentialsRefused);
    result.verdict.needs_operator = true;
    return result;
  };
  EXPECT_EQ(RunToTheEnd(All({"splp"})).Counts()[State::kDeferred], 1);
  is_valid = true;
  splp_->credentials = 2;
  EXPECT_TRUE(tried.Wait());
  Close();  // Whoever has raised the signal is done with it.
}

TEST_F(EngineTest, AnUnfinishedRunWhoseTargetsAreGoneFails) {
  ASSERT_TRUE(
      store_->CreateRun({{.run_id = "r1", .request = All({"mars"}), .create_time = clock_.Now()}, "x"}).ok());
  Close();
  Open();
  EXPECT_EQ(std::get<sync::Run>(WatchToTheEnd("r1").back().event).state, RunState::kFailed);
}

TEST_F(EngineTest, AnUnfinishedRunGoesOnInTheNextProcess) {
  std::vector<FileWithValues> files;
  for (int i = 0; i < 50; ++i)
    files.push_back(MakeFile(absl::StrCat("f", i), {{absl::StrCat("1.01.", 100000 + i), "1"}}));
  Import(std::move(files));
  Signal sending;
  Signal go;
  std::atomic<int> count = 0;
  splp_->on_send = [&](absl::Span<const OutboundRecord>) -> std::optional<SendResult> {
    if (++count == 10) sending.Raise();
    if (count >= 10) go.Wait();
    return std::nullopt;
  };
  auto run = engine_->StartRun(All());
  ASSERT_TRUE(run.ok());
  ASSERT_TRUE(sending.Wait());
  // The process ends while requests are on their way.
  std::thread shutdown([&] { engine_->Shutdown(absl::ZeroDuration()); });
  go.OpenForGood();
  shutdown.join();
  Close();
  splp_->on_send = nullptr;
  Open();
  const std::vector<RunEvent> events = WatchToTheEnd(run->run_id);
  const sync::Run ended = std::get<sync::Run>(events.back().event);
  EXPECT_EQ(ended.state, RunState::kSucceeded);
  EXPECT_EQ(ended.Counts().Total(), 100);
  EXPECT_EQ(splp_->HeldCount(), 50U);
  EXPECT_EQ(splp_->needless_second_effects + sipd_->needless_second_effects, 0);
}

}  // namespace
}  // namespace satudata::sync
