#include "server/sync/doubt.h"

#include <optional>
#include <string>

#include "gtest/gtest.h"

namespace satudata::sync {
namespace {

constexpr absl::Time kSent = absl::FromUnixSeconds(1'800'000'000);

TargetTraits Traits() { return {.request_deadline = absl::Seconds(30), .settle_time = absl::Seconds(5)}; }

struct Case {
  const char* name;
  State state;
  bool previous_known;
  const char* previous;
  std::optional<std::string> seen;
  int read_after_seconds;
  Finding expected;
};

class JudgeReadTest : public testing::TestWithParam<Case> {};

Record Withdrawal(State state, absl::Time sent) {
  return {.state = state,
          .hash = std::string(kWithdrawnHash),
          .change = ChangeKind::kWithdraw,
          .previous_hash = "value",
          .previous_known = true,
          .send_time = sent,
          .sent_hash = std::string(kWithdrawnHash)};
}

TEST(JudgeWithdrawalTest, IsShownByTheListOrByTheMissingRow) {
  const ObservedValue listed{.hash = std::string(kWithdrawnHash)};
  const ObservedValue value{.hash = "value"};
  const ObservedValue other{.hash = "other"};
  const absl::Time after = kSent + absl::Seconds(1);
  const absl::Time conclusive = kSent + absl::Seconds(35);
  TargetTraits traits = Traits();
  Record record = Withdrawal(State::kAccepted, kSent);
  EXPECT_EQ(JudgeRead(record, &listed, kSent - absl::Seconds(1), traits), Finding::kConfirmed);
  EXPECT_EQ(JudgeRead(record, nullptr, after, traits), Finding::kConfirmed);
  EXPECT_EQ(JudgeRead(record, nullptr, kSent - absl::Seconds(1), traits), Finding::kWait);
  EXPECT_EQ(JudgeRead(record, &value, conclusive, traits), Finding::kWait) << "taken, not shown yet";
  EXPECT_EQ(JudgeRead(record, &other, conclusive, traits), Finding::kWait) << "no value is a conflict";
  record.state = State::kUnknown;
  EXPECT_EQ(JudgeRead(record, &value, after, traits), Finding::kWait);
  EXPECT_EQ(JudgeRead(record, &value, conclusive, traits), Finding::kNotApplied);
  traits.withdrawal_proof = WithdrawalProof::kListed;
  EXPECT_EQ(JudgeRead(record, nullptr, after, traits), Finding::kWait);
  traits.withdrawal_proof = WithdrawalProof::kListedOrGone;
  record.previous_hash = "";
  EXPECT_EQ(JudgeRead(record, nullptr, after, traits), Finding::kWait) << "nothing was there before";
}

TEST_P(JudgeReadTest, Rules) {
  const Case& item = GetParam();
  const Record record{.state = item.state,
                      .hash = "wanted",
                      .previous_hash = item.previous,
                      .previous_known = item.previous_known,
                      .send_time = kSent,
                      .sent_hash = "sent"};
  const ObservedValue value{.hash = item.seen.value_or("")};
  EXPECT_EQ(JudgeRead(record, item.seen.has_value() ? &value : nullptr,
                      kSent + absl::Seconds(item.read_after_seconds), Traits()),
            item.expected);
}

INSTANTIATE_TEST_SUITE_P(
    Table, JudgeReadTest,
    testing::Values(
        Case{"OurValueConfirmsAtAnyTime", State::kUnknown, true, "old", "sent", 1, Finding::kConfirmed},
        Case{"OurValueConfirmsEvenInAnEarlierRead", State::kUnknown, true, "old", "sent", -5,
             Finding::kConfirmed},
        Case{"TheWantedValueConfirmsOnceNothingElseCanArrive", State::kUnknown, true, "old", "wanted", 35,
             Finding::kConfirmed},
        Case{"TheWantedValueSaysNothingWhileWhatWasSentMayArrive", State::kUnknown, true, "wanted", "wanted",
             5, Finding::kWait},
        Case{"NothingSeenEarlySaysNothing", State::kUnknown, true, "", std::nullopt, 34, Finding::kWait},
        Case{"NothingSeenLateIsConclusive", State::kUnknown, true, "", std::nullopt, 35,
             Finding::kNotApplied},
        Case{"ThePreviousValueEarlySaysNothing", State::kUnknown, true, "old", "old", 34, Finding::kWait},
        Case{"ThePreviousValueLateIsConclusive", State::kUnknown, true, "old", "old", 35,
             Finding::kNotApplied},
        Case{"AThirdValueIsAConflict", State::kUnknown, true, "old", "theirs", 100, Finding::kConflict},
        Case{"AThirdValueWhereNothingWasIsAConflict", State::kUnknown, true, "", "theirs", 1,
             Finding::kConflict},
        Case{"AThirdValueInAnEarlierReadSaysNothing", State::kUnknown, true, "old", "theirs", -1,
             Finding::kWait},
        Case{"AnyOtherMayBeThePreviousIfThatWasNeverKnown", State::kUnknown, false, "", "theirs", 35,
             Finding::kNotApplied},
        Case{"AcceptedWaitsHoweverLongNothingIsSeen", State::kAccepted, true, "", std::nullopt, 80'000,
             Finding::kWait},
        Case{"AcceptedMeetsAConflict", State::kAccepted, true, "old", "theirs", 10, Finding::kConflict}),
    [](const testing::TestParamInfo<Case>& item) { return item.param.name; });

TEST(JudgeFirstSightTest, AbsentIsACreate) {
  Record record{.hash = "wanted"};
  JudgeFirstSight(nullptr, record);
  EXPECT_EQ(record.state, State::kQueued);
  EXPECT_EQ(record.change, ChangeKind::kCreate);
  EXPECT_TRUE(record.previous_known);
}

TEST(JudgeFirstSightTest, EqualIsUnchangedEvenWhenFinal) {
  Record record{.hash = "wanted"};
  const ObservedValue seen{.hash = "wanted", .final = true};
  JudgeFirstSight(&seen, record);
  EXPECT_EQ(record.state, State::kUnchanged);
}

TEST(JudgeFirstSightTest, DifferentAndFinalIsRejected) {
  Record record{.key = "k", .hash = "wanted"};
  const ObservedValue seen{.hash = "other", .value = "9", .final = true};
  JudgeFirstSight(&seen, record);
  EXPECT_EQ(record.state, State::kRejected);
  EXPECT_EQ(record.failure.reason, catalog::Reason::kTargetValueFinal);
  EXPECT_EQ(record.failure.args.at("held_value"), "9");
}

TEST(JudgeFirstSightTest, DifferentIsAnUpdate) {
  Record record{.hash = "wanted"};
  const ObservedValue seen{.hash = "other", .value = "9"};
  JudgeFirstSight(&seen, record);
  EXPECT_EQ(record.state, State::kQueued);
  EXPECT_EQ(record.change, ChangeKind::kUpdate);
  EXPECT_EQ(record.previous_value, "9");
}

TEST(InheritDoubtTest, AcceptedStaysAcceptedOnlyForTheSameValue) {
  const Record open{.state = State::kAccepted, .hash = "a", .send_time = kSent, .sent_hash = "a"};
  Record same{.hash = "a"};
  InheritDoubt(open, same);
  EXPECT_EQ(same.state, State::kAccepted);
  Record other{.hash = "b"};
  InheritDoubt(open, other);
  EXPECT_EQ(other.state, State::kUnknown);
  EXPECT_EQ(other.sent_hash, "a");
}

}  // namespace
}  // namespace satudata::sync
