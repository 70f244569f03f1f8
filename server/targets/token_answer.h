// File: token_answer.h
//
// What the answers of an OAuth2 token endpoint mean (RFC 6749, sections 4.4, 5.1 and 5.2). Pure.
#ifndef SERVER_TARGETS_TOKEN_ANSWER_H_
#define SERVER_TARGETS_TOKEN_ANSWER_H_

#include <string>

#include "absl/time/time.h"
#include "server/http/http_client.h"
#include "server/sync/verdict.h"

namespace satudata::targets {

struct TokenAnswer {
  std::string token;        // Empty: none was given, and `verdict` says why.
  absl::Duration lifetime;  // Between 1 s and 24 h.
  sync::Verdict verdict;    // kJudged with a token.
};

// A token counts only if it came with a 2xx, can be sent in a header, and is a bearer's. An `expires_in` that
// is missing or makes no sense stands for 5 minutes: the target says 401 when it was less. Without a token:
//
//   an `error` of RFC 6749, any other 3xx or 4xx      unauthorized: the client or our settings are wrong
//   429                                               throttled
//   5xx, a page in HTML, anything not understood      outage of the token endpoint
//
// Nothing of these has an effect at the target: the request that needed the token was never sent. No detail
// quotes a 2xx answer, which may hold half a token.
TokenAnswer JudgeTokenAnswer(const http::Answer& answer, absl::Time received_at);

// On a request for a token that got no answer.
sync::Verdict JudgeTokenTransportError(const http::Result& result);

}  // namespace satudata::targets

#endif  // SERVER_TARGETS_TOKEN_ANSWER_H_
