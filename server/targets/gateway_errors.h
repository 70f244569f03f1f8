// File: gateway_errors.h
//
// The answers that come from in front of a target, not from it: a WSO2 gateway's errors in each of their
// forms, a firewall's page, a proxy's 5xx. Pure.
#ifndef SERVER_TARGETS_GATEWAY_ERRORS_H_
#define SERVER_TARGETS_GATEWAY_ERRORS_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/http/http_client.h"
#include "server/sync/verdict.h"

namespace satudata::targets {

// The verdict on an answer that the target's own code need not look at; nullopt for all others. Never
// kJudged.
//
//   any 5xx                                                   outage, with a possible effect
//   a known gateway code (JSON in three shapes, or XML),
//     also with HTTP 200                                      what the code says
//   401                                                       unauthorized
//   429                                                       throttled
//   404 that is a "Status report"                             the tenant sleeps: warming up
//   403 without a code, and HTML with 2xx or 4xx              blocked
//   413                                                       blocked, the body is too large
//
// A gateway's word counts with 2xx only where the body holds nothing else; with 5xx it does not count at all:
// a request that failed half way may have been applied. `received_at` turns Retry-After's seconds into a
// time.
std::optional<sync::Verdict> JudgeGatewayAnswer(const http::Answer& answer, absl::Time received_at);

// `Retry-After` as seconds or as an HTTP date; nullopt for anything else, and for less than nothing.
std::optional<absl::Time> ParseRetryAfter(absl::string_view value, absl::Time received_at);

// A target that names a time beyond a week has a wrong clock or a wrong word; it is asked again by then.
absl::Time Followed(absl::Time hint, absl::Time received_at);

// `2026-Jan-17 00:00:00+0000 UTC`, or milliseconds since 1970; nullopt for anything else.
std::optional<absl::Time> ParseNextAccessTime(absl::string_view value);

}  // namespace satudata::targets

#endif  // SERVER_TARGETS_GATEWAY_ERRORS_H_
