#include "server/targets/token_source.h"

#include <algorithm>
#include <utility>

#include "absl/hash/hash.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "server/base/log.h"
#include "server/base/trace.h"
#include "server/http/url.h"
#include "server/targets/redaction.h"
#include "server/targets/token_answer.h"
#include "server/targets/verdicts.h"

namespace satudata::targets {
namespace {

constexpr absl::Duration kRenewAhead = absl::Seconds(60);
// After a failure: nobody is served by a token endpoint that many senders ask in turns.
constexpr absl::Duration kFailureHold = absl::Seconds(1);
// Between two tries to renew a token that is still good.
constexpr absl::Duration kRenewPause = absl::Seconds(5);
constexpr absl::Duration kLookAgain = absl::Milliseconds(100);
constexpr size_t kMostAnswerBytes = 64 << 10;
constexpr size_t kKeptBytes = 4 << 10;

// How long a token is used before it is renewed: until a minute before its end, or half of a short life.
absl::Duration RenewAfter(absl::Duration lifetime) {
  return lifetime >= 2 * kRenewAhead ? lifetime - kRenewAhead : lifetime / 2;
}

// Joined as they are. RFC 6749 would have both parts form-encoded first, which these gateways do not undo; a
// secret with signs that this matters for goes into the form.
std::string BasicCredentials(absl::string_view client_id, absl::string_view secret) {
  return absl::Base64Escape(absl::StrCat(client_id, ":", secret));
}

// Free of secrets. An answer that may hold a token, whole or in part, is not kept at all.
sync::Exchange Record(const http::Result& result, const sync::Verdict& verdict, const Redactor& redactor) {
  sync::Exchange exchange{.operation = "oauth_token",
                          .start_time = result.start_time,
                          .duration = result.duration,
                          .request_body = "grant_type=client_credentials",
                          .error = result.error_detail,
                          .verdict = verdict.kind,
                          .is_counted = false};
  if (!result.answer.has_value()) return exchange;
  exchange.http_code = result.answer->status;
  exchange.answer_body = result.answer->status >= 200 && result.answer->status < 300
                             ? "[redacted]"
                             : redactor.Excerpt(result.answer->body, kKeptBytes);
  return exchange;
}

}  // namespace

TokenSource::TokenSource(OAuthOptions options, std::unique_ptr<http::HttpClient> client, base::Clock& clock)
    : options_(std::move(options)), client_(std::move(client)), clock_(clock) {}

TokenSource::Lease TokenSource::Get(const base::Deadline& deadline) {
  base::MutexLock lock(&mu_);
  const int64_t fetch_count = fetch_count_;
  while (true) {
    const bool is_renewal_due = clock_.Monotonic() >= std::max(renew_from_, ask_from_);
    if (IsUsable() && (is_fetching_ || !is_renewal_due)) return {.token = token_, .verdict = Judged({})};
    if (!is_fetching_) {
      const bool has_waited_in_vain = fetch_count_ != fetch_count && has_failed_;
      if (has_waited_in_vain || !MayAsk()) return {.verdict = failure_};
      return Fetch(deadline);
    }
    if (deadline.Passed()) {
      return {.verdict = JudgeTokenTransportError(
                  {.error = http::TransportError::kTimeout, .error_detail = "no access token in time"})};
    }
    fetched_.WaitFor(&mu_, absl::ToChronoMilliseconds(std::min(kLookAgain, deadline.Remaining())));
  }
}

bool TokenSource::IsUsable() const { return !token_.empty() && clock_.Monotonic() < expiry_; }

// New credentials deserve a try at once.
bool TokenSource::MayAsk() const {
  return clock_.Monotonic() >= ask_from_ || credential_version() != failed_version_;
}

TokenSource::Lease TokenSource::Fetch(const base::Deadline& deadline) {
  is_fetching_ = true;
  mu_.Unlock();
  const std::string secret = options_.client_secret();
  absl::Duration lifetime;
  Lease lease = Ask(deadline, secret, lifetime);
  mu_.Lock();
  is_fetching_ = false;
  ++fetch_count_;
  // Who ran out of time, or is not wanted any more, says nothing about the endpoint: another one asks.
  if (!lease.token.empty() || !deadline.Passed()) {
    failed_version_ = VersionOf(secret);
    Keep(lease, lifetime);
  }
  fetched_.SignalAll();
  if (lease.token.empty() && IsUsable()) {
    lease.token = token_;
    lease.verdict = Judged({});
  }
  return lease;
}

void TokenSource::Keep(const Lease& lease, absl::Duration lifetime) {
  const absl::Duration now = clock_.Monotonic();
  has_failed_ = lease.token.empty();
  if (!lease.token.empty()) {
    token_ = lease.token;
    expiry_ = now + lifetime;
    renew_from_ = now + RenewAfter(lifetime);
    ask_from_ = now;
    return;
  }
  failure_ = lease.verdict;
  ask_from_ = now + (IsUsable() ? kRenewPause : kFailureHold);
  if (!IsUsable()) return;
  base::Log(base::Severity::kWarning, "the access token could not be renewed; the old one is still good",
            {{"reason", catalog::ReasonName(failure_.failure.reason)}});
}

TokenSource::Lease TokenSource::Ask(const base::Deadline& deadline, const std::string& secret,
                                    absl::Duration& lifetime) {
  Redactor redactor;
  redactor.Add(secret);
  redactor.Add(BasicCredentials(options_.client_id, secret));
  const absl::Duration limit = std::min(options_.request_deadline, deadline.Remaining());
  const http::Result result = client_->Do(
      TokenRequest(secret), {.deadline = base::Deadline::After(clock_, limit).OrStop(deadline.stop()),
                             .max_answer_bytes = kMostAnswerBytes});
  Lease lease;
  if (result.answer.has_value()) {
    TokenAnswer answer = JudgeTokenAnswer(*result.answer, result.start_time + result.duration);
    lifetime = answer.lifetime;
    lease.token = std::move(answer.token);
    lease.verdict = std::move(answer.verdict);
  } else {
    lease.verdict = JudgeTokenTransportError(result);
  }
  redactor.Clean(lease.verdict);
  lease.exchange = Record(result, lease.verdict, redactor);
  return lease;
}

http::Request TokenSource::TokenRequest(const std::string& secret) const {
  http::Request request{.method = "POST",
                        .path = options_.token_path,
                        .headers = {{"Accept", "application/json"}},
                        .body = "grant_type=client_credentials",
                        .content_type = "application/x-www-form-urlencoded"};
  if (const absl::string_view trace = base::CurrentTraceparent(); !trace.empty()) {
    request.headers.emplace_back("traceparent", std::string(trace));
  }
  if (!options_.scope.empty()) {
    absl::StrAppend(&request.body, "&scope=", http::PercentEncode(options_.scope));
  }
  if (options_.authentication == ClientAuthentication::kForm) {
    absl::StrAppend(&request.body, "&client_id=", http::PercentEncode(options_.client_id),
                    "&client_secret=", http::PercentEncode(secret));
  } else {
    request.headers.emplace_back("Authorization",
                                 absl::StrCat("Basic ", BasicCredentials(options_.client_id, secret)));
  }
  return request;
}

void TokenSource::Discard(absl::string_view token) {
  base::MutexLock lock(&mu_);
  if (token_ == token) token_.clear();
}

uint64_t TokenSource::credential_version() const { return VersionOf(options_.client_secret()); }

uint64_t TokenSource::VersionOf(absl::string_view secret) const {
  return absl::HashOf(options_.client_id, secret);
}

}  // namespace satudata::targets
