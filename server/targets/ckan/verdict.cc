#include "server/targets/ckan/verdict.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"
#include "server/targets/answer_text.h"
#include "server/targets/gateway_errors.h"
#include "server/targets/verdicts.h"

namespace satudata::targets::ckan {
namespace {

using Json = nlohmann::json;
using sync::Ruling;
using sync::Verdict;

constexpr absl::string_view kValidationError = "Validation Error";
constexpr absl::string_view kNotFoundError = "Not Found Error";
constexpr size_t kMostViolations = 50;  // There are fewer fields than that.
constexpr size_t kShownBytes = 300;

// The `error` of an answer in CKAN's form; null for any other.
Json ErrorOf(const Json& body) {
  if (!body.is_object()) return nullptr;
  const auto success = body.find("success");
  const auto error = body.find("error");
  if (success == body.end() || *success != false || error == body.end() || !error->is_object())
    return nullptr;
  return *error;
}

// The `result` of a success; discarded for anything else.
Json ResultOf(const Json& body) {
  const Json nothing(Json::value_t::discarded);
  if (!body.is_object()) return nothing;
  const auto success = body.find("success");
  const auto result = body.find("result");
  return success != body.end() && *success == true && result != body.end() ? *result : nothing;
}

// What is said about a field: a list of sentences, as a rule.
std::string SentencesOf(const Json& said) {
  if (said.is_string()) return said.get<std::string>();
  if (!said.is_array()) return said.dump(-1, ' ', false, Json::error_handler_t::replace);
  std::string text;
  for (const Json& sentence : said) {
    absl::StrAppend(&text, text.empty() ? "" : " ", SentencesOf(sentence));
    if (text.size() > kShownBytes) break;
  }
  return text;
}

std::vector<catalog::FieldViolation> ViolationsOf(const Json& error) {
  std::vector<catalog::FieldViolation> violations;
  for (const auto& [field, said] : error.items()) {
    if (violations.size() == kMostViolations) break;
    if (field == "__type" || field == "message") continue;
    violations.push_back({Excerpt(field, kShownBytes), Excerpt(SentencesOf(said), kShownBytes)});
  }
  return violations;
}

std::string WordsOf(const Json& error, const std::vector<catalog::FieldViolation>& violations) {
  std::string words = TextMember(error, "message");
  for (const catalog::FieldViolation& violation : violations) {
    absl::StrAppend(&words, words.empty() ? "" : "; ", violation.field, ": ", violation.description);
  }
  return words;
}

// The settings are wrong, not the dataset: whatever comes next would be refused as well.
bool BlamesTheSettings(const std::vector<catalog::FieldViolation>& violations) {
  return violations.size() == 1 && violations.front().field == "owner_org";
}

Verdict JudgeOwnError(const http::Answer& answer, const Json& error) {
  std::vector<catalog::FieldViolation> violations = ViolationsOf(error);
  const std::string type = TextMember(error, "__type");
  const TargetWords words{.http_code = answer.status, .code = type, .text = WordsOf(error, violations)};
  if (answer.status == 403 && type == kAuthorizationError) return Unauthorized(words);
  if (answer.status == 409 && type == kValidationError) {
    if (BlamesTheSettings(violations)) return Unauthorized(words);
    return Judged({RejectedByTarget(words, std::move(violations))});
  }
  return Unknown(words);
}

// An answer that is no success of CKAN's. `body` is the answer's, parsed.
Verdict JudgeFailure(const http::Answer& answer, const Json& body, absl::Time received_at) {
  const bool is_refusal = answer.status >= 400 && answer.status < 500;
  if (const Json error = ErrorOf(body); is_refusal && error.is_object()) return JudgeOwnError(answer, error);
  if (auto verdict = JudgeGatewayAnswer(answer, received_at); verdict.has_value()) return *std::move(verdict);
  if (answer.status == 400) {
    const std::string said = body.is_string() ? body.get<std::string>() : answer.body;
    return Blocked(catalog::Reason::kRefusedByTarget, {.http_code = 400, .text = said});
  }
  return Unknown({.http_code = answer.status, .text = DescribeAnswer(answer)});
}

Json ParsedSuccess(const http::Answer& answer, const Json& body) {
  return answer.status == 200 ? ResultOf(body) : Json(Json::value_t::discarded);
}

Verdict NotOurs(absl::string_view what) {
  return Unknown({.http_code = 200, .text = absl::StrCat("the answer is not our ", what)});
}

}  // namespace

Verdict JudgeShow(absl::string_view name, const http::Answer& answer, absl::Time received_at,
                  std::optional<HeldPackage>& held) {
  held.reset();
  const Json body = ParseJson(answer.body);
  const Json result = ParsedSuccess(answer, body);
  if (!result.is_discarded()) {
    held = ReadPackage(result, name);
    return held.has_value() ? Judged({}) : NotOurs("dataset");
  }
  if (answer.status == 404 && TextMember(ErrorOf(body), "__type") == kNotFoundError) return Judged({});
  Verdict verdict = JudgeFailure(answer, body, received_at);
  // Nothing can be wrong with a question about a name.
  if (verdict.kind == sync::VerdictKind::kJudged) return Unknown({.http_code = answer.status});
  return verdict;
}

Verdict JudgePackageWrite(absl::string_view name, const http::Answer& answer, absl::Time received_at,
                          std::optional<HeldPackage>& written) {
  written.reset();
  const Json body = ParseJson(answer.body);
  const Json result = ParsedSuccess(answer, body);
  if (result.is_discarded()) return JudgeFailure(answer, body, received_at);
  written = ReadPackage(result, name);
  if (!written.has_value()) return NotOurs("dataset");
  return Judged({{.ruling = Ruling::kAccepted, .remote_id = written->id}});
}

Verdict JudgeUpload(absl::string_view package_id, const http::Answer& answer, absl::Time received_at) {
  const Json body = ParseJson(answer.body);
  const Json result = ParsedSuccess(answer, body);
  if (result.is_discarded()) return JudgeFailure(answer, body, received_at);
  const bool is_ours = !package_id.empty() && TextMember(result, "package_id") == package_id;
  if (!is_ours || TextMember(result, "id").empty()) return NotOurs("file");
  return Judged({{.ruling = Ruling::kAccepted, .remote_id = std::string(package_id)}});
}

Verdict JudgeDelete(const http::Answer& answer, absl::Time received_at) {
  const Json body = ParseJson(answer.body);
  if (ParsedSuccess(answer, body).is_discarded()) return JudgeFailure(answer, body, received_at);
  return Judged({{.ruling = Ruling::kAccepted}});
}

bool SaysNameInUse(const http::Answer& answer) {
  if (answer.status != 409) return false;
  const Json error = ErrorOf(ParseJson(answer.body));
  return TextMember(error, "__type") == kValidationError && error.contains("name");
}

Verdict JudgeMembership(absl::string_view owner_org, const http::Answer& answer, absl::Time received_at,
                        bool& is_member) {
  is_member = false;
  const Json body = ParseJson(answer.body);
  const Json result = ParsedSuccess(answer, body);
  if (!result.is_array()) return JudgeFailure(answer, body, received_at);
  is_member = std::any_of(result.begin(), result.end(), [&](const Json& organization) {
    return TextMember(organization, "id") == owner_org || TextMember(organization, "name") == owner_org;
  });
  return Judged({});
}

}  // namespace satudata::targets::ckan
