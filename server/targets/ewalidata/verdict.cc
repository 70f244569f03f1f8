#include "server/targets/ewalidata/verdict.h"

#include <optional>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"
#include "server/targets/answer_text.h"
#include "server/targets/ewalidata/push_log.h"
#include "server/targets/gateway_errors.h"
#include "server/targets/verdicts.h"

namespace satudata::targets::ewalidata {
namespace {

using Json = nlohmann::json;
using sync::Verdict;

bool IsSuccess(int status) { return status >= 200 && status < 300; }

int AsStatus(absl::string_view code) {
  int status = 0;
  return absl::SimpleAtoi(code, &status) ? status : 0;
}

// What an object without rows or log says by its own code, which counts like an HTTP status: these services
// say 200 outside and the truth inside.
Verdict JudgeStatedError(const TargetWords& words) {
  const int stated = IsSuccess(words.http_code) ? AsStatus(words.code) : words.http_code;
  if (stated == 401 || stated == 403) return Unauthorized(words);
  if (stated == 429) return Throttled(words, std::nullopt);
  if (stated >= 500 && stated < 600) return Outage(words, std::nullopt);
  return Unknown(words);
}

TargetWords WordsOf(const http::Answer& answer, const Json& object) {
  std::string text = TextMember(object, "msg");
  if (text.empty()) text = TextMember(object, "message");
  if (text.empty()) text = DescribeAnswer(answer);
  return {.http_code = answer.status, .code = TextMember(object, "code"), .text = std::move(text)};
}

// The batch as a whole was refused because of what is in it, without a word about its rows.
bool RefusesTheWholeBatch(const TargetWords& words) {
  const int stated = IsSuccess(words.http_code) ? AsStatus(words.code) : words.http_code;
  return stated == 400 || stated == 422;
}

Verdict JudgeWithoutLog(const TargetWords& words) {
  if (RefusesTheWholeBatch(words)) return Blocked(catalog::Reason::kRefusedByTarget, words);
  return JudgeStatedError(words);
}

TargetWords Saying(const TargetWords& words, absl::string_view text) {
  return {.http_code = words.http_code, .code = words.code, .text = std::string(text)};
}

sync::RecordRuling JudgeRow(const PushLog& log, bool is_committed, absl::string_view row_key,
                            const TargetWords& words) {
  const int ok_lines = log.CountOk(row_key);
  const std::optional<std::string> error = log.ErrorOf(row_key);
  if (row_key.empty()) return UnknownRecord(Saying(words, "no row key"));
  if (error.has_value() && ok_lines == 0) return RejectedByTarget(Saying(words, *error), {});
  if (error.has_value()) return UnknownRecord(Saying(words, "the log says both OK and ERROR"));
  if (ok_lines == 0) return UnknownRecord(Saying(words, "the log has no line for this row"));
  if (ok_lines > 1) return UnknownRecord(Saying(words, "the log has several lines for this row"));
  if (!is_committed) return UnknownRecord(Saying(words, "the log tells of no commit"));
  return {.ruling = sync::Ruling::kAccepted};
}

Verdict JudgeLog(absl::Span<const std::string> row_keys, const PushLog& log, const TargetWords& words) {
  const bool is_code_good = words.code.empty() || words.code == "200";
  std::vector<sync::RecordRuling> rulings;
  rulings.reserve(row_keys.size());
  for (const std::string& row_key : row_keys) {
    rulings.push_back(JudgeRow(log, log.IsCommitted() && is_code_good, row_key, words));
  }
  return Judged(std::move(rulings));
}

}  // namespace

Verdict JudgePush(absl::Span<const std::string> row_keys, const http::Answer& answer,
                  absl::Time received_at) {
  if (auto verdict = JudgeGatewayAnswer(answer, received_at); verdict.has_value()) return *std::move(verdict);
  const Json body = ParseJson(answer.body);
  const TargetWords words = WordsOf(answer, body);
  if (!body.is_object()) return Unknown(Saying(words, DescribeAnswer(answer)));
  if (!IsSuccess(answer.status) || !body.contains("log")) return JudgeWithoutLog(words);
  const std::optional<PushLog> log = PushLog::Read(body["log"]);
  if (!log.has_value()) return Unknown(Saying(words, "the log is not a list of lines"));
  return JudgeLog(row_keys, *log, words);
}

Verdict JudgeTable(const http::Answer& answer, absl::Time received_at, std::vector<TargetRow>& rows) {
  if (auto verdict = JudgeGatewayAnswer(answer, received_at); verdict.has_value()) return *std::move(verdict);
  RowTable table = ReadRows(answer.body);
  const TargetWords words{.http_code = answer.status,
                          .code = table.error_code,
                          .text = table.error_text.empty() ? DescribeAnswer(answer) : table.error_text};
  if (answer.status != 200 || !table.is_rows) return JudgeStatedError(words);
  rows = std::move(table.rows);
  return Judged({});
}

}  // namespace satudata::targets::ewalidata
