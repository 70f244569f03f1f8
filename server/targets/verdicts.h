// File: verdicts.h
//
// Makes verdicts, so that each kind says about its effect the same wherever it arises:
//   nothing was applied   throttled, warming up, unauthorized, no connection, certificate
//   it may have been      blocked, outage, unknown: a page or a 5xx may come after the deed was done
#ifndef SERVER_TARGETS_VERDICTS_H_
#define SERVER_TARGETS_VERDICTS_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/http/http_client.h"
#include "server/sync/verdict.h"

namespace satudata::targets {

// What a target says about an error, verbatim; shown to people, cut at a length that fits a screen.
struct TargetWords {
  int http_code = 0;
  std::string code;  // The target's own, e.g. `900901`.
  std::string text;
};

sync::Verdict Judged(std::vector<sync::RecordRuling> records);
sync::Verdict Throttled(const TargetWords& words, std::optional<absl::Time> retry_at);
// Our own pace kept it back: its turn might have come at `otherwise_at`, or nobody knows when.
sync::Verdict OutOfTurn(absl::Time otherwise_at);
sync::Verdict WarmingUp(const TargetWords& words);
sync::Verdict Unauthorized(const TargetWords& words);
// The OAuth2 token endpoint does not know our client, or does not give it tokens.
sync::Verdict ClientRefused(const TargetWords& words);
// It gives no token now: the request that needed one was not sent.
sync::Verdict TokenOutage(const TargetWords& words, std::optional<absl::Time> retry_at);
// Nothing was sent, and waiting mends nothing.
sync::Verdict CertificateUntrusted(absl::string_view detail);
sync::Verdict Blocked(catalog::Reason reason, const TargetWords& words);
sync::Verdict Outage(const TargetWords& words, std::optional<absl::Time> retry_at);
sync::Verdict Unknown(const TargetWords& words);

sync::RecordRuling RejectedByTarget(const TargetWords& words,
                                    std::vector<catalog::FieldViolation> violations);
sync::RecordRuling UnknownRecord(const TargetWords& words);

// For a request that got no answer. A certificate that is not trusted needs an operator: waiting mends
// nothing.
sync::Verdict JudgeTransportError(const http::Result& result);

// `HTTP 418, 23 bytes, text/plain`: what can be said of an answer that is not understood.
std::string DescribeAnswer(const http::Answer& answer);

}  // namespace satudata::targets

#endif  // SERVER_TARGETS_VERDICTS_H_
