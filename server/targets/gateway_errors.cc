#include "server/targets/gateway_errors.h"

#include <algorithm>
#include <array>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "nlohmann/json.hpp"
#include "server/targets/answer_text.h"
#include "server/targets/verdicts.h"

namespace satudata::targets {
namespace {

using Json = nlohmann::json;
using sync::Verdict;

constexpr absl::Duration kLongestHint = absl::Hours(24 * 7);
// No gateway's error is larger; a table of 64 MiB is not parsed just to see whether it is one.
constexpr size_t kLargestFault = 64 << 10;

// An error as a gateway words it.
struct Fault {
  int code = 0;
  std::string type;
  std::string text;
  std::optional<absl::Time> next_access_time;
};

enum class Meaning { kNone, kUnauthorized, kThrottled, kOutage, kBodyTooLarge };

Meaning MeaningOf(int code) {
  switch (code) {
    case 900800:
    case 900802:
    case 900803:
    case 900804:
    case 900806:
    case 900807:
      return Meaning::kThrottled;
    case 900805:  // Blocked by an administrator: only people lift that, as with a refused key.
      return Meaning::kUnauthorized;
    case 700700:
    case 900801:
    case 900900:
      return Meaning::kOutage;
    case 102511:
      return Meaning::kBodyTooLarge;
    default:
      break;
  }
  if (code > 900900 && code < 901000) return Meaning::kUnauthorized;
  if (code >= 101503 && code <= 101508) return Meaning::kOutage;
  return Meaning::kNone;
}

std::string JoinWords(absl::string_view message, absl::string_view description) {
  if (message.empty() || message == description) return std::string(description);
  return description.empty() ? std::string(message) : absl::StrCat(message, ": ", description);
}

int CodeOf(absl::string_view text) {
  int code = 0;
  return absl::SimpleAtoi(absl::StripAsciiWhitespace(text), &code) ? code : 0;
}

// The object is an answer of the target's own: a gateway never adds these.
bool CarriesMore(const Json& object) {
  static constexpr std::array<const char*, 6> kOwnMembers = {"data",   "result",  "log",
                                                             "status", "success", "errors"};
  return std::any_of(kOwnMembers.begin(), kOwnMembers.end(),
                     [&](const char* member) { return object.contains(member); });
}

std::optional<Fault> ReadJsonFault(absl::string_view body) {
  const Json json = ParseJson(body);
  if (!json.is_object() || CarriesMore(json)) return std::nullopt;
  const auto nested = json.find("fault");
  const Json& fault = nested == json.end() ? json : *nested;
  return Fault{.code = CodeOf(TextMember(fault, "code")),
               .type = TextMember(fault, "type"),
               .text = JoinWords(TextMember(fault, "message"), TextMember(fault, "description")),
               .next_access_time = ParseNextAccessTime(TextMember(fault, "nextAccessTime"))};
}

Fault ReadXmlFault(absl::string_view body) {
  return Fault{.code = CodeOf(XmlElement(body, "code")),
               .type = XmlElement(body, "type"),
               .text = JoinWords(XmlElement(body, "message"), XmlElement(body, "description")),
               .next_access_time = ParseNextAccessTime(XmlElement(body, "nextAccessTime"))};
}

// Empty where the body is no gateway's.
Fault ReadFault(absl::string_view body) {
  if (body.size() > kLargestFault) return Fault();
  const absl::string_view start = absl::StripLeadingAsciiWhitespace(body).substr(0, 1);
  if (start == "{" && absl::StrContains(body, "\"code\"")) return ReadJsonFault(body).value_or(Fault());
  if (start == "<" && !LooksLikeHtml(body)) return ReadXmlFault(body);
  return Fault();
}

std::optional<absl::Time> RetryHint(const http::Answer& answer, const Fault& fault, absl::Time received_at) {
  const std::optional<absl::Time> header = ParseRetryAfter(answer.Header("Retry-After"), received_at);
  if (!header.has_value() && !fault.next_access_time.has_value()) return std::nullopt;
  const absl::Time later =
      std::max(header.value_or(absl::InfinitePast()), fault.next_access_time.value_or(absl::InfinitePast()));
  return Followed(later, received_at);
}

std::optional<Verdict> JudgeCode(Meaning meaning, const TargetWords& words,
                                 std::optional<absl::Time> retry_at) {
  switch (meaning) {
    case Meaning::kUnauthorized:
      return Unauthorized(words);
    case Meaning::kThrottled:
      return Throttled(words, retry_at);
    case Meaning::kOutage:
      return Outage(words, retry_at);
    case Meaning::kBodyTooLarge:
      return Blocked(catalog::Reason::kBodyTooLarge, words);
    case Meaning::kNone:
      break;
  }
  return std::nullopt;
}

std::optional<Verdict> JudgeStatus(const http::Answer& answer, const Fault& fault, const TargetWords& words,
                                   std::optional<absl::Time> retry_at) {
  switch (answer.status) {
    case 401:
      return Unauthorized(words);
    case 403:
      return Blocked(catalog::Reason::kBlockedByFirewall, words);
    case 404:
      if (absl::EqualsIgnoreCase(fault.type, "Status report")) return WarmingUp(words);
      break;
    case 413:
      return Blocked(catalog::Reason::kBodyTooLarge, words);
    case 429:
      return Throttled(words, retry_at);
    default:
      break;
  }
  const bool is_redirect = answer.status >= 300 && answer.status < 400;
  if (!is_redirect && LooksLikeHtml(answer.body)) return Blocked(catalog::Reason::kBlockedByFirewall, words);
  return std::nullopt;
}

}  // namespace

std::optional<Verdict> JudgeGatewayAnswer(const http::Answer& answer, absl::Time received_at) {
  const Fault fault = ReadFault(answer.body);
  const bool is_success = answer.status >= 200 && answer.status < 300 && fault.code == 0;
  if (is_success && !LooksLikeHtml(answer.body)) return std::nullopt;  // As nearly all are.
  const std::optional<absl::Time> retry_at = RetryHint(answer, fault, received_at);
  const TargetWords words{.http_code = answer.status,
                          .code = fault.code == 0 ? "" : absl::StrCat(fault.code),
                          .text = fault.text.empty() ? DescribeAnswer(answer) : fault.text};
  if (answer.status >= 500) return Outage(words, retry_at);
  if (auto verdict = JudgeCode(MeaningOf(fault.code), words, retry_at); verdict.has_value()) return verdict;
  return JudgeStatus(answer, fault, words, retry_at);
}

absl::Time Followed(absl::Time hint, absl::Time received_at) {
  return std::min(hint, received_at + kLongestHint);
}

std::optional<absl::Time> ParseRetryAfter(absl::string_view value, absl::Time received_at) {
  value = absl::StripAsciiWhitespace(value);
  if (value.empty()) return std::nullopt;
  if (int64_t seconds = 0; absl::SimpleAtoi(value, &seconds)) {
    if (seconds < 0) return std::nullopt;
    return received_at + absl::Seconds(seconds);
  }
  absl::Time time;
  std::string error;
  if (!absl::ParseTime("%a, %d %b %E4Y %H:%M:%S GMT", value, &time, &error)) return std::nullopt;
  return time;
}

std::optional<absl::Time> ParseNextAccessTime(absl::string_view value) {
  value = absl::StripAsciiWhitespace(value);
  constexpr int64_t kYear2001InMs = 1'000'000'000'000;  // Less is no time of ours.
  if (int64_t ms = 0; absl::SimpleAtoi(value, &ms)) {
    return ms < kYear2001InMs ? std::nullopt : std::make_optional(absl::FromUnixMillis(ms));
  }
  absl::ConsumeSuffix(&value, "UTC");
  value = absl::StripTrailingAsciiWhitespace(value);
  absl::Time time;
  std::string error;
  if (!absl::ParseTime("%E4Y-%b-%d %H:%M:%S%z", value, &time, &error)) return std::nullopt;
  return time;
}

}  // namespace satudata::targets
