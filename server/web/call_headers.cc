#include "server/web/call_headers.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "server/catalog/failure.h"

namespace satudata::web {
namespace {

constexpr size_t kMaxMetadataBytes = 16 << 10;
constexpr size_t kMaxTimeoutDigits = 8;
// Longer ones would not fit into gRPC's clock.
constexpr absl::Duration kLongestTimeout = absl::Hours(24 * 30);
constexpr char kForwardedFor[] = "x-forwarded-for";

// The browser's, the connection's, the bridge's. The last four are httplib's own additions.
constexpr absl::string_view kNotForwarded[] = {"accept",
                                               "accept-charset",
                                               "accept-encoding",
                                               "cache-control",
                                               "connection",
                                               "dnt",
                                               "expect",
                                               "from",
                                               "host",
                                               "http2-settings",
                                               "keep-alive",
                                               "max-forwards",
                                               "origin",
                                               "pragma",
                                               "range",
                                               "referer",
                                               "te",
                                               "trailer",
                                               "upgrade",
                                               "user-agent",
                                               "via",
                                               "x-grpc-web",
                                               "transfer-encoding",
                                               "x-forwarded-host",
                                               "remote_addr",
                                               "remote_port",
                                               "local_addr",
                                               "local_port"};
constexpr absl::string_view kNotForwardedPrefixes[] = {"grpc-", "content-", "proxy-", "sec-", "if-", ":"};

// What an answer's framing and its safety in a browser depend on.
constexpr absl::string_view kReserved[] = {
    "connection", "keep-alive", "transfer-encoding", "upgrade", "trailer", "date", "server",
    "vary",       "etag",       "location"};
constexpr absl::string_view kReservedPrefixes[] = {"grpc-",   "content-", "access-control-", "cross-origin-",
                                                   "strict-", "x-frame-", "x-content-",      ":"};

template <typename Names>
bool IsOneOf(absl::string_view name, const Names& names) {
  return std::find(std::begin(names), std::end(names), name) != std::end(names);
}
template <typename Prefixes>
bool BeginsWithOneOf(absl::string_view name, const Prefixes& prefixes) {
  return std::any_of(std::begin(prefixes), std::end(prefixes),
                     [name](absl::string_view prefix) { return absl::StartsWith(name, prefix); });
}

// gRPC ends the process over a key or value that it does not allow.
bool IsMetadataKey(absl::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '-' || c == '_' || c == '.';
  });
}
bool IsPrintable(char c) { return c >= ' ' && c <= '~'; }

std::string Printable(absl::string_view value) {
  std::string text(absl::StripAsciiWhitespace(value));
  std::replace_if(
      text.begin(), text.end(), [](char c) { return !IsPrintable(c); }, '?');
  return text;
}

absl::Status Malformed(absl::string_view detail) {
  return catalog::FailureStatus(
      absl::StatusCode::kInvalidArgument,
      {.reason = catalog::Reason::kRequestMalformed, .args = {{"detail", std::string(detail)}}});
}

absl::Status TooLarge() {
  return catalog::FailureStatus(
      absl::StatusCode::kResourceExhausted,
      {.reason = catalog::Reason::kMessageTooLarge, .args = {{"limit", "16 KiB (headers)"}}});
}

// Several values of one name may stand in one header, between commas.
bool AppendBinary(const std::string& name, absl::string_view value, Metadata* metadata) {
  while (true) {
    const size_t comma = value.find(',');
    std::string bytes;
    if (!absl::Base64Unescape(absl::StripAsciiWhitespace(value.substr(0, comma)), &bytes)) return false;
    metadata->emplace_back(name, std::move(bytes));
    if (comma == absl::string_view::npos) return true;
    value.remove_prefix(comma + 1);
  }
}

void AppendPeer(std::string forwarded_for, absl::string_view peer, Metadata* metadata) {
  if (!forwarded_for.empty()) forwarded_for += ", ";
  metadata->emplace_back(kForwardedFor, forwarded_for + Printable(peer));
}

size_t BytesOf(const Metadata& metadata) {
  size_t bytes = 0;
  for (const auto& [name, value] : metadata) bytes += name.size() + value.size();
  return bytes;
}

}  // namespace

absl::StatusOr<CallHeaders> ReadCallHeaders(const httplib::Headers& headers, absl::string_view peer) {
  CallHeaders out;
  std::string forwarded_for;
  for (const auto& [given_name, value] : headers) {
    const std::string name = absl::AsciiStrToLower(given_name);
    if (name == "grpc-timeout") {
      out.timeout = ParseGrpcTimeout(value);
      if (!out.timeout) return Malformed("grpc-timeout is no timeout");
    } else if (name == kForwardedFor) {
      absl::StrAppend(&forwarded_for, forwarded_for.empty() ? "" : ", ", Printable(value));
    } else if (!IsMetadataKey(name) || IsOneOf(name, kNotForwarded) ||
               BeginsWithOneOf(name, kNotForwardedPrefixes)) {
      continue;
    } else if (absl::EndsWith(name, "-bin")) {
      if (!AppendBinary(name, value, &out.metadata)) return Malformed(absl::StrCat(name, " is not base64"));
    } else {
      out.metadata.emplace_back(name, Printable(value));
    }
  }
  AppendPeer(std::move(forwarded_for), peer, &out.metadata);
  if (BytesOf(out.metadata) > kMaxMetadataBytes) return TooLarge();
  return out;
}

std::optional<absl::Duration> ParseGrpcTimeout(absl::string_view text) {
  if (text.size() < 2 || text.size() > kMaxTimeoutDigits + 1) return std::nullopt;
  const absl::string_view digits = text.substr(0, text.size() - 1);
  int64_t count = 0;
  if (!std::all_of(digits.begin(), digits.end(), absl::ascii_isdigit) || !absl::SimpleAtoi(digits, &count)) {
    return std::nullopt;
  }
  absl::Duration unit;
  switch (text.back()) {
    case 'H':
      unit = absl::Hours(1);
      break;
    case 'M':
      unit = absl::Minutes(1);
      break;
    case 'S':
      unit = absl::Seconds(1);
      break;
    case 'm':
      unit = absl::Milliseconds(1);
      break;
    case 'u':
      unit = absl::Microseconds(1);
      break;
    case 'n':
      unit = absl::Nanoseconds(1);
      break;
    default:
      return std::nullopt;
  }
  return std::min(count * unit, kLongestTimeout);
}

bool IsReserved(absl::string_view name) {
  return !IsMetadataKey(name) || IsOneOf(name, kReserved) || BeginsWithOneOf(name, kReservedPrefixes);
}

std::string HeaderValue(absl::string_view name, absl::string_view value) {
  return absl::EndsWith(name, "-bin") ? absl::Base64Escape(value) : Printable(value);
}

}  // namespace satudata::web
