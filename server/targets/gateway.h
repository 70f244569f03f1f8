// File: gateway.h
//
// One conversation with one target: adds the credentials, sends, has the answer judged and keeps the
// evidence, free of secrets. What the answer means is the profile's business.
#ifndef SERVER_TARGETS_GATEWAY_H_
#define SERVER_TARGETS_GATEWAY_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/base/clock.h"
#include "server/base/deadline.h"
#include "server/http/http_client.h"
#include "server/sync/pace.h"
#include "server/sync/target.h"
#include "server/targets/redaction.h"
#include "server/targets/token_source.h"

namespace satudata::targets {

// One header that proves who we are. These systems differ in all of it: `Authorization: Bearer k`, `apikey:
// k`, `AuthorizationSPLP: Bearer k`, `authentication: k`.
struct CredentialHeader {
  std::string name = "Authorization";  // Default: Authorization.
  std::string prefix = "Bearer ";      // Default: "Bearer ", with its blank.
  // Called for every request, from any thread, so that a key that was replaced is used at once. Default:
  // none; without a secret the header is left out.
  std::function<std::string()> secret;
};

struct GatewayOptions {
  std::string base_path;  // Default: empty. `/ewalidata/serv`: what comes before every endpoint.
  // Default: one bearer token. Some APIs want a second header beside it. With a token source the first one
  // carries its tokens.
  std::vector<CredentialHeader> credentials = {CredentialHeader()};
  size_t kept_body_bytes = 64 << 10;  // Default: 64 KiB of each body are kept as evidence.
};

// Which of the target's requests one is; see sync::Pace.
enum class Turn {
  kAwaited,  // One more than was asked for.
  kGiven,    // The first of a Send or a Read.
  kUnasked,  // Nobody waits for it: a check.
};

struct Call {
  std::string operation;  // Enumerable: `push_dssd`.
  std::string method = "GET";
  std::string path;  // After the base path, with query.
  std::string body;
  size_t max_answer_bytes = 1 << 20;
  std::string content_type = "application/json";
  // Sent instead of `body`, which then only says what it is: the evidence. See http::Request.
  std::function<absl::StatusOr<std::unique_ptr<http::BodySource>>()> open_body = nullptr;
  Turn turn = Turn::kAwaited;
};

struct Reply {
  sync::Verdict verdict;
  // In order: requests for a token, the request itself, and its replay with a new token. Empty only if
  // nothing was tried, because there was no token to try with or its turn did not come in time.
  std::vector<sync::Exchange> exchanges;

  // Of the last of them.
  int http_code() const { return exchanges.empty() ? 0 : exchanges.back().http_code; }
  absl::Duration duration() const {
    return exchanges.empty() ? absl::ZeroDuration() : exchanges.back().duration;
  }
};

// Thread-safe.
class Gateway {
 public:
  // Given the answer and when it had come. Called only when there is one.
  using Judge = absl::FunctionRef<sync::Verdict(const http::Answer& answer, absl::Time received_at)>;

  // `tokens` may be null: the credentials are static.
  Gateway(GatewayOptions options, std::unique_ptr<http::HttpClient> client,
          std::unique_ptr<TokenSource> tokens = nullptr);

  // As sync::Target::SetPace.
  void SetPace(sync::Pace* pace) { pace_ = pace; }

  // Blocks, at most until the deadline plus a moment. Sends twice in one case only: an access token was
  // refused, and there is a new one; the gateway kept the first request from the target. All requests carry
  // `traceparent`; without a well-formed one that of the thread's work, or one of their own.
  Reply Do(const Call& call, const base::Deadline& deadline, absl::string_view traceparent, Judge judge);

  // What Do would send, as it would be kept: free of our secrets, and cut.
  sync::PlannedRequest Render(const Call& call) const;

  // Changes when one of the secrets does. Quick, thread-safe.
  uint64_t credential_version() const;

  // When the first of the secrets ends that say when they do: JSON Web Tokens with `exp`. Not of a token
  // source's tokens, which renew themselves.
  std::optional<absl::Time> credential_end() const;

  void Abort();

 private:
  bool AwaitTurn(Turn turn, const base::Deadline& deadline, Reply& reply);
  Reply DoWithTokens(const Call& call, const base::Deadline& deadline, Judge judge);
  void Send(const Call& call, absl::string_view token, const base::Deadline& deadline, Judge judge,
            Reply& reply);
  Redactor AddCredentials(absl::string_view token, http::Request& request) const;

  const GatewayOptions options_;
  const std::unique_ptr<http::HttpClient> client_;
  const std::unique_ptr<TokenSource> tokens_;
  std::atomic<sync::Pace*> pace_ = nullptr;
};

}  // namespace satudata::targets

#endif  // SERVER_TARGETS_GATEWAY_H_
