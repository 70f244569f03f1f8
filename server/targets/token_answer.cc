#include "server/targets/token_answer.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"
#include "server/targets/answer_text.h"
#include "server/targets/gateway_errors.h"
#include "server/targets/verdicts.h"

namespace satudata::targets {
namespace {

using Json = nlohmann::json;

constexpr absl::Duration kAssumedLifetime = absl::Minutes(5);
constexpr absl::Duration kShortestLifetime = absl::Seconds(1);
constexpr absl::Duration kLongestLifetime = absl::Hours(24);
// A header line longer than this is refused by most servers.
constexpr size_t kLongestToken = 8 << 10;

bool IsSuccess(int status) { return status >= 200 && status < 300; }

absl::Duration LifetimeOf(const Json& object) {
  double seconds = 0;
  if (!absl::SimpleAtod(TextMember(object, "expires_in"), &seconds) || !(seconds > 0)) {
    return kAssumedLifetime;
  }
  return std::clamp(absl::Seconds(seconds), kShortestLifetime, kLongestLifetime);
}

bool FitsAHeader(absl::string_view token) {
  return !token.empty() && token.size() <= kLongestToken &&
         std::all_of(token.begin(), token.end(), absl::ascii_isgraph);
}

bool IsBearer(const Json& object) {
  const std::string type = TextMember(object, "token_type");
  return type.empty() || absl::EqualsIgnoreCase(type, "Bearer");
}

TokenAnswer Without(sync::Verdict verdict) {
  verdict.effect = sync::Effect::kNone;
  return {.verdict = std::move(verdict)};
}

// `invalid_client: Client Authentication failed.`
std::string ErrorText(const Json& object) {
  const std::string error = TextMember(object, "error");
  const std::string description = TextMember(object, "error_description");
  return error.empty() || description.empty() ? error : absl::StrCat(error, ": ", description);
}

TokenAnswer JudgeStatedError(const http::Answer& answer, const Json& object) {
  const std::string error = TextMember(object, "error");
  const TargetWords words{.http_code = answer.status, .code = error, .text = ErrorText(object)};
  const bool is_passing = error == "server_error" || error == "temporarily_unavailable";
  return Without(is_passing ? TokenOutage(words, std::nullopt) : ClientRefused(words));
}

TokenAnswer JudgeRefusal(const http::Answer& answer, const Json& object, absl::Time received_at) {
  if (!TextMember(object, "error").empty()) return JudgeStatedError(answer, object);
  const TargetWords words{.http_code = answer.status, .text = DescribeAnswer(answer)};
  const std::optional<sync::Verdict> known = JudgeGatewayAnswer(answer, received_at);
  if (known.has_value() && known->kind == sync::VerdictKind::kWarmingUp) return Without(*known);
  const bool is_page = known.has_value() && known->kind == sync::VerdictKind::kBlocked;
  // A redirect is a wrong address: it is not followed.
  const bool is_refusal = answer.status >= 300 && answer.status < 500;
  return Without(is_refusal && !is_page ? ClientRefused(words) : TokenOutage(words, std::nullopt));
}

}  // namespace

TokenAnswer JudgeTokenAnswer(const http::Answer& answer, absl::Time received_at) {
  const TargetWords words{.http_code = answer.status, .text = DescribeAnswer(answer)};
  std::optional<absl::Time> retry_at = ParseRetryAfter(answer.Header("Retry-After"), received_at);
  if (retry_at.has_value()) retry_at = Followed(*retry_at, received_at);
  if (answer.status >= 500) return Without(TokenOutage(words, retry_at));
  if (answer.status == 429) return Without(Throttled(words, retry_at));
  const Json object = ParseJson(answer.body);
  if (!IsSuccess(answer.status) || !TextMember(object, "error").empty()) {
    return JudgeRefusal(answer, object, received_at);
  }
  TokenAnswer given{.token = TextMember(object, "access_token"), .lifetime = LifetimeOf(object)};
  if (!FitsAHeader(given.token) || !IsBearer(object)) return Without(TokenOutage(words, std::nullopt));
  given.verdict = Judged({});
  return given;
}

sync::Verdict JudgeTokenTransportError(const http::Result& result) {
  if (result.error == http::TransportError::kCertificate) return CertificateUntrusted(result.error_detail);
  return Without(TokenOutage({.text = result.error_detail}, std::nullopt)).verdict;
}

}  // namespace satudata::targets
