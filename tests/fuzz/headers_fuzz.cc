// Fuzz target for what callers and operators write in one line: addresses, languages, encodings, cookies,
// origins, trace parents, where a call comes from.
//
// Each sees the whole of the input; where it takes several, its lines.
#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "server/base/text_encoding.h"
#include "server/base/trace.h"
#include "server/catalog/messages.h"
#include "server/http/url.h"
#include "server/main/listen_address.h"
#include "server/rpc/caller_source.h"
#include "server/rpc/session_cookie.h"
#include "server/rpc/text.h"
#include "server/web/accept_encoding.h"
#include "server/web/call_headers.h"
#include "server/web/origin.h"
#include "tests/fuzz/check.h"

namespace satudata {
namespace {

using fuzz::Check;

bool IsGraphic(absl::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
}

void CheckUrl(absl::string_view text) {
  const absl::StatusOr<http::Url> url = http::ParseUrl(text);
  if (!url.ok()) {
    // It may hold credentials.
    Check(!absl::StrContains(text, '@') || !absl::StrContains(url.status().message(), text));
    return;
  }
  Check(!url->host.empty() && IsGraphic(url->host) && url->port > 0 && url->port < 65536);
  Check(!absl::StrContains(url->host, '@') && url->host == absl::AsciiStrToLower(url->host));
  Check(url->path.empty() || (url->path[0] == '/' && url->path.back() != '/' && IsGraphic(url->path)));
  const absl::StatusOr<http::Url> again = http::ParseUrl(absl::StrCat(url->Origin(), url->path));
  Check(again.ok() && again->host == url->host && again->port == url->port && again->path == url->path &&
        again->is_tls == url->is_tls && again->IsLoopback() == url->IsLoopback());
}

void CheckEncoding(absl::string_view text) {
  const std::string encoded = http::PercentEncode(text);
  Check(IsGraphic(encoded) && encoded.find_first_of("/?#&=+@:") == std::string::npos);
  Check(encoded.size() >= text.size() && encoded.size() <= 3 * text.size());
  Check(text.empty() || !web::Accepts("", "br"));
  // What another says of its own codings changes nothing of ours.
  Check(web::Accepts(absl::StrCat("gzip;q=0,", text), "br") == web::Accepts(text, "br"));
}

void CheckListenAddress(absl::string_view text) {
  const std::optional<main::ListenAddress> address = main::ParseListenAddress(text);
  if (!address) return;
  Check(address->port >= 0 && address->port < 65536);
  const bool is_v6 = absl::StrContains(address->host, ':');
  const auto again = main::ParseListenAddress(
      absl::StrCat(is_v6 ? "[" : "", address->host, is_v6 ? "]" : "", ":", address->port));
  Check(again && again->host == address->host && again->port == address->port);
}

void CheckCookies(const std::vector<absl::string_view>& lines) {
  const std::optional<std::string> secret = rpc::SessionSecretOf(lines);
  if (!secret) return;
  Check(secret->size() == 43 && IsGraphic(*secret));
  // One of its name, in all of them together.
  size_t named = 0;
  for (const absl::string_view line : lines) {
    for (const absl::string_view pair : absl::StrSplit(line, ';')) {
      named += absl::StartsWith(absl::StripAsciiWhitespace(pair), "satudata_session=") ? 1 : 0;
    }
  }
  Check(named == 1);
  const std::string set = rpc::SetSessionCookie(*secret, absl::Hours(1), rpc::CookieTransport::kTlsOnly);
  const absl::string_view pair = absl::string_view(set).substr(0, set.find(';'));
  Check(rpc::SessionSecretOf({pair}) == secret);
}

void CheckOrigin(const std::vector<absl::string_view>& lines) {
  if (lines.size() < 2) return;
  httplib::Request request;
  request.headers.emplace("Origin", std::string(lines[0]));
  request.headers.emplace("Host", std::string(lines[1]));
  const bool is_same = web::IsSameOrigin(request);
  const std::string origin = absl::AsciiStrToLower(lines[0]);
  const size_t scheme = origin.find("://");
  Check(!is_same || (scheme != std::string::npos &&
                     absl::StartsWith(absl::AsciiStrToLower(lines[1]), origin.substr(scheme + 3))));
  request.headers.emplace("Sec-Fetch-Site", "cross-site");
  Check(!web::IsSameOrigin(request));
}

void CheckTexts(absl::string_view text) {
  for (const std::string& source : {rpc::SourceOf(text, {}), rpc::SourceOf("unknown", {text})}) {
    Check(source.size() <= 64 && base::IsUtf8(source));
  }
  Check(base::IsUtf8(rpc::Utf8(text)) && (!base::IsUtf8(text) || rpc::Utf8(text) == text));
  for (const size_t limit : {3, 10, 100}) {
    const std::string shortened = rpc::Shortened(text, limit);
    Check(shortened.size() <= limit && base::IsUtf8(shortened));
  }
  Check(!rpc::IsPlainText(text) || base::IsUtf8(text));
  if (base::IsTraceparent(text))
    Check(text.size() == 55 && IsGraphic(text) && text == absl::AsciiStrToLower(text));
  const std::optional<absl::Duration> timeout = web::ParseGrpcTimeout(text);
  Check(!timeout || *timeout >= absl::ZeroDuration());
  (void)catalog::ParseLanguage(text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view text(reinterpret_cast<const char*>(data), size);
  const std::vector<absl::string_view> lines = absl::StrSplit(text, '\n');
  CheckUrl(text);
  CheckEncoding(text);
  CheckListenAddress(text);
  CheckCookies(lines);
  CheckOrigin(lines);
  CheckTexts(text);
  return 0;
}

}  // namespace satudata
