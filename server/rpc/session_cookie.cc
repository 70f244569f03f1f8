#include "server/rpc/session_cookie.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace satudata::rpc {
namespace {

constexpr absl::string_view kName = "satudata_session";
constexpr size_t kSecretChars = 43;  // 32 bytes as base64url.
// A browser sends all that it has for this host; nobody's takes half of it.
constexpr size_t kMaxHeaderBytes = 8 << 10;

bool IsSecret(absl::string_view text) {
  return text.size() == kSecretChars && std::all_of(text.begin(), text.end(), [](char c) {
           return absl::ascii_isalnum(c) || c == '-' || c == '_';
         });
}

// `name=value`, of any name.
bool ConsumeName(absl::string_view* pair) {
  *pair = absl::StripAsciiWhitespace(*pair);
  return absl::ConsumePrefix(pair, kName) && absl::ConsumePrefix(pair, "=");
}

std::string Cookie(absl::string_view value, int64_t max_age, CookieTransport transport) {
  return absl::StrCat(kName, "=", value, "; HttpOnly; ",
                      transport == CookieTransport::kTlsOnly ? "Secure; " : "",
                      "SameSite=Strict; Path=/satudata.integration.v1.SessionService/; Max-Age=", max_age);
}

}  // namespace

std::optional<std::string> SessionSecretOf(absl::Span<const absl::string_view> cookies) {
  size_t bytes = 0;
  std::optional<std::string> secret;
  for (const absl::string_view header : cookies) {
    bytes += header.size();
    if (bytes > kMaxHeaderBytes) return std::nullopt;
    for (absl::string_view pair : absl::StrSplit(header, ';')) {
      if (!ConsumeName(&pair)) continue;
      if (secret.has_value() || !IsSecret(pair)) return std::nullopt;
      secret.emplace(pair);
    }
  }
  return secret;
}

std::string SetSessionCookie(absl::string_view secret, absl::Duration lifetime, CookieTransport transport) {
  return Cookie(secret, std::max<int64_t>(absl::ToInt64Seconds(lifetime), 0), transport);
}

std::string ClearSessionCookie(CookieTransport transport) { return Cookie("", 0, transport); }

}  // namespace satudata::rpc
