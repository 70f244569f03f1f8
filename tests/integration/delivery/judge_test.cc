// The judge finds what it is there for.
#include "tests/integration/delivery/judge.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace satudata {
namespace {

using nlohmann::json;
using sync::State;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

// One verified file, sent to SIPD and confirmed there, and a truth that agrees.
class JudgeTest : public testing::Test {
 protected:
  JudgeTest() {
    sync::Delivery delivery{
        .delivery_id = "d1", .run_id = "r1", .file_id = "f1", .target = "sipd", .state = State::kConfirmed};
    delivery.records[State::kConfirmed] = 1;
    account_.deliveries.push_back(
        {.delivery = delivery, .records = {{.key = "k", .state = State::kConfirmed, .value = "2.5"}}});
    sync::Run run{.run_id = "r1", .state = sync::RunState::kSucceeded};
    run.counts["sipd"][State::kConfirmed] = 1;
    account_.runs.push_back(run);
    sync::FileRow row;
    row.file.file_id = "f1";
    row.file.verification = catalog::Verification::kVerified;
    row.statuses.push_back(
        {.file_id = "f1", .target = "sipd", .state = State::kConfirmed, .delivery_id = "d1"});
    account_.files.push_back(row);
    account_.baselines.push_back({.target = "sipd", .key = "k", .value = "2.5"});
  }

  Judgement Judged() const { return Judge(account_, truth_); }

  Account account_ = {.targets = {"sipd"}};
  json truth_ = {{"sipd", {{"k", {{"held", true}, {"value", "2.50"}}}}},
                 {"totals", {{"sipd", {{"needless_second_effects", 0}}}}}};
};

TEST_F(JudgeTest, FindsNothingWhereAllIsTrue) {
  EXPECT_TRUE(Judged().Clean()) << Judged();
  EXPECT_EQ(Judged().records[State::kConfirmed], 1);
}

TEST_F(JudgeTest, ARecordAndItsBaselineThatAreNotThereAreFalse) {
  truth_["sipd"]["k"]["value"] = "2.6";
  EXPECT_THAT(Judged().false_confirmed, ElementsAre(HasSubstr("held 2.6"), HasSubstr("baseline sipd k")));
  truth_["sipd"].clear();
  EXPECT_THAT(Judged().false_confirmed, SizeIs(2));
}

TEST_F(JudgeTest, ANewerDeliveryInDoubtExplainsAnotherValue) {
  truth_["sipd"]["k"]["value"] = "3";
  sync::DeliveryDetail newer = account_.deliveries.front();
  newer.delivery.delivery_id = "d2";
  newer.delivery.state = newer.records.front().state = State::kUnknown;
  newer.delivery.records = {};
  newer.delivery.records[State::kUnknown] = 1;
  account_.deliveries.push_back(newer);
  EXPECT_THAT(Judged().false_confirmed, IsEmpty());
}

TEST_F(JudgeTest, AVerifiedFileWithoutAWordIsLost) {
  account_.files.front().statuses.clear();
  EXPECT_THAT(Judged().lost, ElementsAre(HasSubstr("file f1 at sipd")));
}

TEST_F(JudgeTest, WhatAnEndedRunLeftUnderWayIsLost) {
  sync::DeliveryDetail& detail = account_.deliveries.front();
  detail.delivery.state = detail.records.front().state = State::kSending;
  EXPECT_THAT(Judged().lost, ElementsAre(HasSubstr("d1 at sipd: its run has ended")));
}

TEST_F(JudgeTest, ClaimsThatDisagreeAreFound) {
  account_.deliveries.front().delivery.state = State::kPartial;
  EXPECT_THAT(Judged().contradictions, SizeIs(4))
      << "records, the file's standing and two of the run's counts";
}

TEST_F(JudgeTest, CountsNeedlessSecondEffects) {
  truth_["totals"]["sipd"]["needless_second_effects"] = 2;
  EXPECT_EQ(Judged().needless_second_effects, 2);
}

}  // namespace
}  // namespace satudata
