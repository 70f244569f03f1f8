// Fuzz target for what speaks of who may do what: tokens and their Authorization header, key sets, the roles
// file, the answer of an OAuth2 token endpoint, page tokens.
//
// The first line says which is meant. Texts that hold `.` as a token does are also signed anew with the right
// secret, so that the claims are reached.
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "server/base/hash.h"
#include "server/base/text_encoding.h"
#include "server/main/roles_file.h"
#include "server/rpc/authorizer.h"
#include "server/rpc/jwt.h"
#include "server/rpc/key_set.h"
#include "server/targets/token_answer.h"
#include "tests/fakes/fake_clock.h"
#include "tests/fuzz/check.h"
#include "tests/unit/server/targets/corpus.h"

namespace satudata {
namespace {

using fuzz::Check;

constexpr char kSecret[] = "a-secret-of-the-portal-that-nobody-guesses";
const absl::Time kNow = absl::FromUnixSeconds(1'768'564'800);

std::string Signed(absl::string_view header, absl::string_view claims) {
  const std::string message =
      absl::StrCat(absl::WebSafeBase64Escape(header), ".", absl::WebSafeBase64Escape(claims));
  return absl::StrCat(message, ".", absl::WebSafeBase64Escape(base::HmacSha256(kSecret, message)));
}

bool IsSignedByUs(absl::string_view token) {
  const size_t end = token.rfind('.');
  if (end == absl::string_view::npos) return false;
  return token.substr(end + 1) == absl::WebSafeBase64Escape(base::HmacSha256(kSecret, token.substr(0, end)));
}

const rpc::Authorizer& Portal() {
  static fakes::FakeClock clock(kNow);
  static const rpc::Authorizer authorizer({.secret = kSecret}, access::RoleDirectory(), clock);
  return authorizer;
}

// Whoever is let in has brought our signature, a role that may, and time that is left.
void CheckToken(absl::string_view header) {
  const auto admitted = Portal().Authorize({header}, "satudata.integration.v1.IntegrationService.SyncAll");
  if (!admitted.ok()) {
    Check(absl::IsUnauthenticated(admitted.status()) || absl::IsPermissionDenied(admitted.status()));
    return;
  }
  const std::pair<absl::string_view, absl::string_view> words =
      absl::StrSplit(header, absl::MaxSplits(' ', 1));
  Check(absl::EqualsIgnoreCase(words.first, "Bearer"));
  Check(IsSignedByUs(absl::StripAsciiWhitespace(words.second)));
  Check(admitted->token_expiry + absl::Minutes(1) > kNow);
  Check(admitted->role == access::Role::kAdmin || admitted->role == access::Role::kOperator);
  Check(access::ParseRole(admitted->role_claim) == admitted->role);
}

// Texts out of claims that are not what they should be.
void CheckClaims(absl::string_view text) {
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(text, absl::MaxSplits('\n', 1));
  CheckToken(absl::StrCat("Bearer ", Signed(parts.first, parts.second)));
  CheckToken(absl::StrCat("Bearer ", Signed(R"({"alg":"HS256"})", text)));
}

void CheckKeySet(absl::string_view text) {
  const absl::StatusOr<rpc::KeySet> keys = rpc::KeySet::Parse(text);
  if (!keys.ok()) {
    Check(absl::IsInvalidArgument(keys.status()) && !absl::StrContains(keys.status().message(), "\n"));
    return;
  }
  Check(!keys->empty() && keys->size() <= 64);
  Check(!absl::StrContains(text, "\"d\":\""));
  // A signature is not made of nothing.
  for (const rpc::KeyAlgorithm algorithm : {rpc::KeyAlgorithm::kRs256, rpc::KeyAlgorithm::kEs256}) {
    Check(!keys->Verify(algorithm, "", "message", ""));
    Check(!keys->Verify(algorithm, "", "message", std::string(64, '\0')));
    Check(!keys->Verify(algorithm, "", "message", std::string(256, '\0')));
  }
}

void CheckRoles(absl::string_view text) {
  const absl::StatusOr<access::RoleDirectory> roles = main::ParseRolesFile(text);
  if (!roles.ok()) {
    Check(absl::IsInvalidArgument(roles.status()) && absl::StartsWith(roles.status().message(), "line "));
    return;
  }
  Check(!roles->Find("", "").has_value() || absl::StrContains(text, "\"\"") ||
        absl::StrContains(text, "''") || absl::StrContains(text, ":"));
  Check(roles->Find("SITI", "") == roles->Find("siti", ""));
}

void CheckTokenAnswer(absl::string_view text) {
  const http::Answer answer = targets::ParseRecorded("input", text).answer;
  const targets::TokenAnswer given = targets::JudgeTokenAnswer(answer, kNow);
  Check(given.token.empty() == (given.verdict.kind != sync::VerdictKind::kJudged));
  Check(given.verdict.kind == sync::VerdictKind::kJudged || given.verdict.effect == sync::Effect::kNone);
  // Nobody waits for years because one answer says so.
  Check(!given.verdict.retry_at || *given.verdict.retry_at <= kNow + absl::Hours(24 * 7));
  for (const auto& [name, value] : given.verdict.failure.args)
    Check(base::IsUtf8(value) && value.size() <= 600);
  if (given.token.empty()) return;
  Check(answer.status / 100 == 2 && absl::StrContains(answer.body, "access_token"));
  for (const char c : given.token) Check(c > ' ' && c <= '~');
  Check(given.lifetime >= absl::Seconds(1) && given.lifetime <= absl::Hours(24));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(bytes, absl::MaxSplits('\n', 1));
  if (parts.first == "header") CheckToken(parts.second);
  if (parts.first == "claims") CheckClaims(parts.second);
  if (parts.first == "keys") CheckKeySet(parts.second);
  if (parts.first == "roles") CheckRoles(parts.second);
  if (parts.first == "answer") CheckTokenAnswer(parts.second);
  return 0;
}

}  // namespace satudata
