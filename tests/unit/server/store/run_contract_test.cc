// What sync::Store promises about runs, changes and their sequences, whatever the engine.
#include <atomic>
#include <map>
#include <thread>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/base/mutex.h"
#include "server/catalog/failure.h"
#include "tests/unit/server/store/store_fixture.h"

namespace satudata::store {
namespace {

using catalog::FailureOf;
using catalog::Reason;
using sync::RunState;
using sync::State;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class RunContractTest : public StoreContractTest {
 protected:
  std::vector<std::string> EventNames(const std::string& run_id, int64_t after) {
    std::vector<std::string> names;
    const auto events = store_->EventsAfter(run_id, after, 100);
    EXPECT_TRUE(events.ok()) << events.status();
    for (const sync::RunEvent& event : *events) {
      const auto* delivery = std::get_if<sync::Delivery>(&event.event);
      names.push_back(absl::StrCat(
          event.sequence, " ",
          delivery != nullptr ? delivery->delivery_id : std::get<sync::FileSkipped>(event.event).file_id));
    }
    return names;
  }
  absl::StatusOr<sync::RunCreation> CreateWith(const std::string& run_id, const std::string& request_id,
                                               const std::string& caller, const std::string& fingerprint) {
    sync::Run run = MakeRun(run_id);
    run.request.request_id = request_id;
    run.request.requested_by = caller;
    return store_->CreateRun({run, fingerprint});
  }
};

INSTANTIATE_TEST_SUITE_P(Engines, RunContractTest, testing::ValuesIn(Engines()), EngineName);

TEST_P(RunContractTest, ARunComesBackAsItWasCreated) {
  sync::Run run = MakeRun("r1");
  run.request.file_ids = {"a", "b"};
  run.request.themes = {"Kesehatan \"dan\" lainnya"};
  run.request.limit = 7;
  run.request.force = true;
  run.request.traceparent = "00-aa-bb-01";
  ASSERT_TRUE(store_->CreateRun({run, "f"}).ok());

  const auto found = store_->GetRun("r1");
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(found->request.file_ids, run.request.file_ids);
  EXPECT_EQ(found->request.themes, run.request.themes);
  EXPECT_EQ(found->request.targets, run.request.targets);
  EXPECT_EQ(found->request.limit, 7);
  EXPECT_TRUE(found->request.force);
  EXPECT_FALSE(found->request.allow_mass_change);
  EXPECT_EQ(found->request.traceparent, "00-aa-bb-01");
  EXPECT_EQ(found->state, RunState::kQueued);
  EXPECT_EQ(found->create_time, clock_.Now());
  EXPECT_EQ(found->start_time, std::nullopt);
}

TEST_P(RunContractTest, AWithdrawalComesBackAsItWasAskedFor) {
  sync::Run run = MakeRun("r1", sync::RunKind::kWithdraw);
  run.request.withdrawal = {"1.02.000318", "1612", "2024", "tidak ada \"laut\""};
  ASSERT_TRUE(store_->CreateRun({run, "f"}).ok());
  EXPECT_EQ(store_->GetRun("r1")->request.withdrawal, run.request.withdrawal);
}

TEST_P(RunContractTest, APreviewKeepsWhatItExpects) {
  CreateRun("p1", sync::RunKind::kPreview);
  sync::Change change{.run_id = "p1"};
  change.forecasts["sipd"] = {.request_count = 3, .duration = absl::Milliseconds(1500)};
  change.forecasts["splp"] = {.request_count = 7};
  ASSERT_TRUE(store_->Commit(change).ok());
  const auto forecasts = store_->GetRun("p1")->forecasts;
  ASSERT_THAT(forecasts, SizeIs(2));
  EXPECT_EQ(forecasts.at("sipd").request_count, 3);
  EXPECT_EQ(forecasts.at("sipd").duration, absl::Milliseconds(1500));
  EXPECT_EQ(forecasts.at("splp").duration, std::nullopt);
  ASSERT_TRUE(store_->DiscardPlan({"p1", 1}, "sipd").ok());
  EXPECT_THAT(store_->GetRun("p1")->forecasts, SizeIs(1));
}

TEST_P(RunContractTest, AnUnknownRunIsNotFound) {
  const auto found = store_->GetRun("none");
  EXPECT_TRUE(absl::IsNotFound(found.status()));
  EXPECT_EQ(FailureOf(found.status()).reason, Reason::kRunNotFound);
}

TEST_P(RunContractTest, TheSameRequestIdAttachesToTheSameRun) {
  ASSERT_FALSE(CreateWith("r1", "id", "siti", "f")->attached);
  const auto again = CreateWith("r2", "id", "siti", "f");
  ASSERT_TRUE(again.ok());
  EXPECT_TRUE(again->attached);
  EXPECT_EQ(again->run.run_id, "r1");
  EXPECT_TRUE(absl::IsNotFound(store_->GetRun("r2").status()));
}

TEST_P(RunContractTest, ARequestIdWithAnotherRequestIsRefused) {
  ASSERT_TRUE(CreateWith("r1", "id", "siti", "f").ok());
  const auto other = CreateWith("r2", "id", "siti", "g");
  EXPECT_TRUE(absl::IsInvalidArgument(other.status()));
  EXPECT_EQ(FailureOf(other.status()).reason, Reason::kRequestIdReused);
}

TEST_P(RunContractTest, ARequestIsFoundAsItsCreationWouldFindIt) {
  sync::SyncRequest request = MakeRun("r1").request;
  request.request_id = "id";
  request.requested_by = "siti";
  EXPECT_EQ(store_->FindRequest(request, "f")->has_value(), false);
  ASSERT_TRUE(CreateWith("r1", "id", "siti", "f").ok());
  EXPECT_EQ((*store_->FindRequest(request, "f"))->run_id, "r1");
  EXPECT_EQ(FailureOf(store_->FindRequest(request, "g").status()).reason, Reason::kRequestIdReused);
  request.request_id.clear();
  EXPECT_EQ(store_->FindRequest(request, "f")->has_value(), false);
}

TEST_P(RunContractTest, TheFirstStopCountsAndAFailureIsKept) {
  ASSERT_TRUE(store_->CreateRun({MakeRun("r1"), "f"}).ok());
  const absl::Time first = clock_.Now();
  ASSERT_TRUE(store_->Commit({.run_id = "r1", .run_stop = sync::RunStop{.time = first}}).ok());
  const auto cancelled = store_->GetRun("r1");
  EXPECT_EQ(cancelled->stop_time, first);
  EXPECT_TRUE(cancelled->failure.ok());
  EXPECT_EQ(cancelled->state, RunState::kQueued);
  ASSERT_TRUE(
      store_
          ->Commit({.run_id = "r1",
                    .run_stop = sync::RunStop{first + absl::Seconds(1), {.reason = Reason::kMassChange}}})
          .ok());
  ASSERT_TRUE(store_->Commit({.run_id = "r1", .run_stop = sync::RunStop{first + absl::Seconds(2), {}}}).ok());
  const auto failed = store_->GetRun("r1");
  EXPECT_EQ(failed->stop_time, first);
  EXPECT_EQ(failed->failure.reason, Reason::kMassChange);
}

TEST_P(RunContractTest, TheSizeOfTheCatalogueIsThatOfTheLastRunThatSawIt) {
  for (const char* id : {"r1", "r2", "r3", "r4"}) ASSERT_TRUE(store_->CreateRun({MakeRun(id), "f"}).ok());
  EXPECT_EQ(*store_->LastCatalogueSize("r9"), std::nullopt);
  ASSERT_TRUE(store_->Commit({.run_id = "r1", .verified_file_count = 100}).ok());
  ASSERT_TRUE(store_->Commit({.run_id = "r3", .verified_file_count = 70}).ok());
  EXPECT_EQ(*store_->LastCatalogueSize("r1"), std::nullopt);
  EXPECT_EQ(*store_->LastCatalogueSize("r3"), 100);
  EXPECT_EQ(*store_->LastCatalogueSize("r4"), 70);
}

TEST_P(RunContractTest, WhatARunLeftOverAreTheFilesThatNoLaterRunTook) {
  for (const char* id : {"r1", "r2"}) ASSERT_TRUE(store_->CreateRun({MakeRun(id), "f"}).ok());
  const std::vector<std::pair<std::string, State>> left = {
      {"confirmed", State::kConfirmed}, {"deferred", State::kDeferred}, {"parked", State::kParked},
      {"refused", State::kRejected},    {"taken", State::kDeferred},    {"mixed", State::kPartial},
      {"half", State::kPartial}};
  for (const auto& [file_id, state] : left) {
    ASSERT_TRUE(PutFile(MakeFile(file_id)).ok());
    sync::Delivery delivery = MakeDelivery("r1", absl::StrCat("d-", file_id), file_id);
    delivery.state = state;
    delivery.records = sync::StateCounts();
    delivery.records[State::kConfirmed] = 1;
    if (file_id == "mixed") delivery.records[State::kParked] = 1;
    if (file_id == "half") delivery.records[State::kRejected] = 1;
    ASSERT_TRUE(Put(delivery).ok());
  }
  ASSERT_TRUE(Put(MakeDelivery("r2", "e-taken", "taken")).ok());
  const auto files = [&](const sync::LeftOver& left_over) {
    std::vector<std::string> ids;
    const auto found = store_->FilesToPlan({.left_over = left_over}, "", 100);
    for (const catalog::FileWithValues& item : *found) ids.push_back(item.file.file_id);
    return ids;
  };
  EXPECT_THAT(files({"r1", "splp"}), ElementsAre("deferred", "mixed", "parked"));
  EXPECT_THAT(files({"r1", "splp", /*include_rejected=*/true}),
              ElementsAre("deferred", "half", "mixed", "parked", "refused"));
  EXPECT_THAT(files({"r1", "sipd"}), IsEmpty());
  EXPECT_THAT(files({"r2", "splp"}), IsEmpty());
}

TEST_P(RunContractTest, ARequestIdBelongsToItsCaller) {
  ASSERT_TRUE(CreateWith("r1", "id", "siti", "f").ok());
  EXPECT_FALSE(CreateWith("r2", "id", "budi", "g")->attached);
}

TEST_P(RunContractTest, ARequestIdIsForgottenAfterSevenDays) {
  ASSERT_TRUE(CreateWith("r1", "id", "siti", "f").ok());
  clock_.Advance(absl::Hours(7 * 24) - absl::Seconds(1));
  EXPECT_TRUE(CreateWith("r2", "id", "siti", "f")->attached);
  clock_.Advance(absl::Seconds(1));
  EXPECT_FALSE(CreateWith("r3", "id", "siti", "g")->attached);
}

TEST_P(RunContractTest, RunsWithoutRequestIdNeverAttach) {
  ASSERT_FALSE(CreateWith("r1", "", "siti", "f")->attached);
  EXPECT_FALSE(CreateWith("r2", "", "siti", "f")->attached);
}

TEST_P(RunContractTest, RunsAreListedNewestFirstInPages) {
  for (const char* id : {"r1", "r2", "r3"}) CreateRun(id);
  CreateRun("r4", sync::RunKind::kPreview);
  const auto first = store_->ListRuns({.kind = sync::RunKind::kSyncAll}, {.limit = 2});
  ASSERT_THAT(*first, SizeIs(2));
  EXPECT_EQ(first->front().run_id, "r3");
  const auto second = store_->ListRuns({.kind = sync::RunKind::kSyncAll}, {.limit = 2, .after = "r2"});
  ASSERT_THAT(*second, SizeIs(1));
  EXPECT_EQ(second->front().run_id, "r1");
  EXPECT_THAT(*store_->ListRuns({.state = RunState::kFailed}, {}), IsEmpty());
}

TEST_P(RunContractTest, UnfinishedRunsAreThoseQueuedOrRunning) {
  for (const char* id : {"r1", "r2", "r3"}) CreateRun(id);
  ASSERT_TRUE(store_->Commit({.run_id = "r1", .run_state = {{RunState::kQueued, RunState::kRunning}}}).ok());
  ASSERT_TRUE(store_->Commit({.run_id = "r2", .run_state = {{RunState::kRunning, RunState::kFailed}}}).ok());
  const auto runs = store_->UnfinishedRuns();
  ASSERT_THAT(*runs, SizeIs(2));
  EXPECT_EQ(runs->at(0).run_id, "r1");
  EXPECT_EQ(runs->at(0).state, RunState::kRunning);
  EXPECT_EQ(runs->at(1).run_id, "r3");
}

TEST_P(RunContractTest, AChangeGivesSequencesInItsOrder) {
  CreateRun("r1");
  sync::Change change{.run_id = "r1", .run_state = {{RunState::kQueued, RunState::kRunning}}};
  change.run_start_time = clock_.Now();
  change.deliveries.push_back({MakeDelivery("r1", "d1", "a"), std::nullopt});
  change.deliveries.push_back({MakeDelivery("r1", "d2", "b"), std::nullopt});
  change.skipped.push_back({.file_id = "c", .file_name = "C"});
  std::vector<int64_t> sequences;
  base::Mutex mu;
  store_->Submit(change, [&](const absl::Status& status, const sync::Change& committed) {
    base::MutexLock lock(&mu);
    EXPECT_TRUE(status.ok()) << status;
    sequences = {committed.run_state->sequence, committed.deliveries[0].delivery.sequence,
                 committed.deliveries[1].delivery.sequence, committed.skipped[0].sequence};
  });
  ASSERT_TRUE(store_->Commit({.run_id = "r1"}).ok());
  base::MutexLock lock(&mu);
  EXPECT_THAT(sequences, ElementsAre(1, 2, 3, 4));
  const auto run = store_->GetRun("r1");
  EXPECT_EQ(run->last_sequence, 4);
  EXPECT_EQ(run->skipped_file_count, 1);
  EXPECT_EQ(run->start_time, clock_.Now());
  EXPECT_EQ(run->state, RunState::kRunning);
}

TEST_P(RunContractTest, ARunEndsAfterWhatHappenedInIt) {
  CreateRun("r1");
  sync::Change change{.run_id = "r1", .run_state = {{RunState::kRunning, RunState::kSucceeded}}};
  change.deliveries.push_back({MakeDelivery("r1", "d1", "a", State::kConfirmed), std::nullopt});
  ASSERT_TRUE(store_->Commit(change).ok());
  EXPECT_THAT(EventNames("r1", 0), ElementsAre("1 d1"));
  EXPECT_EQ(store_->GetRun("r1")->last_sequence, 2);
}

TEST_P(RunContractTest, EventsShowEachDeliveryOnceAsItIsNow) {
  CreateRun("r1", sync::RunKind::kSyncFile);
  ASSERT_TRUE(Put(MakeDelivery("r1", "d1", "a")).ok());
  ASSERT_TRUE(Put(MakeDelivery("r1", "d2", "b")).ok());
  sync::Change skip{.run_id = "r1"};
  skip.skipped.push_back({.file_id = "c"});
  ASSERT_TRUE(store_->Commit(skip).ok());
  ASSERT_TRUE(Put(MakeDelivery("r1", "d1", "a", State::kSending), State::kQueued).ok());
  EXPECT_THAT(EventNames("r1", 0), ElementsAre("2 d2", "3 c", "4 d1"));
  EXPECT_THAT(EventNames("r1", 3), ElementsAre("4 d1"));
  EXPECT_THAT(EventNames("r1", 4), IsEmpty());
  EXPECT_THAT(*store_->EventsAfter("r1", 0, 2), SizeIs(2));
}

// Whoever follows a bulk run is told where its deliveries rest, also of one that rested and went on.
TEST_P(RunContractTest, EventsOfABulkRunLeaveOutWhatIsOnItsWay) {
  CreateRun("r1", sync::RunKind::kSyncAll);
  ASSERT_TRUE(Put(MakeDelivery("r1", "d1", "a")).ok());
  ASSERT_TRUE(Put(MakeDelivery("r1", "d2", "b")).ok());
  ASSERT_TRUE(Put(MakeDelivery("r1", "d1", "a", State::kSending), State::kQueued).ok());
  EXPECT_THAT(EventNames("r1", 0), IsEmpty());
  ASSERT_TRUE(Put(MakeDelivery("r1", "d1", "a", State::kDeferred), State::kSending).ok());
  ASSERT_TRUE(Put(MakeDelivery("r1", "d2", "b", State::kConfirmed), State::kQueued).ok());
  EXPECT_THAT(EventNames("r1", 0), ElementsAre("4 d1", "5 d2"));
  ASSERT_TRUE(Put(MakeDelivery("r1", "d1", "a", State::kSending), State::kDeferred).ok());
  EXPECT_THAT(EventNames("r1", 0), ElementsAre("5 d2"));
  ASSERT_TRUE(Put(MakeDelivery("r1", "d1", "a", State::kConfirmed), State::kSending).ok());
  EXPECT_THAT(EventNames("r1", 5), ElementsAre("7 d1"));
}

TEST_P(RunContractTest, AFileSkippedAgainIsCountedOnce) {
  CreateRun("r1");
  sync::Change skip{.run_id = "r1"};
  skip.skipped.push_back({.file_id = "c"});
  ASSERT_TRUE(store_->Commit(skip).ok());
  ASSERT_TRUE(store_->Commit(skip).ok());
  EXPECT_EQ(store_->GetRun("r1")->skipped_file_count, 1);
  EXPECT_THAT(EventNames("r1", 0), ElementsAre("2 c"));
}

TEST_P(RunContractTest, CountsFollowTheDeliveries) {
  CreateRun("r1");
  ASSERT_TRUE(Put(MakeDelivery("r1", "d1", "a")).ok());
  ASSERT_TRUE(Put(MakeDelivery("r1", "d2", "b")).ok());
  ASSERT_TRUE(Put(MakeDelivery("r1", "d1", "a", State::kConfirmed), State::kQueued).ok());
  ASSERT_TRUE(store_->Commit({.run_id = "r1", .unchanged = {{"splp", 40}, {"sipd", 2}}}).ok());
  const auto run = store_->GetRun("r1");
  EXPECT_EQ(run->counts.at("splp")[State::kQueued], 1);
  EXPECT_EQ(run->counts.at("splp")[State::kConfirmed], 1);
  EXPECT_EQ(run->counts.at("splp")[State::kUnchanged], 40);
  EXPECT_EQ(run->counts.at("sipd")[State::kUnchanged], 2);
}

TEST_P(RunContractTest, AChangeIsWrittenWholeOrNotAtAll) {
  CreateRun("r1");
  ASSERT_TRUE(Put(MakeDelivery("r1", "d1", "a")).ok());
  sync::Change change{.run_id = "r1"};
  change.deliveries.push_back({MakeDelivery("r1", "d2", "b"), std::nullopt});
  change.deliveries.push_back({MakeDelivery("r1", "d1", "a"), std::nullopt});  // Is there already.
  EXPECT_EQ(store_->Commit(change).code(), absl::StatusCode::kInternal);
  EXPECT_TRUE(absl::IsNotFound(store_->GetDelivery("d2").status()));
  EXPECT_EQ(store_->GetRun("r1")->last_sequence, 1);
  EXPECT_TRUE(store_->Healthy());
}

TEST_P(RunContractTest, AChangeThatCanNeverBeWrittenCostsItselfAlone) {
  CreateRun("r1");
  std::atomic<int> written = 0;
  std::atomic<int> refused = 0;
  for (int i = 0; i < 50; ++i) {
    sync::Change change{.run_id = i % 10 == 3 ? "no such run" : "r1"};
    change.deliveries.push_back({MakeDelivery(change.run_id, absl::StrCat("d", i), "a"), std::nullopt});
    store_->Submit(change, [&](const absl::Status& status, const sync::Change&) {
      ++(status.ok() ? written : refused);
    });
  }
  ASSERT_TRUE(store_->Commit({.run_id = "r1"}).ok());
  EXPECT_EQ(written, 45);
  EXPECT_EQ(refused, 5);
  EXPECT_EQ(store_->GetRun("r1")->last_sequence, 45);
}

TEST_P(RunContractTest, AChangeOfADeliveryThatIsNotThereIsRefused) {
  CreateRun("r1");
  EXPECT_FALSE(Put(MakeDelivery("r1", "d1", "a"), State::kQueued).ok());
  sync::Change change{.run_id = "r1"};
  change.records.push_back({"d1", 0, MakeRecord("k")});
  EXPECT_FALSE(store_->Commit(change).ok());
}

TEST_P(RunContractTest, ManyThreadsGetGaplessSequencesInCommitOrder) {
  constexpr int kRuns = 3;
  constexpr int kThreads = 4;
  constexpr int kChanges = 150;
  for (int r = 0; r < kRuns; ++r) CreateRun(absl::StrCat("r", r));
  base::Mutex mu;
  std::map<std::string, std::vector<int64_t>> seen;
  const auto note = [&](const absl::Status& status, const sync::Change& change) {
    base::MutexLock lock(&mu);
    ASSERT_TRUE(status.ok()) << status;
    for (const auto& item : change.deliveries) seen[change.run_id].push_back(item.delivery.sequence);
  };
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kChanges; ++i) {
        sync::Change change{.run_id = absl::StrCat("r", i % kRuns)};
        const std::string id = absl::StrCat("d", t, "-", i);
        change.deliveries.push_back({MakeDelivery(change.run_id, id, id), std::nullopt});
        store_->Submit(std::move(change), note);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  ASSERT_TRUE(store_->Commit({.run_id = "r0"}).ok());
  base::MutexLock lock(&mu);
  for (int r = 0; r < kRuns; ++r) {
    const std::vector<int64_t>& sequences = seen[absl::StrCat("r", r)];
    ASSERT_THAT(sequences, SizeIs(kThreads * kChanges / kRuns));
    for (size_t i = 0; i < sequences.size(); ++i) ASSERT_EQ(sequences[i], static_cast<int64_t>(i) + 1);
  }
}

TEST_P(RunContractTest, WhatACallbackReportsCanBeRead) {
  CreateRun("r1");
  std::atomic<bool> found = false;
  sync::Change change{.run_id = "r1"};
  change.deliveries.push_back({MakeDelivery("r1", "d1", "a"), std::nullopt});
  store_->Submit(change,
                 [&](const absl::Status&, const sync::Change&) { found = store_->GetDelivery("d1").ok(); });
  ASSERT_TRUE(store_->Commit({.run_id = "r1"}).ok());
  EXPECT_TRUE(found);
}

TEST_P(RunContractTest, EverythingIsThereAfterReopening) {
  CreateRun("r1");
  sync::Change change{.run_id = "r1", .unchanged = {{"splp", 5}}, .planned_targets = {"splp"}};
  change.deliveries.push_back({MakeDelivery("r1", "d1", "a"), std::nullopt});
  change.records.push_back({"d1", 0, MakeRecord("a")});
  ASSERT_TRUE(store_->Commit(change).ok());
  Reopen();
  EXPECT_EQ(store_->GetRun("r1")->counts.at("splp")[State::kUnchanged], 5);
  EXPECT_THAT(*store_->PlannedTargets("r1"), ElementsAre("splp"));
  EXPECT_THAT(store_->GetDelivery("d1")->records, SizeIs(1));
  ASSERT_TRUE(Put(MakeDelivery("r1", "d2", "b", State::kConfirmed)).ok());
  EXPECT_THAT(EventNames("r1", 1), ElementsAre("2 d2"));
}

TEST_P(RunContractTest, ADiscardedPlanLeavesNothingButWhatWasBefore) {
  ASSERT_TRUE(PutFile(MakeFile("a")).ok());
  ASSERT_TRUE(PutFile(MakeFile("b")).ok());
  CreateRun("r1");
  CreateRun("r2");
  ASSERT_TRUE(Put(MakeDelivery("r1", "d1", "a", State::kConfirmed)).ok());
  sync::Change plan{.run_id = "r2", .unchanged = {{"splp", 9}}};
  plan.deliveries.push_back({MakeDelivery("r2", "d2", "a"), std::nullopt});
  plan.deliveries.push_back({MakeDelivery("r2", "d3", "b"), std::nullopt});
  plan.records.push_back({"d2", 0, MakeRecord("a")});
  ASSERT_TRUE(store_->Commit(plan).ok());
  ASSERT_EQ(store_->GetFileStatus("a")->front().delivery_id, "d2");

  ASSERT_TRUE(store_->DiscardPlan({"r2", 1}, "splp").ok());
  EXPECT_TRUE(absl::IsNotFound(store_->GetDelivery("d2").status()));
  EXPECT_THAT(store_->GetRun("r2")->counts, IsEmpty());
  ASSERT_THAT(*store_->GetFileStatus("a"), SizeIs(1));
  EXPECT_EQ(store_->GetFileStatus("a")->front().delivery_id, "d1");
  EXPECT_EQ(store_->GetFileStatus("a")->front().state, State::kConfirmed);
  EXPECT_THAT(*store_->GetFileStatus("b"), IsEmpty());
}

TEST_P(RunContractTest, APreviewIsKeptForADay) {
  CreateRun("p1", sync::RunKind::kPreview);
  ASSERT_TRUE(Put(MakeDelivery("p1", "d1", "a")).ok());
  clock_.Advance(absl::Hours(25));
  CreateRun("p2", sync::RunKind::kPreview);
  ASSERT_TRUE(store_->DeleteOldPreviews(clock_.Now()).ok());
  EXPECT_TRUE(absl::IsNotFound(store_->GetRun("p1").status()));
  EXPECT_TRUE(absl::IsNotFound(store_->GetDelivery("d1").status()));
  EXPECT_TRUE(store_->GetRun("p2").ok());
}

}  // namespace
}  // namespace satudata::store
