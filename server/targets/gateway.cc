#include "server/targets/gateway.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "server/targets/answer_text.h"
#include "server/targets/verdicts.h"

namespace satudata::targets {
namespace {

using Secrets = std::vector<std::string>;

constexpr absl::string_view kRedacted = "[redacted]";

// Targets echo what they were sent: a debug page shows the headers it got, an error quotes the key.
void Redact(const Secrets& secrets, std::string& text) {
  for (const std::string& secret : secrets) {
    if (absl::StrContains(text, secret)) text = absl::StrReplaceAll(text, {{secret, kRedacted}});
  }
}

void Redact(const Secrets& secrets, catalog::Failure& failure) {
  for (auto& [name, value] : failure.args) Redact(secrets, value);
  for (catalog::FieldViolation& violation : failure.field_violations) {
    Redact(secrets, violation.field);
    Redact(secrets, violation.description);
  }
  Redact(secrets, failure.target_code);
}

void Redact(const Secrets& secrets, sync::Verdict& verdict) {
  Redact(secrets, verdict.failure);
  for (sync::RecordRuling& record : verdict.records) {
    if (!record.failure.ok()) Redact(secrets, record.failure);
    Redact(secrets, record.remote_id);
  }
}

// Redacted before it is cut, so that no secret survives by halves at the edge; only that much is searched.
std::string Evidence(const Secrets& secrets, absl::string_view body, size_t limit) {
  size_t longest = 0;
  for (const std::string& secret : secrets) longest = std::max(longest, secret.size());
  std::string text(body.substr(0, limit + longest));
  Redact(secrets, text);
  return Excerpt(text, limit);
}

// Adds the credentials' headers to `request` and returns the secrets that are in them.
Secrets AddCredentials(const std::vector<CredentialHeader>& credentials, http::Request& request) {
  Secrets secrets;
  for (const CredentialHeader& credential : credentials) {
    std::string secret = credential.secret ? credential.secret() : "";
    if (secret.empty()) continue;
    request.headers.emplace_back(credential.name, absl::StrCat(credential.prefix, secret));
    secrets.push_back(std::move(secret));
  }
  return secrets;
}

bool IsHex(absl::string_view text, size_t length) {
  if (text.size() != length) return false;
  for (char c : text) {
    if (!absl::ascii_isdigit(c) && (c < 'a' || c > 'f')) return false;
  }
  return true;
}

sync::Exchange Record(const Call& call, const http::Result& result, const sync::Verdict& verdict,
                      const Secrets& secrets, size_t limit) {
  sync::Exchange exchange{.operation = call.operation,
                          .start_time = result.start_time,
                          .duration = result.duration,
                          .request_body = Evidence(secrets, call.body, limit),
                          .error = result.error_detail,
                          .verdict = verdict.kind};
  if (result.answer.has_value()) {
    exchange.http_code = result.answer->status;
    exchange.answer_body = Evidence(secrets, result.answer->body, limit);
  }
  return exchange;
}

}  // namespace

Gateway::Gateway(GatewayOptions options, std::unique_ptr<http::HttpClient> client)
    : options_(std::move(options)), client_(std::move(client)) {}

Reply Gateway::Do(const Call& call, const base::Deadline& deadline, absl::string_view traceparent,
                  Judge judge) {
  http::Request request{
      .method = call.method, .path = absl::StrCat(options_.base_path, call.path), .body = call.body};
  request.headers.emplace_back("Accept", "application/json");
  if (IsTraceparent(traceparent)) request.headers.emplace_back("traceparent", std::string(traceparent));
  const Secrets secrets = AddCredentials(options_.credentials, request);

  const http::Result result =
      client_->Do(request, {.deadline = deadline, .max_answer_bytes = call.max_answer_bytes});
  Reply reply;
  reply.verdict = result.answer.has_value() ? judge(*result.answer, result.start_time + result.duration)
                                            : JudgeTransportError(result);
  Redact(secrets, reply.verdict);
  reply.exchange = Record(call, result, reply.verdict, secrets, options_.kept_body_bytes);
  return reply;
}

bool IsTraceparent(absl::string_view text) {
  const std::vector<absl::string_view> parts = absl::StrSplit(text, '-');
  return parts.size() == 4 && parts[0] == "00" && IsHex(parts[1], 32) && IsHex(parts[2], 16) &&
         IsHex(parts[3], 2);
}

}  // namespace satudata::targets
