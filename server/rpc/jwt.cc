#include "server/rpc/jwt.h"

#include <array>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "server/base/hash.h"
#include "server/base/mutex.h"
#include "server/catalog/failure.h"

namespace satudata::rpc {
namespace {

using Json = nlohmann::json;

constexpr size_t kMaxTokenBytes = 8 << 10;
constexpr size_t kMostAccepted = 4'096;  // Beyond that all are forgotten, and verified once more.
// Clocks of the portal and of this machine differ by seconds; a minute is the usual allowance.
constexpr absl::Duration kLeeway = absl::Seconds(60);

absl::Status Invalid(absl::string_view detail) {
  return catalog::FailureStatus(
      absl::StatusCode::kUnauthenticated,
      {.reason = catalog::Reason::kTokenInvalid, .args = {{"detail", std::string(detail)}}});
}

absl::Status Expired() {
  return catalog::FailureStatus(absl::StatusCode::kUnauthenticated,
                                {.reason = catalog::Reason::kTokenExpired});
}

// Stricter than absl's decoder, which forgives blanks and padding.
bool IsBase64Url(absl::string_view text) {
  for (const char c : text) {
    if (!absl::ascii_isalnum(c) && c != '-' && c != '_') return false;
  }
  return !text.empty();
}

std::optional<Json> DecodeObject(absl::string_view part) {
  std::string text;
  if (!absl::WebSafeBase64Unescape(part, &text)) return std::nullopt;
  Json object = Json::parse(text, /*cb=*/nullptr, /*allow_exceptions=*/false);
  if (!object.is_object()) return std::nullopt;
  return object;
}

bool IsOurSignature(absl::string_view token, absl::string_view signature, absl::string_view secret) {
  std::string bytes;
  if (!absl::WebSafeBase64Unescape(signature, &bytes)) return false;
  const absl::string_view signed_part = token.substr(0, token.size() - signature.size() - 1);
  return base::ConstantTimeEquals(bytes, base::HmacSha256(secret, signed_part));
}

// A claim that is text, or a whole number as text; empty if it is absent or something else.
std::string TextClaim(const Json& claims, const char* name) {
  const auto found = claims.find(name);
  if (found == claims.end()) return "";
  if (found->is_string()) return found->get<std::string>();
  return found->is_number_integer() ? found->dump() : "";
}

// A NumericDate; InfinitePast if it is absent, nullopt if it is no number.
std::optional<absl::Time> TimeClaim(const Json& claims, const char* name) {
  const auto found = claims.find(name);
  if (found == claims.end()) return absl::InfinitePast();
  if (!found->is_number()) return std::nullopt;
  return absl::UnixEpoch() + absl::Seconds(found->get<double>());
}

absl::Status CheckHeader(const Json& header) {
  const auto algorithm = header.find("alg");
  if (algorithm == header.end() || *algorithm != "HS256") return Invalid("alg");
  if (header.contains("crit")) return Invalid("crit");
  return absl::OkStatus();
}

bool IsOver(const Claims& claims, absl::Time now) { return claims.expiry + kLeeway <= now; }

absl::StatusOr<Claims> CheckClaims(const Json& json, absl::Time now) {
  const std::optional<absl::Time> expiry = TimeClaim(json, "exp");
  const std::optional<absl::Time> not_before = TimeClaim(json, "nbf");
  const std::optional<absl::Time> issued = TimeClaim(json, "iat");
  // A token without an end would be good for ever once it leaked.
  if (!expiry || *expiry == absl::InfinitePast()) return Invalid("exp");
  if (!not_before || *not_before > now + kLeeway) return Invalid("nbf");
  if (!issued || *issued > now + kLeeway) return Invalid("iat");
  Claims claims{.id = TextClaim(json, "id"),
                .username = TextClaim(json, "username"),
                .role = TextClaim(json, "role"),
                .expiry = *expiry};
  if (IsOver(claims, now)) return Expired();
  return claims;
}

}  // namespace

// Tokens that were found good, by their hash: callers come with the same one many times. By a hash that
// nobody can aim at, so that looking it up tells nothing about those that are there.
class JwtVerifier::Accepted {
 public:
  std::optional<Claims> Find(const std::string& hash) const {
    base::MutexLock lock(&mu_);
    const auto found = claims_.find(hash);
    return found == claims_.end() ? std::nullopt : std::make_optional(found->second);
  }
  void Add(std::string hash, const Claims& claims) {
    base::MutexLock lock(&mu_);
    if (claims_.size() >= kMostAccepted) claims_.clear();
    claims_.insert_or_assign(std::move(hash), claims);
  }

 private:
  mutable base::Mutex mu_;
  absl::flat_hash_map<std::string, Claims> claims_ ABSL_GUARDED_BY(mu_);
};

JwtVerifier::JwtVerifier(std::string secret, base::Clock& clock)
    : secret_(std::move(secret)), clock_(clock), accepted_(std::make_unique<Accepted>()) {}

JwtVerifier::~JwtVerifier() = default;
JwtVerifier::JwtVerifier(JwtVerifier&& other) noexcept = default;

absl::StatusOr<Claims> JwtVerifier::Verify(absl::string_view token) const {
  if (token.size() > kMaxTokenBytes) return Invalid("size");
  std::string hash = base::Sha256Hex(token);
  if (std::optional<Claims> known = accepted_->Find(hash)) {
    if (IsOver(*known, clock_.Now())) return Expired();
    return *std::move(known);
  }
  absl::StatusOr<Claims> claims = Read(token);
  if (claims.ok()) accepted_->Add(std::move(hash), *claims);
  return claims;
}

absl::StatusOr<Claims> JwtVerifier::Read(absl::string_view token) const {
  const std::vector<absl::string_view> parts = absl::StrSplit(token, absl::MaxSplits('.', 3));
  if (parts.size() != 3) return Invalid("format");
  for (const absl::string_view part : parts) {
    if (!IsBase64Url(part)) return Invalid("format");
  }
  if (!IsOurSignature(token, parts[2], secret_)) return Invalid("signature");
  const std::optional<Json> header = DecodeObject(parts[0]);
  const std::optional<Json> claims = DecodeObject(parts[1]);
  if (!header || !claims) return Invalid("format");
  if (absl::Status status = CheckHeader(*header); !status.ok()) return status;
  return CheckClaims(*claims, clock_.Now());
}

std::string SignJwt(const Claims& claims, absl::string_view secret, absl::Time issue_time) {
  const Json header = {{"alg", "HS256"}, {"typ", "JWT"}};
  Json body = {{"id", claims.id},
               {"username", claims.username},
               {"iat", absl::ToUnixSeconds(issue_time)},
               {"exp", absl::ToUnixSeconds(claims.expiry)}};
  if (!claims.role.empty()) body["role"] = claims.role;
  const auto encode = [](const Json& json) {
    return absl::WebSafeBase64Escape(json.dump(-1, ' ', false, Json::error_handler_t::replace));
  };
  const std::string signed_part = absl::StrCat(encode(header), ".", encode(body));
  return absl::StrCat(signed_part, ".", absl::WebSafeBase64Escape(base::HmacSha256(secret, signed_part)));
}

}  // namespace satudata::rpc
