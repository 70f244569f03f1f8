#include "server/targets/verdicts.h"

#include "gtest/gtest.h"

namespace satudata::targets {
namespace {

using http::TransportError;
using sync::Effect;
using sync::VerdictKind;

sync::Verdict Judge(TransportError error) {
  return JudgeTransportError({.error = error, .error_detail = "detail", .duration = absl::Seconds(30)});
}

TEST(JudgeTransportErrorTest, NothingWasAppliedWhereNothingLeft) {
  const sync::Verdict verdict = Judge(TransportError::kConnect);
  EXPECT_EQ(verdict.kind, VerdictKind::kOutage);
  EXPECT_EQ(verdict.effect, Effect::kNone);
  EXPECT_FALSE(verdict.needs_operator);
  EXPECT_EQ(verdict.failure.reason, catalog::Reason::kTargetOutage);
  EXPECT_EQ(verdict.failure.args.at("detail"), "detail");
}

TEST(JudgeTransportErrorTest, ACertificateIsMendedByPeople) {
  const sync::Verdict verdict = Judge(TransportError::kCertificate);
  EXPECT_EQ(verdict.kind, VerdictKind::kOutage);
  EXPECT_EQ(verdict.effect, Effect::kNone);
  EXPECT_TRUE(verdict.needs_operator);
  EXPECT_EQ(verdict.failure.reason, catalog::Reason::kCertificateUntrusted);
  EXPECT_EQ(catalog::OwnerOf(verdict.failure.reason), catalog::Owner::kOperator);
}

TEST(JudgeTransportErrorTest, ItMayHaveBeenAppliedWhereTheRequestLeft) {
  for (TransportError error : {TransportError::kTimeout, TransportError::kBroken, TransportError::kAborted}) {
    EXPECT_EQ(Judge(error).kind, VerdictKind::kOutage);
    EXPECT_EQ(Judge(error).effect, Effect::kPossible);
  }
}

TEST(JudgeTransportErrorTest, ATimeoutSaysHowLongWasWaited) {
  const sync::Verdict verdict = Judge(TransportError::kTimeout);
  EXPECT_EQ(verdict.failure.reason, catalog::Reason::kTargetTimeout);
  EXPECT_EQ(verdict.failure.args.at("limit"), "30s");
}

TEST(JudgeTransportErrorTest, AnAnswerThatIsTooLargeIsNotUnderstood) {
  EXPECT_EQ(Judge(TransportError::kTooLarge).kind, VerdictKind::kUnknown);
  EXPECT_EQ(Judge(TransportError::kTooLarge).effect, Effect::kPossible);
}

TEST(VerdictsTest, WordsOfATargetAreShownCutAndWhole) {
  const sync::Verdict verdict = Unknown({.text = std::string(10'000, 'x')});
  EXPECT_LE(verdict.failure.args.at("detail").size(), 500U);
}

TEST(VerdictsTest, AnAnswerIsDescribedWithoutItsBody) {
  const http::Answer answer = {.status = 418, .headers = {{"content-type", "text/plain"}}, .body = "secret"};
  EXPECT_EQ(DescribeAnswer(answer), "HTTP 418, 6 bytes, text/plain");
}

}  // namespace
}  // namespace satudata::targets
