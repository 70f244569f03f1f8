// File: token.h
//
// Tokens: made from the server's secret on the machine where it lies, or taken from where the caller keeps
// one.
#ifndef CLIENTS_CLI_TOKEN_H_
#define CLIENTS_CLI_TOKEN_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "clients/cli/language.h"
#include "clients/cli/settings.h"
#include "server/base/clock.h"

namespace satudata::cli {

// Who a token speaks for.
struct TokenClaims {
  std::string user;
  std::string role;  // Admin, Operator, Validator or Viewer.
  absl::Time issue_time;
  absl::Time expire_time;
};

// A JWT, signed with HS256.
std::string MakeToken(const TokenClaims& claims, absl::string_view secret);

// The secret of the server on this machine: JWT_SECRET, else the file JWT_SECRET_FILE, else
// `<data_dir>/jwt_secret`; a file's without the blanks and line ends around it, as the server reads it.
// NotFound when there is none, PermissionDenied when it may not be read.
absl::StatusOr<std::string> FindSecret(const Variable& variable, absl::string_view data_dir);

// The token that calls carry. Thread-compatible; `settings` and `clock` must outlive it.
class TokenSource {
 public:
  TokenSource(const Settings& settings, Variable variable, base::Clock* clock);

  // The given token; the content of the token file; for a server on this machine whose secret can be read, a
  // fresh one of role Admin that holds for ten minutes; else nothing. Asked for each call: a file may have
  // been renewed, a made token may have run out.
  absl::StatusOr<std::optional<std::string>> Token() const;

 private:
  absl::StatusOr<std::optional<std::string>> FromLocalSecret() const;

  const Settings& settings_;
  const Variable variable_;
  base::Clock* const clock_;
};

}  // namespace satudata::cli

#endif  // CLIENTS_CLI_TOKEN_H_
