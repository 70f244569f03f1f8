#include "server/targets/gateway.h"

#include <utility>

#include "absl/hash/hash.h"
#include "absl/strings/str_cat.h"
#include "server/base/trace.h"
#include "server/targets/token_end.h"
#include "server/targets/verdicts.h"

namespace satudata::targets {
namespace {

sync::Exchange Record(const Call& call, const http::Result& result, const sync::Verdict& verdict,
                      const Redactor& redactor, size_t limit) {
  sync::Exchange exchange{.operation = call.operation,
                          .start_time = result.start_time,
                          .duration = result.duration,
                          .request_body = redactor.Excerpt(call.body, limit),
                          .error = result.error_detail,
                          .verdict = verdict.kind};
  if (result.answer.has_value()) {
    exchange.http_code = result.answer->status;
    exchange.answer_body = redactor.Excerpt(result.answer->body, limit);
  }
  return exchange;
}

// The caller's, else that of the work that this thread does, else a new one.
std::string TraceOf(absl::string_view traceparent) {
  if (base::IsTraceparent(traceparent)) return std::string(traceparent);
  const absl::string_view current = base::CurrentTraceparent();
  return current.empty() ? base::NewTraceparent() : std::string(current);
}

// A refusal that a new token may mend: not one of the subscription or the scope.
bool IsTokenRefused(const sync::Verdict& verdict) {
  constexpr absl::string_view kInvalidCredentials = "900901";
  return verdict.kind == sync::VerdictKind::kUnauthorized &&
         (verdict.failure.http_code == 401 || verdict.failure.target_code == kInvalidCredentials);
}

}  // namespace

Gateway::Gateway(GatewayOptions options, std::unique_ptr<http::HttpClient> client,
                 std::unique_ptr<TokenSource> tokens)
    : options_(std::move(options)), client_(std::move(client)), tokens_(std::move(tokens)) {}

Reply Gateway::Do(const Call& call, const base::Deadline& deadline, absl::string_view traceparent,
                  Judge judge) {
  const base::TraceScope trace(TraceOf(traceparent));
  if (tokens_ != nullptr) return DoWithTokens(call, deadline, judge);
  Reply reply;
  if (AwaitTurn(call.turn, deadline, reply)) Send(call, /*token=*/"", deadline, judge, reply);
  return reply;
}

// False, with the verdict set, if it may not go.
bool Gateway::AwaitTurn(Turn turn, const base::Deadline& deadline, Reply& reply) {
  sync::Pace* const pace = pace_;
  if (pace == nullptr || turn == Turn::kGiven) return true;
  if (turn == Turn::kUnasked) {
    pace->CountRequest();
    return true;
  }
  const sync::Permit permit = pace->AwaitTurn(deadline);
  if (!permit.may_go) reply.verdict = OutOfTurn(permit.otherwise_at);
  return permit.may_go;
}

Reply Gateway::DoWithTokens(const Call& call, const base::Deadline& deadline, Judge judge) {
  Reply reply;
  for (const bool is_replay : {false, true}) {
    if (!AwaitTurn(is_replay ? Turn::kAwaited : call.turn, deadline, reply)) break;
    TokenSource::Lease lease = tokens_->Get(deadline);
    if (lease.exchange.has_value()) reply.exchanges.push_back(*std::move(lease.exchange));
    if (lease.token.empty()) {
      reply.verdict = std::move(lease.verdict);
      break;
    }
    Send(call, lease.token, deadline, judge, reply);
    if (is_replay || !IsTokenRefused(reply.verdict)) break;
    tokens_->Discard(lease.token);
  }
  return reply;
}

void Gateway::Send(const Call& call, absl::string_view token, const base::Deadline& deadline, Judge judge,
                   Reply& reply) {
  http::Request request{.method = call.method,
                        .path = absl::StrCat(options_.base_path, call.path),
                        .content_type = call.content_type,
                        .open_body = call.open_body};
  if (request.open_body == nullptr) request.body = call.body;
  request.headers.reserve(2 + options_.credentials.size());
  request.headers.emplace_back("Accept", "application/json");
  request.headers.emplace_back("traceparent", std::string(base::CurrentTraceparent()));
  const Redactor redactor = AddCredentials(token, request);

  const http::Result result =
      client_->Do(request, {.deadline = deadline, .max_answer_bytes = call.max_answer_bytes});
  reply.verdict = result.answer.has_value() ? judge(*result.answer, result.start_time + result.duration)
                                            : JudgeTransportError(result);
  redactor.Clean(reply.verdict);
  reply.exchanges.push_back(Record(call, result, reply.verdict, redactor, options_.kept_body_bytes));
}

// Adds the credentials' headers to `request`; returns what knows the secrets in them.
Redactor Gateway::AddCredentials(absl::string_view token, http::Request& request) const {
  Redactor redactor;
  for (const CredentialHeader& credential : options_.credentials) {
    const bool carries_token = tokens_ != nullptr && &credential == &options_.credentials.front();
    const std::string own = credential.secret && !carries_token ? credential.secret() : "";
    const absl::string_view secret = carries_token ? token : own;
    if (secret.empty()) continue;
    request.headers.emplace_back(credential.name, absl::StrCat(credential.prefix, secret));
    redactor.Add(secret);
  }
  return redactor;
}

// A token that is not there yet cannot be in the body.
sync::PlannedRequest Gateway::Render(const Call& call) const {
  http::Request unsent;
  const Redactor redactor = AddCredentials(/*token=*/"", unsent);
  return {.operation = call.operation,
          .body = redactor.Excerpt(call.body, options_.kept_body_bytes),
          .truncated = call.body.size() > options_.kept_body_bytes};
}

uint64_t Gateway::credential_version() const {
  std::vector<std::string> secrets;
  for (const CredentialHeader& credential : options_.credentials) {
    secrets.push_back(credential.secret ? credential.secret() : "");
  }
  return absl::HashOf(secrets, tokens_ == nullptr ? 0 : tokens_->credential_version());
}

std::optional<absl::Time> Gateway::credential_end() const {
  std::optional<absl::Time> first;
  for (const CredentialHeader& credential : options_.credentials) {
    const bool carries_token = tokens_ != nullptr && &credential == &options_.credentials.front();
    if (!credential.secret || carries_token) continue;
    const std::optional<absl::Time> end = EndOfToken(credential.secret());
    if (end.has_value() && (!first.has_value() || *end < *first)) first = end;
  }
  return first;
}

void Gateway::Abort() {
  client_->Abort();
  if (tokens_ != nullptr) tokens_->Abort();
}

}  // namespace satudata::targets
