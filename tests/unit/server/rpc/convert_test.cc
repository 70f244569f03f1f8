#include "server/rpc/convert.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/rpc/convert_catalog.h"
#include "server/rpc/convert_run.h"

namespace satudata::rpc {
namespace {

using catalog::Language;
using catalog::Reason;
using sync::State;

TEST(Convert, TimesKeepTheirMicroseconds) {
  for (const absl::Time time : {absl::UnixEpoch(), absl::FromUnixMicros(1'700'000'000'123'456),
                                absl::FromUnixMicros(-1), absl::FromUnixMicros(-62'135'596'800'000'000)}) {
    const google::protobuf::Timestamp timestamp = ToProto(time);
    EXPECT_GE(timestamp.nanos(), 0);
    EXPECT_EQ(FromProto(timestamp), time);
  }
}

TEST(Convert, StatesGoBothWaysByName) {
  for (int i = 0; i < sync::kStateCount; ++i) {
    const auto state = static_cast<State>(i);
    EXPECT_EQ(v1::Delivery::State_Name(ToProto(state)), "STATE_" + std::string(sync::StateName(state)));
    EXPECT_EQ(FromProto(ToProto(state)), state);
  }
  for (int i = 0; i <= static_cast<int>(sync::RunState::kCancelled); ++i) {
    const auto state = static_cast<sync::RunState>(i);
    EXPECT_EQ(v1::Run::State_Name(ToProto(state)), "STATE_" + std::string(sync::RunStateName(state)));
    EXPECT_EQ(FromProto(ToProto(state)), state);
  }
  for (int i = 0; i <= static_cast<int>(sync::RunKind::kWithdraw); ++i) {
    const auto kind = static_cast<sync::RunKind>(i);
    EXPECT_EQ(v1::Run::Kind_Name(ToProto(kind)), "KIND_" + std::string(sync::RunKindName(kind)));
    EXPECT_EQ(FromProto(ToProto(kind)), kind);
  }
  EXPECT_FALSE(FromProto(v1::Delivery::STATE_UNSPECIFIED).has_value());
  EXPECT_FALSE(FromProto(static_cast<v1::Delivery::State>(13)).has_value());
}

TEST(Convert, OwnersAreTheSameOnBothSides) {
  for (int i = v1::Failure::Owner_MIN; i <= v1::Failure::Owner_MAX; ++i) {
    const auto owner = static_cast<v1::Failure::Owner>(i);
    EXPECT_EQ(ToProto(FromProto(owner)), owner);
  }
  EXPECT_EQ(FromProto(v1::Failure::OWNER_OPERATOR), catalog::Owner::kOperator);
  EXPECT_EQ(FromProto(static_cast<v1::Failure::Owner>(99)), catalog::Owner::kNone);
}

TEST(Convert, AFailureIsWordedInTheReadersLanguage) {
  const catalog::Failure failure{.reason = Reason::kKodepemdaInvalid,
                                 .args = {{"value", "16.12\xFF"}},
                                 .field_violations = {{"kodepemda", "salah"}},
                                 .http_code = 422,
                                 .target_code = "x1"};
  const v1::Failure english = ToProto(failure, Language::kEnglish);
  EXPECT_EQ(english.reason(), "KODEPEMDA_INVALID");
  EXPECT_THAT(english.message(), testing::HasSubstr("four digits"));
  EXPECT_THAT(ToProto(failure, Language::kIndonesian).message(), testing::HasSubstr("empat angka"));
  EXPECT_EQ(english.owner(), v1::Failure::OWNER_DATA_STEWARD);
  EXPECT_EQ(english.http_code(), 422);
  EXPECT_EQ(english.target_code(), "x1");
  EXPECT_FALSE(english.retryable());
  EXPECT_EQ(english.arguments().at("value"), "16.12\xEF\xBF\xBD");
  EXPECT_EQ(english.field_violations(0).field(), "kodepemda");
}

TEST(Convert, NoFailureIsAnUnsetField) {
  EXPECT_FALSE(ToProto(sync::Run(), Language::kEnglish).has_failure());
  EXPECT_FALSE(ToProto(sync::Delivery(), Language::kEnglish).has_failure());
}

TEST(Convert, ARunShowsItsCounts) {
  sync::Run run;
  run.run_id = "r";
  run.request.targets = {"sipd", "splp"};
  run.counts["sipd"][State::kConfirmed] = 3;
  run.counts["sipd"][State::kAccepted] = 2;
  run.counts["splp"][State::kDeferred] = 1;
  const v1::Run out = ToProto(run, Language::kEnglish);
  EXPECT_EQ(out.open_count(), 3);
  ASSERT_EQ(out.target_counts_size(), 2);
  ASSERT_EQ(out.target_counts(0).states_size(), 2);
  EXPECT_EQ(out.target_counts(0).states(0).state(), v1::Delivery::STATE_ACCEPTED);
  EXPECT_FALSE(out.has_end_time());
}

TEST(Convert, ProgressHasATotalOnlyWhenAllIsPlanned) {
  sync::Progress progress;
  progress.counts["sipd"][State::kConfirmed] = 3;
  progress.counts["splp"][State::kQueued] = 5;
  progress.counts["splp"][State::kDeferred] = 1;
  progress.planned = {{"sipd", true}, {"splp", false}};
  v1::Progress out = ToProto(progress, Language::kEnglish);
  EXPECT_EQ(out.completed_count(), 4);
  EXPECT_FALSE(out.has_total_count());
  progress.planned["splp"] = true;
  out = ToProto(progress, Language::kEnglish);
  EXPECT_TRUE(out.has_total_count());
  EXPECT_EQ(out.total_count(), 9);
}

TEST(Convert, EveryKindOfEventFindsItsField) {
  using Event = v1::RunEvent;
  const auto kind = [](auto event) {
    v1::RunEvent out;
    out.mutable_heartbeat();  // What the message held before is gone.
    ToProto(sync::RunEvent{.run_id = "r", .sequence = 7, .event = std::move(event)}, Language::kEnglish,
            &out);
    EXPECT_EQ(out.run_id(), "r");
    EXPECT_EQ(out.sequence(), 7);
    return out.event_case();
  };
  EXPECT_EQ(kind(sync::Run()), Event::kSnapshot);
  EXPECT_EQ(kind(sync::RunStateChange()), Event::kStateChange);
  EXPECT_EQ(kind(sync::Delivery()), Event::kDelivery);
  EXPECT_EQ(kind(sync::FileSkipped()), Event::kFileSkipped);
  EXPECT_EQ(kind(sync::Progress()), Event::kProgress);
  EXPECT_EQ(kind(sync::Heartbeat()), Event::kHeartbeat);
}

TEST(Convert, ADeliveryWithManyAttemptsStaysBelowAMessagesLimit) {
  sync::DeliveryDetail detail;
  for (int i = 0; i < 100; ++i) {
    sync::Attempt attempt;
    attempt.attempt_id = std::to_string(i);
    attempt.exchange.request_body = std::string(64 << 10, 'q');
    attempt.exchange.answer_body = std::string(64 << 10, 'a');
    detail.attempts.push_back(std::move(attempt));
  }
  const v1::GetDeliveryResponse out = ToProto(detail, Language::kEnglish);
  EXPECT_LT(out.ByteSizeLong(), 4U << 20);
  EXPECT_EQ(out.attempts_size(), 100);
  EXPECT_EQ(out.attempts(0).request_body(), "");
  EXPECT_EQ(out.attempts(99).answer_body().size(), 64U << 10);
}

TEST(Convert, UpsertCannotSetTheVerification) {
  v1::UpsertFileRequest request;
  request.mutable_file()->set_file_id("f");
  request.mutable_file()->set_name("  Produksi padi ");
  request.mutable_file()->set_verification(v1::CatalogFile::VERIFICATION_VERIFIED);
  request.mutable_file()->set_revision(9);
  request.add_indicator_values()->set_raw_value("2,24");
  const catalog::FileWithValues out = FromProto(request);
  EXPECT_EQ(out.file.verification, catalog::Verification::kUnverified);
  EXPECT_EQ(out.file.revision, 0);
  EXPECT_EQ(out.file.name, "Produksi padi");
  EXPECT_TRUE(out.file.has_inline_values);
  EXPECT_EQ(out.values[0].position, 1);
  EXPECT_EQ(out.values[0].raw_value, "2,24");
}

TEST(Convert, ATargetThatWaitsSaysWhyAndUntilWhen) {
  sync::TargetStatus target;
  target.traits.name = "sipd";
  target.circuit = sync::Circuit::kOpen;
  target.wait = sync::Wait{.failure = {.reason = Reason::kTargetOutage}, .until = absl::FromUnixSeconds(60)};
  v1::Target out = ToProto(target, Language::kEnglish);
  EXPECT_EQ(out.circuit(), v1::Target::CIRCUIT_OPEN);
  EXPECT_EQ(out.wait().reason(), "TARGET_OUTAGE");
  EXPECT_EQ(out.wait_end_time().seconds(), 60);
  target.wait->until = absl::InfiniteFuture();
  EXPECT_FALSE(ToProto(target, Language::kEnglish).has_wait_end_time());
}

}  // namespace
}  // namespace satudata::rpc
