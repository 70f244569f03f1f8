// File: jwt.h
//
// JSON Web Tokens signed with HS256 (RFC 7515, 7519): the portal's own, and those that `integrationctl token`
// makes. No other algorithm is accepted, whatever a token says of itself. Pure but for the clock;
// thread-safe.
#ifndef SERVER_RPC_JWT_H_
#define SERVER_RPC_JWT_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/base/clock.h"

namespace satudata::rpc {

// Who the caller says to be.
struct Claims {
  std::string id;
  std::string username;
  std::string role;  // Empty: the token carries none.
  absl::Time expiry;
};

class JwtVerifier {
 public:
  // `clock` must outlive the verifier.
  JwtVerifier(std::string secret, base::Clock& clock);
  ~JwtVerifier();
  JwtVerifier(JwtVerifier&& other) noexcept;

  // The claims of a token whose signature and times hold. UNAUTHENTICATED with kTokenInvalid or
  // kTokenExpired. Nothing of the token is parsed before its signature was found to be ours; beyond 8 KiB it
  // is not even read. A token that was accepted is known again by its hash until it expires.
  absl::StatusOr<Claims> Verify(absl::string_view token) const;

 private:
  class Accepted;

  absl::StatusOr<Claims> Read(absl::string_view token) const;

  std::string secret_;
  base::Clock& clock_;
  std::unique_ptr<Accepted> accepted_;
};

// A token that Verify accepts, with the same secret, from `issue_time` to `claims.expiry`.
std::string SignJwt(const Claims& claims, absl::string_view secret, absl::Time issue_time);

}  // namespace satudata::rpc

#endif  // SERVER_RPC_JWT_H_
