#include "clients/cli/token.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "clients/cpp/address.h"
#include "clients/cpp/checked_token.h"
#include "clients/cpp/file.h"
#include "server/base/hash.h"
#include "server/base/log.h"

namespace satudata::cli {
namespace {

using integration::CheckedToken;
using integration::IsLoopback;
using integration::ReadSmallFile;
using integration::ReadTokenFile;

constexpr absl::Duration kOwnTokenLifetime = absl::Minutes(10);

absl::StatusOr<std::string> SecretFromFile(absl::string_view path) {
  absl::StatusOr<std::string> content = ReadSmallFile(path);
  if (!content.ok()) return content.status();
  std::string secret(absl::StripAsciiWhitespace(*content));
  if (secret.empty()) return absl::FailedPreconditionError(absl::StrCat(path, " is empty"));
  return secret;
}

}  // namespace

std::string MakeToken(const TokenClaims& claims, absl::string_view secret) {
  const std::string user = base::JsonEscape(claims.user);
  const std::string body =
      absl::StrCat(R"({"id":")", user, R"(","username":")", user, R"(","role":")",
                   base::JsonEscape(claims.role), R"(","iat":)", absl::ToUnixSeconds(claims.issue_time),
                   R"(,"exp":)", absl::ToUnixSeconds(claims.expire_time), "}");
  const std::string unsigned_token = absl::StrCat(absl::WebSafeBase64Escape(R"({"alg":"HS256","typ":"JWT"})"),
                                                  ".", absl::WebSafeBase64Escape(body));
  return absl::StrCat(unsigned_token, ".",
                      absl::WebSafeBase64Escape(base::HmacSha256(secret, unsigned_token)));
}

absl::StatusOr<std::string> FindSecret(const Variable& variable, absl::string_view data_dir) {
  const std::optional<std::string> secret = variable("JWT_SECRET");
  if (secret.has_value() && !secret->empty()) return *secret;
  const std::optional<std::string> file = variable("JWT_SECRET_FILE");
  if (file.has_value() && !file->empty()) return SecretFromFile(*file);
  return SecretFromFile(absl::StrCat(data_dir, "/jwt_secret"));
}

TokenSource::TokenSource(const Settings& settings, Variable variable, base::Clock* clock)
    : settings_(settings), variable_(std::move(variable)), clock_(clock) {}

absl::StatusOr<std::optional<std::string>> TokenSource::Token() const {
  if (!settings_.token.empty()) return CheckedToken(settings_.token, "--token");
  if (!settings_.token_file.empty()) return ReadTokenFile(settings_.token_file);
  const std::optional<std::string> token = variable_("INTEGRATION_TOKEN");
  if (token.has_value() && !token->empty()) return CheckedToken(*token, "INTEGRATION_TOKEN");
  return FromLocalSecret();
}

absl::StatusOr<std::optional<std::string>> TokenSource::FromLocalSecret() const {
  if (!IsLoopback(settings_.server)) return std::nullopt;
  const absl::StatusOr<std::string> secret = FindSecret(variable_, settings_.data_dir);
  // Nobody asked for this token: without a secret the call goes out without one, and the server says what it
  // wants.
  if (!secret.ok()) return std::nullopt;
  const absl::Time now = clock_->Now();
  return MakeToken({.user = variable_("USER").value_or("integrationctl"),
                    .role = "Admin",
                    .issue_time = now,
                    .expire_time = now + kOwnTokenLifetime},
                   *secret);
}

}  // namespace satudata::cli
