#include "server/rpc/jwt.h"

#include <algorithm>
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

// Whether the key that the header speaks of is ours and made the signature.
absl::Status CheckSignature(const Json& header, absl::string_view message, absl::string_view signature,
                            const TokenTrust& trust) {
  if (header.contains("crit")) return Invalid("crit");
  std::string bytes;
  if (!absl::WebSafeBase64Unescape(signature, &bytes)) return Invalid("format");
  const std::string algorithm = TextClaim(header, "alg");
  const std::optional<KeyAlgorithm> by_key = ParseKeyAlgorithm(algorithm);
  bool is_good = false;
  if (by_key && !trust.keys.empty()) {
    is_good = trust.keys.Verify(*by_key, TextClaim(header, "kid"), message, bytes);
  } else if (algorithm == "HS256" && !trust.secret.empty()) {
    is_good = base::ConstantTimeEquals(bytes, base::HmacSha256(trust.secret, message));
  } else {
    return Invalid("alg");
  }
  return is_good ? absl::OkStatus() : Invalid("signature");
}

// `aud` is one name or several (RFC 7519, 4.1.3).
bool IsFor(const Json& claims, const std::string& audience) {
  const auto found = claims.find("aud");
  if (found == claims.end()) return false;
  if (!found->is_array()) return *found == audience;
  return std::find(found->begin(), found->end(), audience) != found->end();
}

absl::Status CheckOrigin(const Json& header, const Json& claims, const TokenTrust& trust) {
  if (TextClaim(header, "alg") == "HS256") return absl::OkStatus();
  if (!trust.issuer.empty() && TextClaim(claims, "iss") != trust.issuer) return Invalid("iss");
  if (!trust.audience.empty() && !IsFor(claims, trust.audience)) return Invalid("aud");
  return absl::OkStatus();
}

std::string FirstClaim(const Json& claims, const char* name, const char* standard_name) {
  std::string value = TextClaim(claims, name);
  return value.empty() ? TextClaim(claims, standard_name) : value;
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
  Claims claims{.id = FirstClaim(json, "id", "sub"),
                .username = FirstClaim(json, "username", "preferred_username"),
                .role = TextClaim(json, "role"),
                .expiry = *expiry};
  if (IsOver(claims, now)) return Expired();
  return claims;
}

absl::StatusOr<Claims> Read(absl::string_view token, const TokenTrust& trust, absl::Time now) {
  const std::vector<absl::string_view> parts = absl::StrSplit(token, absl::MaxSplits('.', 3));
  if (parts.size() != 3) return Invalid("format");
  for (const absl::string_view part : parts) {
    if (!IsBase64Url(part)) return Invalid("format");
  }
  const std::optional<Json> header = DecodeObject(parts[0]);
  if (!header) return Invalid("format");
  const absl::string_view message = token.substr(0, token.size() - parts[2].size() - 1);
  if (absl::Status status = CheckSignature(*header, message, parts[2], trust); !status.ok()) return status;
  const std::optional<Json> claims = DecodeObject(parts[1]);
  if (!claims) return Invalid("format");
  if (absl::Status status = CheckOrigin(*header, *claims, trust); !status.ok()) return status;
  return CheckClaims(*claims, now);
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

// What goes together: a token is remembered only beside the keys that it was found good with.
struct JwtVerifier::State {
  TokenTrust trust;
  Accepted accepted;
};

JwtVerifier::JwtVerifier(TokenTrust trust, base::Clock& clock)
    : clock_(clock), state_(std::make_shared<State>()) {
  state_->trust = std::move(trust);
}

JwtVerifier::~JwtVerifier() = default;

std::shared_ptr<JwtVerifier::State> JwtVerifier::Current() const {
  base::MutexLock lock(&mu_);
  return state_;
}

void JwtVerifier::UseKeys(KeySet keys) {
  auto state = std::make_shared<State>();
  state->trust = Current()->trust;
  state->trust.keys = std::move(keys);
  base::MutexLock lock(&mu_);
  state_ = std::move(state);
}

absl::StatusOr<Claims> JwtVerifier::Verify(absl::string_view token) const {
  if (token.size() > kMaxTokenBytes) return Invalid("size");
  const std::shared_ptr<State> state = Current();
  std::string hash = base::Sha256Hex(token);
  if (std::optional<Claims> known = state->accepted.Find(hash)) {
    if (IsOver(*known, clock_.Now())) return Expired();
    return *std::move(known);
  }
  absl::StatusOr<Claims> claims = Read(token, state->trust, clock_.Now());
  if (claims.ok()) state->accepted.Add(std::move(hash), *claims);
  return claims;
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
