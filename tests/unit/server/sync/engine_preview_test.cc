// What a preview shows, and that it leaves no trace.
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/unit/server/sync/engine_fixture.h"

namespace satudata::sync {
namespace {

using catalog::Reason;
using catalog::Verification;

class EnginePreviewTest : public EngineTest {
 protected:
  ~EnginePreviewTest() override { Close(); }  // Its targets' callbacks stand on what is here.

  static SyncRequest Preview(SyncRequest request) {
    request.kind = RunKind::kPreview;
    return request;
  }
  DeliveryDetail DetailOf(const sync::Run& run, const std::string& target) {
    for (const Delivery& delivery : Deliveries(run.run_id)) {
      if (delivery.target == target) return *store_->GetDelivery(delivery.delivery_id);
    }
    ADD_FAILURE() << "no delivery to " << target;
    return {};
  }
  int Writes() const { return splp_->sends + sipd_->sends; }
  // `count` files with a value each, the first `changed` of them with another one.
  void ImportValues(int count, int changed) {
    std::vector<catalog::FileWithValues> files;
    for (int i = 0; i < count; ++i) {
      files.push_back(MakeFile(absl::StrCat("f", 100 + i),
                               {{absl::StrCat("1.01.", 100000 + i), i < changed ? "2" : "1"}}));
    }
    Import(std::move(files));
  }
};

TEST_F(EnginePreviewTest, ShowsWhatEachRecordWouldDo) {
  sipd_->Put("9901.1.01.000002.2024", "5", /*final=*/false);
  sipd_->Put("9901.1.01.000003.2024", "3", /*final=*/false);
  sipd_->Put("9901.1.01.000004.2024", "9", /*final=*/true);
  Import({MakeFile(
      "f1", {{"1.01.000001", "1"}, {"1.01.000002", "2"}, {"1.01.000003", "3"}, {"1.01.000004", "4"}})});
  const sync::Run run = RunToTheEnd(Preview(One("f1", {"sipd"})));
  EXPECT_EQ(run.state, RunState::kPartial);
  EXPECT_EQ(run.OpenCount(), 0);
  const DeliveryDetail detail = DetailOf(run, "sipd");
  EXPECT_EQ(detail.delivery.state, State::kPartial);
  EXPECT_EQ(detail.delivery.failure.reason, Reason::kTargetValueFinal);
  ASSERT_EQ(detail.records.size(), 4u);
  EXPECT_EQ(detail.records[0].change, ChangeKind::kCreate);
  EXPECT_EQ(detail.records[1].change, ChangeKind::kUpdate);
  EXPECT_EQ(detail.records[1].previous_value, "5");
  EXPECT_EQ(detail.records[2].change, ChangeKind::kSame);
  EXPECT_EQ(detail.records[2].state, State::kUnchanged);
  EXPECT_EQ(detail.records[3].state, State::kRejected);
  ASSERT_EQ(detail.previews.size(), 1u);
  EXPECT_EQ(detail.previews[0].operation, "send");
  EXPECT_EQ(detail.previews[0].body, "9901.1.01.000001.2024=1\n9901.1.01.000002.2024=2\n");
  EXPECT_EQ(run.forecasts.at("sipd").request_count, 1);
  EXPECT_EQ(Writes(), 0);
}

TEST_F(EnginePreviewTest, LeavesNoTrace) {
  sipd_->Put("9901.1.01.000001.2024", "1", /*final=*/false);
  Import({MakeFile("f1", {{"1.01.000001", "1"}}), MakeFile("f2", {{"1.01.000002", "2"}})});
  EXPECT_EQ(RunToTheEnd(Preview(All())).state, RunState::kSucceeded);
  EXPECT_EQ(RunToTheEnd(Preview(One("f1"))).state, RunState::kSucceeded);
  EXPECT_EQ(Writes(), 0);
  EXPECT_TRUE(store_->Baselines("sipd", {{"9901.1.01.000001.2024"}})->empty()) << "nothing is adopted";
  EXPECT_THAT(*store_->GetFileStatus("f1"), testing::IsEmpty());
  EXPECT_THAT(*store_->ListDeliveries({.file_id = "f1"}, {.limit = 10}), testing::IsEmpty());
  EXPECT_FALSE(store_->LastCatalogueSize("z")->has_value());
  EXPECT_EQ(observer_.settled(), 0) << "nothing is counted";
  const sync::Run run = RunToTheEnd(All());
  EXPECT_EQ(run.state, RunState::kSucceeded);
  EXPECT_EQ(run.counts.at("sipd")[State::kUnchanged], 1);
  EXPECT_EQ(run.counts.at("sipd")[State::kConfirmed], 1);
}

TEST_F(EnginePreviewTest, StreamsWhatWouldBeSent) {
  Import(MakeFiles(3));
  const auto run = engine_->StartRun(Preview(All({"splp"})));
  ASSERT_TRUE(run.ok()) << run.status();
  std::map<std::string, State> told;
  for (const RunEvent& event : WatchToTheEnd(run->run_id)) {
    if (const auto* delivery = std::get_if<Delivery>(&event.event)) told[delivery->file_id] = delivery->state;
  }
  EXPECT_THAT(
      told, testing::ElementsAre(testing::Pair("f100", State::kQueued), testing::Pair("f101", State::kQueued),
                                 testing::Pair("f102", State::kQueued)));
  EXPECT_EQ(store_->GetRun(run->run_id)->forecasts.at("splp").request_count, 3);
}

TEST_F(EnginePreviewTest, ShowsWhatAFileWouldSendOnceItIsVerified) {
  Import({MakeFile("f1", {{"1.01.000001", "1"}}, Verification::kUnverified)});
  const sync::Run run = RunToTheEnd(Preview(One("f1")));
  EXPECT_EQ(run.state, RunState::kFailed);
  EXPECT_EQ(run.failure.reason, Reason::kFileNotVerified);
  const DeliveryDetail detail = DetailOf(run, "sipd");
  EXPECT_EQ(detail.delivery.state, State::kRejected);
  EXPECT_EQ(detail.delivery.failure.reason, Reason::kFileNotVerified);
  EXPECT_EQ(detail.records.at(0).change, ChangeKind::kCreate);
  EXPECT_EQ(detail.previews.size(), 1u);
}

TEST_F(EnginePreviewTest, ShowsThatAFileWouldContradictAnotherOnceItIsVerified) {
  Import({MakeFile("f1", {{"1.01.000001", "1"}}, Verification::kUnverified),
          MakeFile("f2", {{"1.01.000001", "2"}})});
  const sync::Run run = RunToTheEnd(Preview(One("f1", {"sipd"})));
  EXPECT_EQ(DetailOf(run, "sipd").records.at(0).failure.reason, Reason::kValuesContradict);
}

TEST_F(EnginePreviewTest, WhatTwoFilesShareIsSentOnce) {
  Import({MakeFile("f1", {{"1.01.000001", "1"}}), MakeFile("f2", {{"1.01.000001", "1"}})});
  const sync::Run run = RunToTheEnd(Preview(All({"sipd"})));
  EXPECT_EQ(run.Counts()[State::kQueued], 1);
  EXPECT_EQ(run.Counts()[State::kUnchanged], 1);
  EXPECT_EQ(run.forecasts.at("sipd").request_count, 1);
}

TEST_F(EnginePreviewTest, OfAllLeavesOutWhatIsNotVerified) {
  Import({MakeFile("f1", {{"1.01.000001", "1"}}, Verification::kUnverified),
          MakeFile("f2", {{"1.01.000002", "2"}})});
  const sync::Run run = RunToTheEnd(Preview(All({"sipd"})));
  EXPECT_EQ(run.state, RunState::kSucceeded);
  EXPECT_EQ(run.skipped_file_count, 1);
  EXPECT_EQ(run.Counts().Total(), 1);
}

TEST_F(EnginePreviewTest, ShowsThatTheGuardWouldStopTheRunAndWhatItWouldSend) {
  ImportValues(60, 0);
  RunToTheEnd(All({"sipd"}));
  ImportValues(60, 30);
  const int writes = Writes();
  const sync::Run run = RunToTheEnd(Preview(All({"sipd"})));
  EXPECT_EQ(run.state, RunState::kFailed);
  EXPECT_EQ(run.failure.reason, Reason::kMassChange);
  EXPECT_EQ(run.failure.args.at("changed"), "30");
  EXPECT_EQ(run.Counts()[State::kQueued], 30);
  EXPECT_EQ(run.Counts()[State::kUnchanged], 30);
  EXPECT_EQ(run.forecasts.at("sipd").request_count, 3);
  EXPECT_EQ(Writes(), writes);
  SyncRequest allowed = Preview(All({"sipd"}));
  allowed.allow_mass_change = true;
  EXPECT_EQ(RunToTheEnd(allowed).state, RunState::kSucceeded);
}

TEST_F(EnginePreviewTest, StandsInNobodysWay) {
  Import(MakeFiles(2));
  Signal sending, go;
  splp_->on_send = [&](absl::Span<const OutboundRecord>) -> std::optional<SendResult> {
    sending.Raise();
    go.Wait();
    return std::nullopt;
  };
  const auto real = engine_->StartRun(All({"splp"}));
  ASSERT_TRUE(real.ok()) << real.status();
  ASSERT_TRUE(sending.Wait());
  const sync::Run run = RunToTheEnd(Preview(All({"splp"})));
  EXPECT_EQ(run.state, RunState::kSucceeded) << "while another run is active";
  EXPECT_EQ(run.Counts()[State::kUnknown], 2) << "what is on its way would be read back first";
  go.OpenForGood();
  EXPECT_EQ(std::get<sync::Run>(WatchToTheEnd(real->run_id).back().event).state, RunState::kSucceeded);
}

TEST_F(EnginePreviewTest, SaysThatATargetCouldNotBeRead) {
  ASSERT_TRUE(engine_->PauseTarget("sipd", "op", "pemeliharaan").ok());
  Import({MakeFile("f1", {{"1.01.000001", "1"}})});
  const sync::Run run = RunToTheEnd(Preview(One("f1", {"sipd"})));
  EXPECT_EQ(run.state, RunState::kSucceeded) << "nothing is refused";
  const DeliveryDetail detail = DetailOf(run, "sipd");
  EXPECT_EQ(detail.delivery.failure.reason, Reason::kTargetPaused);
  EXPECT_EQ(detail.records.at(0).change, ChangeKind::kNone);
  EXPECT_EQ(detail.records.at(0).failure.reason, Reason::kTargetPaused);
  EXPECT_EQ(sipd_->reads, 0) << "a pause holds for reads as well";
}

TEST_F(EnginePreviewTest, DoesNotReadThroughACircuitThatIsOpen) {
  ASSERT_TRUE(store_->PutTargetMemory({.target = "sipd", .circuit_openings = 1, .epoch = 1}).ok());
  sipd_->healthy = false;
  options_.target_control.breaker.open_time = absl::Minutes(1);
  Close();
  Open();
  Import({MakeFile("f1", {{"1.01.000001", "1"}})});
  const DeliveryDetail detail = DetailOf(RunToTheEnd(Preview(One("f1", {"sipd"}))), "sipd");
  EXPECT_EQ(detail.delivery.state, State::kQueued);
  EXPECT_FALSE(detail.records.at(0).failure.ok());
  EXPECT_EQ(sipd_->reads, 0);
  EXPECT_EQ(sipd_->prepares, 0);
}

TEST_F(EnginePreviewTest, LooksAtADatasetThatWasNeverSent) {
  splp_->Put("f1", "Data f1", /*final=*/false);
  Import({MakeFile("f1", {}), MakeFile("f2", {})});
  const sync::Run same = RunToTheEnd(Preview(One("f1", {"splp"})));
  EXPECT_EQ(DetailOf(same, "splp").records.at(0).change, ChangeKind::kSame);
  EXPECT_EQ(DetailOf(same, "splp").delivery.state, State::kQueued) << "a run would send it";
  const sync::Run fresh = RunToTheEnd(Preview(One("f2", {"splp"})));
  EXPECT_EQ(DetailOf(fresh, "splp").records.at(0).change, ChangeKind::kCreate);
  splp_->reads = 0;
  RunToTheEnd(Preview(All({"splp"})));
  EXPECT_EQ(splp_->reads, 0) << "not one by one for a whole catalogue";
}

TEST_F(EnginePreviewTest, KeepsAFewBodiesOfAFileWithMany) {
  std::vector<std::pair<std::string, std::string>> values;
  for (int i = 0; i < 500; ++i) values.emplace_back(absl::StrCat("1.01.", 100000 + i), "1");
  Import({MakeFile("f1", values)});
  const sync::Run run = RunToTheEnd(Preview(One("f1", {"sipd"})));
  EXPECT_EQ(DetailOf(run, "sipd").previews.size(), 20u);
  EXPECT_EQ(run.forecasts.at("sipd").request_count, 50);
}

TEST_F(EnginePreviewTest, ExpectsNoDurationBeforeTheTargetHasShownItsPace) {
  Import(MakeFiles(4));
  EXPECT_FALSE(RunToTheEnd(Preview(All({"splp"}))).forecasts.at("splp").duration.has_value());
  RunToTheEnd(One("f100", {"splp"}));
  const sync::Run run = RunToTheEnd(Preview(All({"splp"})));
  EXPECT_EQ(run.forecasts.at("splp").request_count, 3);
}

TEST_F(EnginePreviewTest, GoesOnFromTheStartAfterARestart) {
  ImportValues(60, 0);
  RunToTheEnd(All({"sipd"}));
  ImportValues(60, 60);
  const sync::Run run{.run_id = base::NewTimeOrderedUuid(absl::ToUnixMillis(clock_.Now())),
                      .request = Preview(All({"sipd"})),
                      .create_time = clock_.Now()};
  ASSERT_TRUE(store_->CreateRun({run, "x"}).ok());
  ASSERT_TRUE(store_->Commit({.run_id = run.run_id, .planned_targets = {"sipd"}}).ok());
  Close();
  Open();
  const sync::Run ended = std::get<sync::Run>(WatchToTheEnd(run.run_id).back().event);
  EXPECT_EQ(ended.failure.reason, Reason::kMassChange);
  EXPECT_EQ(ended.Counts()[State::kQueued], 60);
}

}  // namespace
}  // namespace satudata::sync
