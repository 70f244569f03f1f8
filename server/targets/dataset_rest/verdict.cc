#include "server/targets/dataset_rest/verdict.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "nlohmann/json.hpp"
#include "server/targets/answer_text.h"
#include "server/targets/dataset_rest/codec.h"
#include "server/targets/gateway_errors.h"
#include "server/targets/json_texts.h"
#include "server/targets/verdicts.h"

namespace satudata::targets::dataset_rest {
namespace {

using Json = nlohmann::json;
using sync::Verdict;

bool Contains(const std::vector<int>& codes, int code) {
  return std::find(codes.begin(), codes.end(), code) != codes.end();
}

const Json& Discarded() {
  static const Json* const kDiscarded = new Json(Json::value_t::discarded);
  return *kDiscarded;
}

// What `pointer` (/data/dataset_id; empty for all of it) leads to; a discarded value if it leads nowhere.
const Json& At(const Json& json, absl::string_view pointer) {
  const Json* place = &json;
  for (absl::string_view step : absl::StrSplit(pointer, '/', absl::SkipEmpty())) {
    if (!place->is_object()) return Discarded();
    const auto member = place->find(std::string(step));
    if (member == place->end()) return Discarded();
    place = &*member;
  }
  return *place;
}

bool HoldsText(const Json& json, absl::string_view pointer, absl::string_view text) {
  const Json& place = At(json, pointer);
  return place.is_string() && place.get_ref<const std::string&>() == text;
}

// The body says that all is well, and names our dataset.
bool Confirms(const Options& options, absl::string_view dataset_id, absl::string_view body) {
  const auto texts = TextsAt(body, {options.status_pointer, options.id_pointer});
  return texts[0] == options.success_status && !dataset_id.empty() && texts[1] == dataset_id;
}

TargetWords WordsOf(const http::Answer& answer, const Json& body) {
  std::string text = TextMember(body, "message");
  if (text.empty()) text = DescribeAnswer(answer);
  return {.http_code = answer.status, .code = TextMember(body, "code"), .text = std::move(text)};
}

std::vector<catalog::FieldViolation> ViolationsOf(const Json& body) {
  constexpr size_t kMostViolations = 50;  // There are fewer fields than that.
  constexpr size_t kShownBytes = 300;
  std::vector<catalog::FieldViolation> violations;
  const Json& errors = At(body, "/errors");
  if (!errors.is_array()) return violations;
  for (const Json& error : errors) {
    if (violations.size() == kMostViolations || !error.is_object()) break;
    violations.push_back({Excerpt(TextMember(error, "field"), kShownBytes),
                          Excerpt(TextMember(error, "message"), kShownBytes)});
  }
  return violations;
}

Verdict JudgeRefusal(const Options& options, const Json& body, const TargetWords& words) {
  if (!HoldsText(body, options.status_pointer, options.error_status)) {
    return Blocked(catalog::Reason::kRefusedByTarget, words);
  }
  return Judged({RejectedByTarget(words, ViolationsOf(body))});
}

}  // namespace

Verdict JudgeWrite(const Options& options, absl::string_view dataset_id, const http::Answer& answer,
                   absl::Time received_at) {
  if (auto verdict = JudgeGatewayAnswer(answer, received_at); verdict.has_value()) return *std::move(verdict);
  if (Contains(options.refusal_codes, answer.status)) {
    const Json body = ParseJson(answer.body);
    return JudgeRefusal(options, body, WordsOf(answer, body));
  }
  const bool is_success = Contains(options.success_codes, answer.status);
  if (is_success && Confirms(options, dataset_id, answer.body)) {
    return Judged({{.ruling = sync::Ruling::kConfirmed, .remote_id = std::string(dataset_id)}});
  }
  const Json body = ParseJson(answer.body);
  if (!is_success || !HoldsText(body, options.status_pointer, options.success_status)) {
    return Unknown(WordsOf(answer, body));
  }
  return Unknown({.http_code = answer.status, .text = "the answer does not name our dataset"});
}

bool SaysAlreadyThere(const http::Answer& answer) {
  return answer.status == 409 && !LooksLikeHtml(answer.body);
}

Verdict JudgeRead(const Options& options, absl::string_view dataset_id, const http::Answer& answer,
                  absl::Time received_at, std::optional<sync::ObservedValue>& held) {
  held.reset();
  if (auto verdict = JudgeGatewayAnswer(answer, received_at); verdict.has_value()) return *std::move(verdict);
  const Json body = ParseJson(answer.body);
  if (answer.status == 404 && HoldsText(body, options.status_pointer, options.error_status))
    return Judged({});
  if (answer.status != 200) return Unknown(WordsOf(answer, body));
  std::optional<std::string> hash =
      HashDataset(At(body, options.dataset_pointer), dataset_id, options.field_names);
  if (!hash.has_value()) return Unknown({.http_code = 200, .text = "the answer is not our dataset"});
  held = sync::ObservedValue{.hash = *std::move(hash), .remote_id = std::string(dataset_id)};
  return Judged({});
}

}  // namespace satudata::targets::dataset_rest
