#include "server/http/url.h"

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"

namespace satudata::http {
namespace {

constexpr int kHttpPort = 80;
constexpr int kHttpsPort = 443;

int UsualPort(const Url& url) { return url.is_tls ? kHttpsPort : kHttpPort; }

// Takes the scheme off `text`.
bool ConsumeScheme(absl::string_view& text, Url& url) {
  const size_t end = text.find("://");
  if (end == absl::string_view::npos) return false;
  const absl::string_view scheme = text.substr(0, end);
  url.is_tls = absl::EqualsIgnoreCase(scheme, "https");
  if (!url.is_tls && !absl::EqualsIgnoreCase(scheme, "http")) return false;
  text.remove_prefix(end + 3);
  return true;
}

bool IsHost(absl::string_view host) {
  for (char c : host) {
    if (!absl::ascii_isalnum(c) && c != '-' && c != '.' && c != '_' && c != ':') return false;
  }
  return !host.empty();
}

// Splits `[::1]:80` and `host:80`; `port` is empty where there is none.
bool SplitAuthority(absl::string_view authority, absl::string_view& host, absl::string_view& port) {
  size_t host_end = authority.find(':');
  size_t after = host_end;
  if (absl::ConsumePrefix(&authority, "[")) {
    host_end = authority.find(']');
    if (host_end == absl::string_view::npos) return false;
    after = host_end + 1;
  }
  host = authority.substr(0, host_end);
  port = after >= authority.size() ? absl::string_view() : authority.substr(after);
  return port.empty() || (absl::ConsumePrefix(&port, ":") && !port.empty());
}

bool ReadAuthority(absl::string_view authority, Url& url) {
  absl::string_view host;
  absl::string_view port;
  if (!SplitAuthority(authority, host, port) || !IsHost(host)) return false;
  url.host = absl::AsciiStrToLower(host);
  url.port = UsualPort(url);
  if (port.empty()) return true;
  return absl::SimpleAtoi(port, &url.port) && url.port > 0 && url.port < 65536;
}

bool IsPath(absl::string_view path) {
  for (char c : path) {
    if (!absl::ascii_isgraph(c)) return false;
  }
  return true;
}

}  // namespace

std::string Url::Origin() const {
  const bool is_v6 = absl::StrContains(host, ':');
  return absl::StrCat(is_tls ? "https://" : "http://", is_v6 ? "[" : "", host, is_v6 ? "]" : "",
                      port == UsualPort(*this) ? "" : absl::StrCat(":", port));
}

bool Url::IsLoopback() const {
  if (host == "localhost" || host == "::1") return true;
  if (!absl::StartsWith(host, "127.")) return false;
  for (char c : host) {  // 127.example.org is no loopback address.
    if (!absl::ascii_isdigit(c) && c != '.') return false;
  }
  return true;
}

absl::StatusOr<Url> ParseUrl(absl::string_view text) {
  text = absl::StripAsciiWhitespace(text);
  Url url;
  if (!ConsumeScheme(text, url)) {
    return absl::InvalidArgumentError("the address must begin with https:// or http://");
  }
  const absl::string_view authority = text.substr(0, text.find_first_of("/?#"));
  absl::string_view path = text.substr(authority.size());
  if (absl::StrContains(authority, '@')) {
    return absl::InvalidArgumentError("the address must not hold credentials");
  }
  if (!ReadAuthority(authority, url)) {
    return absl::InvalidArgumentError("the address needs a host, and a port of 1 to 65535 if it names one");
  }
  if (path.find_first_of("?#") != absl::string_view::npos || !IsPath(path)) {
    return absl::InvalidArgumentError(
        "the address must end with its path, without query, fragment or blanks");
  }
  while (absl::ConsumeSuffix(&path, "/")) {
  }
  url.path = std::string(path);
  return url;
}

std::string PercentEncode(absl::string_view text) {
  std::string encoded;
  encoded.reserve(text.size());
  for (char c : text) {
    const bool is_plain = absl::ascii_isalnum(c) || c == '-' || c == '.' || c == '_' || c == '~';
    if (is_plain) {
      encoded.push_back(c);
    } else {
      absl::StrAppendFormat(&encoded, "%%%02X", static_cast<unsigned char>(c));
    }
  }
  return encoded;
}

}  // namespace satudata::http
