// What sync::Store promises about deliveries, records and what is known of the targets, whatever the engine.
#include "absl/strings/str_format.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/catalog/failure.h"
#include "tests/unit/server/store/store_fixture.h"

namespace satudata::store {
namespace {

using catalog::Failure;
using catalog::FailureOf;
using catalog::Reason;
using sync::State;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class DeliveryContractTest : public StoreContractTest {
 protected:
  static std::vector<std::string> Ids(const absl::StatusOr<std::vector<sync::Delivery>>& deliveries) {
    EXPECT_TRUE(deliveries.ok()) << deliveries.status();
    std::vector<std::string> ids;
    for (const sync::Delivery& delivery : *deliveries) ids.push_back(delivery.delivery_id);
    return ids;
  }
  void PutWithRecord(const std::string& run_id, const std::string& delivery_id, const std::string& key,
                     State state) {
    sync::Change change{.run_id = run_id};
    change.deliveries.push_back({MakeDelivery(run_id, delivery_id, key, state), std::nullopt});
    change.records.push_back({delivery_id, 0, MakeRecord(key, state)});
    ASSERT_TRUE(store_->Commit(change).ok());
  }
};

INSTANTIATE_TEST_SUITE_P(Engines, DeliveryContractTest, testing::ValuesIn(Engines()), EngineName);

TEST_P(DeliveryContractTest, ADeliveryComesBackWithRecordsAndAttempts) {
  CreateRun("r1");
  sync::Delivery delivery = MakeDelivery("r1", "d1", "a", State::kDeferred);
  delivery.failure = {
      .reason = Reason::kTargetOutage, .args = {{"detail", "mati 'total'"}}, .http_code = 503};
  delivery.next_attempt_time = clock_.Now() + absl::Minutes(5);
  delivery.attempt_count = 2;
  delivery.remote_id = "remote";
  delivery.finding_count = 4;
  delivery.is_public = false;
  sync::Record record = MakeRecord("k", State::kDeferred);
  record.change = sync::ChangeKind::kUpdate;
  record.previous_value = "1";
  record.previous_known = true;
  record.send_time = clock_.Now();
  record.sent_hash = "bb";
  sync::Attempt attempt;
  attempt.attempt_id = "t1";
  attempt.run_id = "r1";
  attempt.target = "splp";
  attempt.exchange = {.operation = "create_dataset",
                      .start_time = clock_.Now(),
                      .duration = absl::Milliseconds(12),
                      .http_code = 503,
                      .request_body = "{\"a\":1}",
                      .answer_body = "<html>",
                      .verdict = sync::VerdictKind::kOutage};
  attempt.record_count = 1;
  attempt.delivery_ids = {"d1"};
  sync::Change change{.run_id = "r1"};
  change.deliveries.push_back({delivery, std::nullopt});
  change.records.push_back({"d1", 1, MakeRecord("second")});
  change.records.push_back({"d1", 0, record});
  change.attempts.push_back(attempt);
  ASSERT_TRUE(store_->Commit(change).ok());

  const auto found = store_->GetDelivery("d1");
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(found->delivery.failure, delivery.failure);
  EXPECT_EQ(found->delivery.next_attempt_time, delivery.next_attempt_time);
  EXPECT_EQ(found->delivery.records, delivery.records);
  EXPECT_EQ(found->delivery.finding_count, 4);
  EXPECT_EQ(found->delivery.remote_id, "remote");
  EXPECT_EQ(found->delivery.sequence, 1);
  EXPECT_FALSE(found->delivery.is_public);
  ASSERT_THAT(found->records, SizeIs(2));
  EXPECT_EQ(found->records[0].key, "k");
  EXPECT_EQ(found->records[0].change, sync::ChangeKind::kUpdate);
  EXPECT_TRUE(found->records[0].previous_known);
  EXPECT_EQ(found->records[0].send_time, clock_.Now());
  EXPECT_EQ(found->records[0].accept_time, std::nullopt);
  EXPECT_EQ(found->records[1].key, "second");
  ASSERT_THAT(found->attempts, SizeIs(1));
  EXPECT_EQ(found->attempts[0].exchange.duration, absl::Milliseconds(12));
  EXPECT_EQ(found->attempts[0].exchange.verdict, sync::VerdictKind::kOutage);
  EXPECT_EQ(found->attempts[0].exchange.answer_body, "<html>");
  EXPECT_THAT(found->attempts[0].delivery_ids, ElementsAre("d1"));
}

TEST_P(DeliveryContractTest, AClearedDeliveryHasTheNewRecordsAlone) {
  CreateRun("r1");
  sync::Change planned{.run_id = "r1"};
  planned.deliveries.push_back({MakeDelivery("r1", "d1", "a"), std::nullopt});
  planned.records.push_back({"d1", 0, MakeRecord("old")});
  planned.records.push_back({"d1", 1, MakeRecord("older")});
  ASSERT_TRUE(store_->Commit(planned).ok());
  sync::Change again{.run_id = "r1", .cleared_deliveries = {"d1"}};
  again.records.push_back({"d1", 0, MakeRecord("new")});
  ASSERT_TRUE(store_->Commit(again).ok());
  const auto found = store_->GetDelivery("d1");
  ASSERT_THAT(found->records, SizeIs(1));
  EXPECT_EQ(found->records[0].key, "new");
}

TEST_P(DeliveryContractTest, AVeryLargeDeliveryIsListedInPartAndSaysSo) {
  CreateRun("r1");
  sync::Change change{.run_id = "r1"};
  change.deliveries.push_back({MakeDelivery("r1", "d1", "a"), std::nullopt});
  for (int i = 0; i < sync::kDetailRecords + 7; ++i) {
    change.records.push_back({"d1", i, MakeRecord(absl::StrCat("k", i))});
  }
  for (int i = 0; i < sync::kDetailAttempts + 3; ++i) {
    change.attempts.push_back({.attempt_id = absl::StrFormat("t%05d", i),
                               .run_id = "r1",
                               .target = "splp",
                               .exchange = {.operation = "push_dssd", .start_time = clock_.Now()},
                               .delivery_ids = {"d1"}});
  }
  ASSERT_TRUE(store_->Commit(std::move(change)).ok());
  const auto found = store_->GetDelivery("d1");
  ASSERT_TRUE(found.ok()) << found.status();
  ASSERT_THAT(found->records, SizeIs(sync::kDetailRecords));
  EXPECT_EQ(found->records.front().key, "k0");
  EXPECT_EQ(found->omitted_records, 7);
  ASSERT_THAT(found->attempts, SizeIs(sync::kDetailAttempts));
  EXPECT_EQ(found->attempts.front().attempt_id, "t00003") << "the oldest are left out";
  EXPECT_EQ(found->attempts.back().attempt_id, "t00502");
  EXPECT_EQ(found->omitted_attempts, 3);
}

TEST_P(DeliveryContractTest, DeliveriesAreListedByAnyOfSeveralStates) {
  CreateRun("r1");
  ASSERT_TRUE(Put(MakeDelivery("r1", "d1", "a", sync::State::kConfirmed)).ok());
  ASSERT_TRUE(Put(MakeDelivery("r1", "d2", "b", sync::State::kRejected)).ok());
  ASSERT_TRUE(Put(MakeDelivery("r1", "d3", "c", sync::State::kDeferred)).ok());
  const auto ids_of = [this](std::vector<sync::State> states) {
    std::vector<std::string> ids;
    const auto found = store_->ListDeliveries({.states = std::move(states)}, {});
    for (const sync::Delivery& item : *found) ids.push_back(item.delivery_id);
    return ids;
  };
  EXPECT_THAT(ids_of({sync::State::kRejected}), ElementsAre("d2"));
  EXPECT_THAT(ids_of({sync::State::kDeferred, sync::State::kConfirmed}), ElementsAre("d1", "d3"));
  EXPECT_THAT(ids_of({sync::State::kParked}), ElementsAre());
  EXPECT_THAT(ids_of({}), ElementsAre("d1", "d2", "d3"));
}

TEST_P(DeliveryContractTest, AnUnknownDeliveryIsNotFound) {
  const auto found = store_->GetDelivery("none");
  EXPECT_TRUE(absl::IsNotFound(found.status()));
  EXPECT_EQ(FailureOf(found.status()).reason, Reason::kDeliveryNotFound);
}

TEST_P(DeliveryContractTest, DeliveriesAreListedByFilterInPages) {
  CreateRun("r1");
  CreateRun("r2");
  ASSERT_TRUE(Put(MakeDelivery("r1", "d1", "a", State::kConfirmed)).ok());
  ASSERT_TRUE(Put(MakeDelivery("r1", "d2", "b", State::kRejected)).ok());
  ASSERT_TRUE(Put(MakeDelivery("r2", "d3", "a", State::kRejected)).ok());
  EXPECT_THAT(Ids(store_->ListDeliveries({.run_id = "r1"}, {})), ElementsAre("d1", "d2"));
  EXPECT_THAT(Ids(store_->ListDeliveries({.run_id = "r1"}, {.limit = 5, .after = "d1"})), ElementsAre("d2"));
  EXPECT_THAT(Ids(store_->ListDeliveries({}, {.limit = 2})), ElementsAre("d1", "d2"));
  EXPECT_THAT(Ids(store_->ListDeliveries({.file_id = "a"}, {})), ElementsAre("d1", "d3"));
  EXPECT_THAT(Ids(store_->ListDeliveries({.run_id = "r1", .file_id = "a", .target = "splp"}, {})),
              ElementsAre("d1"));
  EXPECT_THAT(Ids(store_->ListDeliveries({.states = {State::kRejected, State::kParked}}, {})),
              ElementsAre("d2", "d3"));
  EXPECT_THAT(Ids(store_->ListDeliveries({.target = "sipd"}, {})), IsEmpty());
}

TEST_P(DeliveryContractTest, APreviewIsSeenByWhoAsksForItAlone) {
  ASSERT_TRUE(PutFile(MakeFile("a")).ok());
  CreateRun("p", sync::RunKind::kPreview);
  ASSERT_TRUE(Put(MakeDelivery("p", "d1", "a")).ok());
  EXPECT_THAT(Ids(store_->ListDeliveries({.run_id = "p"}, {})), ElementsAre("d1"));
  EXPECT_THAT(Ids(store_->ListDeliveries({.file_id = "a"}, {})), IsEmpty());
  EXPECT_THAT(*store_->GetFileStatus("a"), IsEmpty());
}

TEST_P(DeliveryContractTest, APreviewKeepsItsRequestsAndLeavesNothingInDoubt) {
  CreateRun("p", sync::RunKind::kPreview);
  sync::Change change{.run_id = "p"};
  change.deliveries.push_back({MakeDelivery("p", "d1", "a", State::kUnknown), std::nullopt});
  change.records.push_back({"d1", 0, MakeRecord("a", State::kUnknown)});
  change.previews.push_back({"d1", 0, {.operation = "create_dataset", .body = "{}"}});
  change.previews.push_back({"d1", 1, {.operation = "update_dataset", .body = "{", .truncated = true}});
  ASSERT_TRUE(store_->Commit(change).ok());
  const auto detail = store_->GetDelivery("d1");
  ASSERT_TRUE(detail.ok()) << detail.status();
  ASSERT_THAT(detail->previews, SizeIs(2));
  EXPECT_EQ(detail->previews[0].operation, "create_dataset");
  EXPECT_EQ(detail->previews[0].body, "{}");
  EXPECT_FALSE(detail->previews[0].truncated);
  EXPECT_TRUE(detail->previews[1].truncated);
  EXPECT_THAT(*store_->OpenRecords("splp", {"a"}), IsEmpty());
}

TEST_P(DeliveryContractTest, NoFileStandsByAWithdrawal) {
  CreateRun("w", sync::RunKind::kWithdraw);
  ASSERT_TRUE(Put(MakeDelivery("w", "d1", "")).ok());
  EXPECT_THAT(Ids(store_->ListDeliveries({.run_id = "w"}, {})), ElementsAre("d1"));
  EXPECT_THAT(Ids(store_->ListDeliveries({.newest = true}, {})), IsEmpty());
}

TEST_P(DeliveryContractTest, OpenRecordsAreThoseInDoubtTheNewestOfEachKey) {
  CreateRun("r1");
  PutWithRecord("r1", "d1", "a", State::kUnknown);
  PutWithRecord("r1", "d2", "a", State::kAccepted);
  PutWithRecord("r1", "d3", "b", State::kConfirmed);
  PutWithRecord("r1", "d4", "c", State::kSending);
  const auto open = store_->OpenRecords("splp", {"a", "b", "c", "z"});
  ASSERT_TRUE(open.ok()) << open.status();
  ASSERT_THAT(*open, SizeIs(2));
  EXPECT_EQ(open->at("a").delivery_id, "d2");
  EXPECT_EQ(open->at("a").record.state, State::kAccepted);
  EXPECT_EQ(open->at("c").run_id, "r1");
  EXPECT_EQ(open->at("c").file_id, "c");
  EXPECT_THAT(*store_->OpenRecords("sipd", {"a"}), IsEmpty());

  sync::Change settled{.run_id = "r1"};
  settled.records.push_back({"d4", 0, MakeRecord("c", State::kConfirmed)});
  ASSERT_TRUE(store_->Commit(settled).ok());
  EXPECT_THAT(*store_->OpenRecords("splp", {"c"}), IsEmpty());
}

TEST_P(DeliveryContractTest, BaselinesAndRefusalsAreReplacedByTargetAndKey) {
  CreateRun("r1");
  const sync::Baseline baseline{.target = "splp",
                                .key = "a",
                                .hash = "h1",
                                .value = "1",
                                .file_id = "a",
                                .confirm_time = clock_.Now(),
                                .adopted = true};
  const sync::Refusal refusal{.target = "splp",
                              .key = "a",
                              .hash = "h1",
                              .rules_version = "1",
                              .reference_version = "7",
                              .failure = {.reason = Reason::kRefusedByTarget, .args = {{"detail", "x"}}},
                              .refuse_time = clock_.Now()};
  ASSERT_TRUE(store_->Commit({.run_id = "r1", .baselines = {baseline}, .refusals = {refusal}}).ok());
  sync::Baseline newer = baseline;
  newer.hash = "h2";
  newer.adopted = false;
  sync::Refusal later = refusal;
  later.rules_version = "2";
  ASSERT_TRUE(store_->Commit({.run_id = "r1", .baselines = {newer}, .refusals = {later}}).ok());

  const auto baselines = store_->Baselines("splp", {"a", "b", "quote\"d"});
  ASSERT_THAT(*baselines, SizeIs(1));
  EXPECT_EQ(baselines->at("a").hash, "h2");
  EXPECT_FALSE(baselines->at("a").adopted);
  EXPECT_EQ(baselines->at("a").confirm_time, clock_.Now());
  const auto refusals = store_->Refusals("splp", {"a"});
  ASSERT_THAT(*refusals, SizeIs(1));
  EXPECT_EQ(refusals->at("a").rules_version, "2");
  EXPECT_EQ(refusals->at("a").failure, refusal.failure);
  EXPECT_THAT(*store_->Baselines("sipd", {"a"}), IsEmpty());
  EXPECT_THAT(*store_->Refusals("splp", {}), IsEmpty());
}

TEST_P(DeliveryContractTest, BaselinesAreFoundByTheBeginningOfTheirKey) {
  CreateRun("r1");
  sync::Change change{.run_id = "r1"};
  for (const char* key : {"1612.1.02.000318.2023", "1612.1.02.000318.2024", "1612.1.02.0003180.2024",
                          "1612.1.02.000319.2024", "1613.1.02.000318.2024"}) {
    change.baselines.push_back({.target = "sipd", .key = key, .value = "2.24", .file_id = "a"});
  }
  change.baselines.push_back({.target = "splp", .key = "1612.1.02.000318.2022"});
  ASSERT_TRUE(store_->Commit(std::move(change)).ok());
  const auto found =
      store_->BaselinesUnder("sipd", {"1612.1.02.000318.", "1612.1.02.000320.", "1613.1.02.000318."});
  ASSERT_TRUE(found.ok()) << found.status();
  std::vector<std::string> keys;
  for (const sync::Baseline& baseline : *found) keys.push_back(baseline.key);
  EXPECT_THAT(keys, testing::UnorderedElementsAre("1612.1.02.000318.2023", "1612.1.02.000318.2024",
                                                  "1613.1.02.000318.2024"));
  EXPECT_EQ(found->front().value, "2.24");
  EXPECT_THAT(*store_->BaselinesUnder("sipd", {}), IsEmpty());
}

TEST_P(DeliveryContractTest, ThousandsOfKeysAreOneQuestion) {
  CreateRun("r1");
  sync::Change change{.run_id = "r1"};
  std::vector<std::string> keys;
  for (int i = 0; i < 5000; ++i) {
    keys.push_back(absl::StrCat("1612.1.02.000318.", i));
    if (i % 2 == 0)
      change.baselines.push_back({.target = "sipd", .key = keys.back(), .hash = "h", .file_id = "a"});
  }
  ASSERT_TRUE(store_->Commit(std::move(change)).ok());
  EXPECT_THAT(*store_->Baselines("sipd", keys), SizeIs(2500));
}

TEST_P(DeliveryContractTest, TheNewestDeliverySpeaksForTheFile) {
  ASSERT_TRUE(PutFile(MakeFile("a")).ok());
  CreateRun("r1");
  ASSERT_TRUE(Put(MakeDelivery("r1", "d1", "a", State::kUnknown)).ok());
  ASSERT_TRUE(Put(MakeDelivery("r1", "d2", "a", State::kConfirmed)).ok());
  ASSERT_TRUE(Put(MakeDelivery("r1", "d1", "a", State::kParked), State::kUnknown).ok());
  const auto status = store_->GetFileStatus("a");
  ASSERT_THAT(*status, SizeIs(1));
  EXPECT_EQ(status->front().delivery_id, "d2");
  EXPECT_EQ(status->front().state, State::kConfirmed);
  EXPECT_EQ(status->front().records[State::kConfirmed], 1);
}

TEST_P(DeliveryContractTest, AStandingWithoutDeliveryKeepsOlderDeliveriesSilent) {
  ASSERT_TRUE(PutFile(MakeFile("a")).ok());
  CreateRun("r1");
  ASSERT_TRUE(Put(MakeDelivery("r1", "d1", "a", State::kUnknown)).ok());
  ASSERT_TRUE(Put(MakeDelivery("r1", "d2", "a", State::kConfirmed)).ok());
  const sync::FileTargetStatus unchanged{.file_id = "a",
                                         .target = "splp",
                                         .state = State::kUnchanged,
                                         .run_id = "r1",
                                         .update_time = clock_.Now()};
  ASSERT_TRUE(store_->Commit({.run_id = "r1", .statuses = {unchanged}}).ok());
  ASSERT_TRUE(Put(MakeDelivery("r1", "d1", "a", State::kParked), State::kUnknown).ok());
  EXPECT_EQ(store_->GetFileStatus("a")->front().state, State::kUnchanged);
  EXPECT_EQ(store_->GetFileStatus("a")->front().delivery_id, "");
}

TEST_P(DeliveryContractTest, AFileStatusSaysWhatTheTargetHolds) {
  ASSERT_TRUE(PutFile(MakeFile("a")).ok());
  CreateRun("r1");
  ASSERT_TRUE(Put(MakeDelivery("r1", "d1", "a", State::kConfirmed)).ok());
  sync::Change change{.run_id = "r1"};
  for (const char* key : {"k1", "k2"}) {
    change.baselines.push_back({.target = "sipd", .key = key, .file_id = "a", .confirm_time = clock_.Now()});
  }
  ASSERT_TRUE(store_->Commit(change).ok());
  const auto status = store_->GetFileStatus("a");
  ASSERT_THAT(*status, SizeIs(2));
  EXPECT_EQ(status->at(0).target, "sipd");
  EXPECT_EQ(status->at(0).state, State::kUnchanged);
  EXPECT_EQ(status->at(0).held_record_count, 2);
  EXPECT_EQ(status->at(0).held_confirm_time, clock_.Now());
  EXPECT_EQ(status->at(1).target, "splp");
  EXPECT_EQ(status->at(1).held_record_count, 0);
}

}  // namespace
}  // namespace satudata::store
