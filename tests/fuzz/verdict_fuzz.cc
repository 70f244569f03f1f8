// Fuzz target for what the answers of targets mean, in every profile: nothing is called accepted or confirmed
// that the body does not say, no effect is ruled out that the answer leaves open. What a body says is decided
// here by other means than the code under test.
//
// An input is a recorded answer (tests/unit/server/targets/corpus.h). In its body `@deep@` stands for
// brackets so deep that whoever follows them by calling himself runs out of stack.
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_replace.h"
#include "nlohmann/json.hpp"
#include "server/base/text_encoding.h"
#include "tests/fuzz/check.h"
#include "tests/unit/server/targets/corpus.h"

namespace satudata::targets {
namespace {

using fuzz::Check;
using Json = nlohmann::json;
using sync::Effect;
using sync::Ruling;
using sync::VerdictKind;

// What a target may say of when to come again is followed no further than this.
constexpr absl::Duration kLongestHint = absl::Hours(24 * 31);

std::string Unfolded(const std::string& body) {
  constexpr size_t kDepth = 100'000;
  const size_t at = body.find("@deep@");
  if (at == std::string::npos) return body;
  return body.substr(0, at) + std::string(kDepth, '[') + std::string(kDepth, ']') + body.substr(at + 6);
}

// `object` must be one; null if it has no such member.
const Json& MemberOf(const Json& object, const char* name) {
  static const Json kNothing;
  const auto found = object.find(name);
  return found == object.end() ? kNothing : *found;
}

bool LineSaysOk(const std::string& line, const std::string& key) {
  const std::string text = absl::StrReplaceAll(line, {{",", "."}});
  const absl::string_view trimmed = absl::StripAsciiWhitespace(text);
  if (!absl::StartsWith(trimmed, key)) return false;
  const absl::string_view rest = trimmed.substr(key.size());
  return absl::StartsWith(rest, " ") && absl::StripAsciiWhitespace(rest) == "OK";
}

bool SaysAnotherCode(const Json& body) {
  const Json& code = MemberOf(body, "code");
  return (code.is_number() && code != 200) || (code.is_string() && code != "200");
}

bool LogSaysOk(const http::Answer& answer, const Json& body, const std::string& key) {
  if (answer.status / 100 != 2 || !body.is_object() || SaysAnotherCode(body)) return false;
  int ok_lines = 0;
  int commits = 0;
  for (const Json& element : MemberOf(body, "log")) {
    if (!element.is_string()) continue;
    const auto& line = element.get_ref<const std::string&>();
    if (absl::StrContains(absl::AsciiStrToUpper(line), "ROLLBACK")) return false;
    ok_lines += LineSaysOk(line, key) ? 1 : 0;
    commits += absl::StrContains(line, "COMMIT TRANS") ? 1 : 0;
  }
  return ok_lines == 1 && commits > 0;
}

bool NamesTheDataset(const http::Answer& answer, const Json& body) {
  if (answer.status != 200 && answer.status != 201) return false;
  if (!body.is_object() || MemberOf(body, "status") != "success") return false;
  const Json& data = MemberOf(body, "data");
  return data.is_object() && MemberOf(data, "dataset_id") == std::string(kCorpusDatasetId);
}

// Only 200 with "success": true and our own id where it belongs; names are no proof of an upload.
bool CkanSaysSuccess(const std::string& operation, const http::Answer& answer, const Json& body) {
  if (answer.status != 200 || !body.is_object() || MemberOf(body, "success") != true) return false;
  const Json& result = MemberOf(body, "result");
  if (!result.is_object()) return false;
  return operation == "resource_create" ? MemberOf(result, "package_id") == std::string(kCorpusPackageId)
                                        : MemberOf(result, "name") == std::string(kCorpusPackageName);
}

bool SaysAccepted(const std::string& operation, const http::Answer& answer, const Json& body, size_t record) {
  if (operation == "push_dssd") return LogSaysOk(answer, body, CorpusRowKeys().at(record));
  const bool is_ckan_write = operation == "package_create" || operation == "resource_create";
  return is_ckan_write && CkanSaysSuccess(operation, answer, body);
}

void CheckTruth(const std::string& operation, const http::Answer& answer, const Json& body,
                const Judgement& judgement) {
  const std::vector<sync::RecordRuling>& records = judgement.verdict.records;
  for (size_t i = 0; i < records.size(); ++i) {
    const Ruling ruling = records[i].ruling;
    Check(ruling != Ruling::kAccepted || SaysAccepted(operation, answer, body, i));
    Check(ruling != Ruling::kConfirmed || NamesTheDataset(answer, body));
    Check(ruling != Ruling::kRejected || !records[i].failure.ok());
  }
  // Of tables and of packages: what is held must have been read out of a success.
  Check(judgement.held_hash.empty() || answer.status / 100 == 2);
  Check(judgement.row_count == 0 || answer.status / 100 == 2);
}

void CheckWords(const catalog::Failure& failure) {
  for (const auto& [name, value] : failure.args) Check(value.size() <= 600 && base::IsUtf8(value));
  Check(base::IsUtf8(failure.target_code));
  for (const catalog::FieldViolation& violation : failure.field_violations) {
    Check(base::IsUtf8(violation.field) && base::IsUtf8(violation.description));
  }
}

void CheckConsistency(const std::string& operation, const http::Answer& answer, const sync::Verdict& verdict,
                      bool is_json) {
  const bool is_harmless = verdict.kind == VerdictKind::kThrottled ||
                           verdict.kind == VerdictKind::kWarmingUp ||
                           verdict.kind == VerdictKind::kUnauthorized;
  Check((verdict.effect == Effect::kNone) == is_harmless);
  const bool is_judged = verdict.kind == VerdictKind::kJudged;
  Check(answer.status < 500 || verdict.kind == VerdictKind::kOutage);
  Check(is_judged ? is_json : verdict.records.empty());
  Check(!is_judged || operation != "push_dssd" || verdict.records.size() == CorpusRowKeys().size());
  Check(!verdict.retry_at || *verdict.retry_at <= CorpusTime() + kLongestHint);
  CheckWords(verdict.failure);
  for (const sync::RecordRuling& record : verdict.records) CheckWords(record.failure);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  satudata::http::Answer answer =
      ParseRecorded("input", absl::string_view(reinterpret_cast<const char*>(data), size)).answer;
  answer.body = Unfolded(answer.body);
  const Json body = Json::parse(answer.body, /*cb=*/nullptr, /*allow_exceptions=*/false);
  for (const char* operation : {"push_dssd", "get_dssd", "create_dataset", "get_dataset", "package_show",
                                "package_create", "resource_create", "organization_list_for_user"}) {
    const Judgement judgement = JudgeRecorded(operation, answer);
    CheckTruth(operation, answer, body, judgement);
    CheckConsistency(operation, answer, judgement.verdict, !body.is_discarded());
  }
  return 0;
}

}  // namespace satudata::targets
