#include "server/sync/planner.h"

#include <memory>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace satudata::sync {
namespace {

using catalog::Reason;

class PlannerTest : public testing::Test {
 protected:
  static ProjectedRecord Sendable(const std::string& key, const std::string& hash) {
    return {.record = {.key = key, .scope = "9901/2024", .value = hash, .hash = hash}};
  }
  PlannedFile Plan() { return PlanFile(file_, projection_, knowledge_, context_); }
  State PlanOne(const std::string& hash) {
    projection_.records = {Sendable("k", hash)};
    return Plan().records[0].state;
  }

  catalog::CatalogFile file_ = {.file_id = "f", .name = "Data", .revision = 7};
  TargetTraits traits_ = {.name = "sipd", .reads_tables = true, .rules_version = "r1"};
  PlanContext context_ = {
      .traits = &traits_, .reference_version = "v1", .now = absl::FromUnixSeconds(1'800'000'000)};
  Projection projection_;
  Knowledge knowledge_;
};

TEST_F(PlannerTest, PinsTheRevision) {
  projection_.records = {Sendable("k", "a")};
  const PlannedFile planned = Plan();
  EXPECT_EQ(planned.delivery.revision, 7);
  EXPECT_EQ(planned.delivery.target, "sipd");
  EXPECT_EQ(planned.delivery.file_name, "Data");
}

TEST_F(PlannerTest, TheBaselineDecidesBetweenUnchangedAndUpdate) {
  knowledge_.baselines["k"] = {.key = "k", .hash = "a", .value = "1"};
  EXPECT_EQ(PlanOne("a"), State::kUnchanged);
  EXPECT_EQ(PlanOne("b"), State::kQueued);
  const Record record = Plan().records[0];
  EXPECT_EQ(record.change, ChangeKind::kUpdate);
  EXPECT_EQ(record.previous_value, "1");
}

TEST_F(PlannerTest, ForceSendsWhatTheBaselineHolds) {
  knowledge_.baselines["k"] = {.key = "k", .hash = "a"};
  context_.force = true;
  EXPECT_EQ(PlanOne("a"), State::kQueued);
}

TEST_F(PlannerTest, WithoutBaselineTheTargetIsAsked) {
  projection_.records = {Sendable("k", "a")};
  EXPECT_THAT(ScopesToObserve(projection_, knowledge_, context_), testing::ElementsAre("9901/2024"));
  EXPECT_FALSE(Plan().records[0].previous_known);
  knowledge_.baselines["k"] = {.key = "k", .hash = "x"};
  EXPECT_THAT(ScopesToObserve(projection_, knowledge_, context_), testing::IsEmpty());
}

TEST_F(PlannerTest, WhatTheTargetHoldsIsAdopted) {
  auto seen = std::make_shared<Observation>();
  seen->values["k"] = {.hash = "a", .value = "1"};
  knowledge_.observations["9901/2024"] = seen;
  projection_.records = {Sendable("k", "a")};
  const PlannedFile planned = Plan();
  EXPECT_EQ(planned.delivery.state, State::kUnchanged);
  ASSERT_EQ(planned.adopted.size(), 1U);
  EXPECT_TRUE(planned.adopted[0].adopted);
}

TEST_F(PlannerTest, AFinalValueIsNotSentOverEvenByForce) {
  auto seen = std::make_shared<Observation>();
  seen->values["k"] = {.hash = "z", .value = "9", .final = true};
  knowledge_.observations["9901/2024"] = seen;
  context_.force = true;
  EXPECT_EQ(PlanOne("a"), State::kRejected);
  EXPECT_EQ(Plan().delivery.failure.reason, Reason::kTargetValueFinal);
}

TEST_F(PlannerTest, ARefusalIsRememberedWithItsDate) {
  knowledge_.refusals["k"] = {.key = "k",
                              .hash = "a",
                              .rules_version = "r1",
                              .reference_version = "v1",
                              .failure = {.reason = Reason::kRefusedByTarget},
                              .refuse_time = absl::FromUnixSeconds(0)};
  EXPECT_EQ(PlanOne("a"), State::kRejected);
  EXPECT_EQ(Plan().records[0].failure.args.at("refuse_time"), "1970-01-01T00:00:00Z");
  EXPECT_THAT(ScopesToObserve(projection_, knowledge_, context_), testing::IsEmpty());
}

TEST_F(PlannerTest, ARefusalEndsWithTheRecordTheRulesTheListOrForce) {
  knowledge_.baselines["k"] = {.key = "k", .hash = "old"};
  knowledge_.refusals["k"] = {.key = "k",
                              .hash = "a",
                              .rules_version = "r1",
                              .reference_version = "v1",
                              .failure = {.reason = Reason::kRefusedByTarget}};
  EXPECT_EQ(PlanOne("a"), State::kRejected);
  EXPECT_EQ(PlanOne("b"), State::kQueued);
  traits_.rules_version = "r2";
  EXPECT_EQ(PlanOne("a"), State::kQueued);
  traits_.rules_version = "r1";
  context_.reference_version = "v2";
  EXPECT_EQ(PlanOne("a"), State::kQueued);
  context_.reference_version = "v1";
  context_.force = true;
  EXPECT_EQ(PlanOne("a"), State::kQueued);
}

TEST_F(PlannerTest, AnOpenOutcomeIsInheritedNotSentAgain) {
  knowledge_.open_records["k"] = {.record = {.key = "k",
                                             .state = State::kUnknown,
                                             .hash = "a",
                                             .send_time = absl::FromUnixSeconds(5),
                                             .sent_hash = "a"}};
  EXPECT_EQ(PlanOne("a"), State::kUnknown);
  EXPECT_EQ(Plan().records[0].send_time, absl::FromUnixSeconds(5));
}

TEST_F(PlannerTest, WhatIsNotSendableIsRejectedBesideWhatIs) {
  ProjectedRecord bad = Sendable("bad", "x");
  bad.failure = {.reason = Reason::kNumberAmbiguous};
  projection_.records = {Sendable("k", "a"), bad};
  knowledge_.baselines["k"] = {.key = "k", .hash = "a"};
  const PlannedFile planned = Plan();
  EXPECT_EQ(planned.delivery.state, State::kPartial);
  EXPECT_EQ(planned.delivery.failure.reason, Reason::kNumberAmbiguous);
  EXPECT_EQ(planned.delivery.records[State::kUnchanged], 1);
}

TEST(SumUpTest, AnOpenDeliveryShowsItsOwnFailureNotAnothersRefusal) {
  const std::vector<Record> records = {
      {.state = State::kRejected, .failure = {.reason = Reason::kIndicatorUnknown}},
      {.state = State::kAccepted}};
  Delivery delivery;
  SumUp(records, delivery);
  EXPECT_EQ(delivery.state, State::kAccepted);
  EXPECT_TRUE(delivery.failure.ok());
}

TEST_F(PlannerTest, NothingForTheTargetIsSkippedAndABrokenFileRejected) {
  projection_.skipped = {.reason = Reason::kNoIndicatorValues};
  EXPECT_EQ(Plan().delivery.state, State::kSkipped);
  projection_.skipped = {};
  projection_.rejected = {.reason = Reason::kMetadataMissing};
  EXPECT_EQ(Plan().delivery.state, State::kRejected);
}

}  // namespace
}  // namespace satudata::sync
