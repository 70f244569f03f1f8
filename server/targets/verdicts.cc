#include "server/targets/verdicts.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "server/targets/answer_text.h"

namespace satudata::targets {
namespace {

using catalog::Failure;
using catalog::Reason;
using sync::Effect;
using sync::Verdict;
using sync::VerdictKind;

constexpr size_t kShownBytes = 500;  // A detail is read in a table cell; the whole answer is kept beside it.

// The failure with the target's words as `{detail}`.
Failure WithDetail(Reason reason, const TargetWords& words) {
  Failure failure{.reason = reason, .http_code = words.http_code};
  failure.target_code = Excerpt(words.code, kShownBytes);
  if (!words.text.empty()) failure.args["detail"] = Excerpt(words.text, kShownBytes);
  return failure;
}

Failure WithoutDetail(Reason reason, const TargetWords& words) {
  Failure failure = WithDetail(reason, words);
  failure.args.clear();
  return failure;
}

}  // namespace

Verdict Judged(std::vector<sync::RecordRuling> records) {
  return Verdict{.kind = VerdictKind::kJudged, .effect = Effect::kPossible, .records = std::move(records)};
}

Verdict Throttled(const TargetWords& words, std::optional<absl::Time> retry_at) {
  Verdict verdict{.kind = VerdictKind::kThrottled, .effect = Effect::kNone, .retry_at = retry_at};
  verdict.failure = WithoutDetail(Reason::kThrottled, words);
  if (retry_at.has_value()) {
    verdict.failure.args["until"] = absl::FormatTime(absl::RFC3339_sec, *retry_at, absl::UTCTimeZone());
  }
  return verdict;
}

Verdict OutOfTurn(absl::Time otherwise_at) {
  const bool is_known = otherwise_at < absl::InfiniteFuture();
  Verdict verdict = Throttled({}, is_known ? std::make_optional(otherwise_at) : std::nullopt);
  verdict.is_own_pace = true;
  return verdict;
}

Verdict WarmingUp(const TargetWords& words) {
  return Verdict{.kind = VerdictKind::kWarmingUp,
                 .effect = Effect::kNone,
                 .failure = WithoutDetail(Reason::kWarmingUp, words)};
}

Verdict Unauthorized(const TargetWords& words) {
  return Verdict{.kind = VerdictKind::kUnauthorized,
                 .effect = Effect::kNone,
                 .failure = WithDetail(Reason::kCredentialsRefused, words),
                 .needs_operator = true};
}

Verdict ClientRefused(const TargetWords& words) {
  Verdict verdict = Unauthorized(words);
  verdict.failure = WithDetail(Reason::kOauthClientRefused, words);
  return verdict;
}

Verdict TokenOutage(const TargetWords& words, std::optional<absl::Time> retry_at) {
  return Verdict{.kind = VerdictKind::kOutage,
                 .effect = Effect::kNone,
                 .failure = WithDetail(Reason::kTokenEndpointOutage, words),
                 .retry_at = retry_at};
}

Verdict CertificateUntrusted(absl::string_view detail) {
  return Verdict{.kind = VerdictKind::kOutage,
                 .effect = Effect::kNone,
                 .failure = WithDetail(Reason::kCertificateUntrusted, {.text = std::string(detail)}),
                 .needs_operator = true};
}

Verdict Blocked(Reason reason, const TargetWords& words) {
  return Verdict{.kind = VerdictKind::kBlocked,
                 .effect = Effect::kPossible,
                 .failure = reason == Reason::kRefusedByTarget ? WithDetail(reason, words)
                                                               : WithoutDetail(reason, words)};
}

Verdict Outage(const TargetWords& words, std::optional<absl::Time> retry_at) {
  return Verdict{.kind = VerdictKind::kOutage,
                 .effect = Effect::kPossible,
                 .failure = WithDetail(Reason::kTargetOutage, words),
                 .retry_at = retry_at};
}

Verdict Unknown(const TargetWords& words) {
  return Verdict{.kind = VerdictKind::kUnknown,
                 .effect = Effect::kPossible,
                 .failure = WithDetail(Reason::kAnswerUnknown, words)};
}

sync::RecordRuling RejectedByTarget(const TargetWords& words,
                                    std::vector<catalog::FieldViolation> violations) {
  sync::RecordRuling ruling{.ruling = sync::Ruling::kRejected,
                            .failure = WithDetail(Reason::kRefusedByTarget, words)};
  ruling.failure.field_violations = std::move(violations);
  return ruling;
}

sync::RecordRuling UnknownRecord(const TargetWords& words) {
  return {.ruling = sync::Ruling::kUnknown, .failure = WithDetail(Reason::kAnswerUnknown, words)};
}

Verdict JudgeTransportError(const http::Result& result) {
  const TargetWords words{.text = result.error_detail};
  Verdict verdict = Outage(words, std::nullopt);
  if (!result.MayHaveArrived()) verdict.effect = Effect::kNone;
  switch (result.error) {
    case http::TransportError::kCertificate:
      return CertificateUntrusted(result.error_detail);
    case http::TransportError::kTimeout:
      verdict.failure = Failure{.reason = Reason::kTargetTimeout};
      verdict.failure.args["limit"] =
          absl::FormatDuration(absl::Floor(result.duration + absl::Milliseconds(500), absl::Seconds(1)));
      break;
    case http::TransportError::kTooLarge:
      return Unknown(words);
    case http::TransportError::kBody:  // Says nothing of the target, which has no whole request.
      return Judged({{.ruling = sync::Ruling::kUnknown, .failure = catalog::FailureOf(result.body_status)}});
    default:
      break;
  }
  return verdict;
}

std::string DescribeAnswer(const http::Answer& answer) {
  const absl::string_view type = answer.Header("Content-Type");
  return absl::StrCat("HTTP ", answer.status, ", ", answer.body.size(), " bytes",
                      type.empty() ? "" : absl::StrCat(", ", type));
}

}  // namespace satudata::targets
