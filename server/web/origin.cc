#include "server/web/origin.h"

#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"

namespace satudata::web {
namespace {

// Browsers leave the scheme's own port out of Origin; whoever forwards to us may have put it into Host.
absl::string_view WithoutPort(absl::string_view authority, absl::string_view port) {
  absl::ConsumeSuffix(&authority, port);
  return authority;
}

}  // namespace

// X-Forwarded-Host is not asked: whoever sends it may be anybody.
bool IsSameOrigin(const httplib::Request& request) {
  if (absl::EqualsIgnoreCase(request.get_header_value("Sec-Fetch-Site"), "cross-site")) return false;
  if (!request.has_header("Origin")) return true;
  if (request.get_header_value_count("Origin") != 1) return false;
  if (request.get_header_value_count("Host") != 1) return false;
  const std::string origin = absl::AsciiStrToLower(request.get_header_value("Origin"));
  const std::string host = absl::AsciiStrToLower(request.get_header_value("Host"));
  absl::string_view authority = origin;
  if (absl::ConsumePrefix(&authority, "https://")) return authority == WithoutPort(host, ":443");
  if (absl::ConsumePrefix(&authority, "http://")) return authority == WithoutPort(host, ":80");
  return false;
}

}  // namespace satudata::web
