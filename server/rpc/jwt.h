// File: jwt.h
//
// JSON Web Tokens (RFC 7515, 7519): signed with our secret by HS256, the portal's own and those that
// `integrationctl token` makes, or by RS256 and ES256 with a key of a key set. A key serves one algorithm,
// whatever a token says of itself. Pure but for the clock; thread-safe.
#ifndef SERVER_RPC_JWT_H_
#define SERVER_RPC_JWT_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/base/clock.h"
#include "server/base/mutex.h"
#include "server/rpc/key_set.h"

namespace satudata::rpc {

// Who the caller says to be.
struct Claims {
  std::string id;        // `id`, else `sub`.
  std::string username;  // `username`, else `preferred_username`.
  std::string role;      // Empty: the token carries none.
  absl::Time expiry;
};

// Whose tokens are good.
struct TokenTrust {
  std::string secret;  // Of HS256; empty: none of those.
  KeySet keys;         // Of RS256 and ES256.
  // Where not empty, what tokens of `keys` must say: who signs for us signs for others, too.
  std::string issuer;
  std::string audience;
};

class JwtVerifier {
 public:
  // `clock` must outlive the verifier.
  JwtVerifier(TokenTrust trust, base::Clock& clock);
  ~JwtVerifier();

  // The claims of a token whose signature and times hold. UNAUTHENTICATED with kTokenInvalid or
  // kTokenExpired. Nothing but the token's header is parsed before its signature was found to be good; beyond
  // 8 KiB it is not even read. A token that was accepted is known again by its hash until it expires, or
  // until other keys are used.
  absl::StatusOr<Claims> Verify(absl::string_view token) const;

  // From now on these keys are good and no others; the secret stays.
  void UseKeys(KeySet keys);

 private:
  class Accepted;
  struct State;

  std::shared_ptr<State> Current() const;

  base::Clock& clock_;
  mutable base::Mutex mu_;
  std::shared_ptr<State> state_ ABSL_GUARDED_BY(mu_);
};

// A token that Verify accepts, with the same secret, from `issue_time` to `claims.expiry`.
std::string SignJwt(const Claims& claims, absl::string_view secret, absl::Time issue_time);

}  // namespace satudata::rpc

#endif  // SERVER_RPC_JWT_H_
