// File: token_source.h
//
// The access token of one target (OAuth2 client credentials): asked for once however many senders want it,
// kept, and renewed a minute before it ends while the old one is still used.
#ifndef SERVER_TARGETS_TOKEN_SOURCE_H_
#define SERVER_TARGETS_TOKEN_SOURCE_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/base/clock.h"
#include "server/base/deadline.h"
#include "server/base/mutex.h"
#include "server/http/http_client.h"
#include "server/sync/target.h"

namespace satudata::targets {

// How the client shows who it is.
enum class ClientAuthentication {
  kBasic,  // `Authorization: Basic`.
  kForm,   // `client_id` and `client_secret` in the form.
};

struct OAuthOptions {
  std::string token_path;  // `/oauth2/token`, at the client's origin.
  std::string client_id;
  // Called for every request, from any thread, so that a secret that was replaced is used at once.
  std::function<std::string()> client_secret;
  ClientAuthentication authentication = ClientAuthentication::kBasic;  // Default: Basic.
  std::string scope;                                                   // Default: none is asked for.
  // Default: 15 s for a token, and never more than what is left to the request that needs it.
  absl::Duration request_deadline = absl::Seconds(15);
};

// Thread-safe.
class TokenSource {
 public:
  struct Lease {
    std::string token;      // Empty: there is none, and `verdict` says why; nothing had an effect.
    sync::Verdict verdict;  // kJudged with a token.
    std::optional<sync::Exchange> exchange;  // Where this call itself asked for a token; without any secret.
  };

  // `client` talks to the token endpoint's origin. `clock` must outlive the source.
  TokenSource(OAuthOptions options, std::unique_ptr<http::HttpClient> client, base::Clock& clock);

  // The token to use now. Blocks, at most until the deadline plus a moment, while there is none: on its own
  // request for one, or on somebody else's, whose failure is then everybody's. A failure is given again for a
  // second before the endpoint is asked anew.
  Lease Get(const base::Deadline& deadline);

  // The target refused `token`: the next Get asks for another, unless somebody has done so already.
  void Discard(absl::string_view token);

  // Changes when the client's id or secret does.
  uint64_t credential_version() const;

  // Ends the request for a token that is under way, and with it all waiting.
  void Abort() { client_->Abort(); }

 private:
  bool IsUsable() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  bool MayAsk() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  Lease Fetch(const base::Deadline& deadline) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  Lease Ask(const base::Deadline& deadline, const std::string& secret, absl::Duration& lifetime);
  http::Request TokenRequest(const std::string& secret) const;
  void Keep(const Lease& lease, absl::Duration lifetime) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  uint64_t VersionOf(absl::string_view secret) const;

  const OAuthOptions options_;
  const std::unique_ptr<http::HttpClient> client_;
  base::Clock& clock_;

  base::Mutex mu_;
  base::CondVar fetched_;
  bool is_fetching_ ABSL_GUARDED_BY(mu_) = false;
  int64_t fetch_count_ ABSL_GUARDED_BY(mu_) = 0;
  std::string token_ ABSL_GUARDED_BY(mu_);
  absl::Duration expiry_ ABSL_GUARDED_BY(mu_);      // Monotonic, as are the next two.
  absl::Duration renew_from_ ABSL_GUARDED_BY(mu_);  // From then on it is renewed while it is used.
  absl::Duration ask_from_ ABSL_GUARDED_BY(mu_) = -absl::InfiniteDuration();  // After a failure.
  uint64_t failed_version_ ABSL_GUARDED_BY(mu_) = 0;                          // The credentials that failed.
  bool has_failed_ ABSL_GUARDED_BY(mu_) = false;                              // The last request for one.
  sync::Verdict failure_ ABSL_GUARDED_BY(mu_);
};

}  // namespace satudata::targets

#endif  // SERVER_TARGETS_TOKEN_SOURCE_H_
