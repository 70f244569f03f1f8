#include "server/web/origin.h"

#include <iterator>
#include <optional>
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

// In lower case and whole: the library's own way to a value ends at its first NUL. nullopt unless there is
// exactly one.
std::optional<std::string> OnlyHeader(const httplib::Request& request, const char* name) {
  const auto [first, end] = request.headers.equal_range(name);
  if (first == end || std::next(first) != end) return std::nullopt;
  return absl::AsciiStrToLower(first->second);
}

}  // namespace

// X-Forwarded-Host is not asked: whoever sends it may be anybody.
bool IsSameOrigin(const httplib::Request& request) {
  if (absl::EqualsIgnoreCase(request.get_header_value("Sec-Fetch-Site"), "cross-site")) return false;
  if (!request.has_header("Origin")) return true;
  const std::optional<std::string> origin = OnlyHeader(request, "Origin");
  const std::optional<std::string> host = OnlyHeader(request, "Host");
  if (!origin || !host) return false;
  absl::string_view authority = *origin;
  if (absl::ConsumePrefix(&authority, "https://")) return authority == WithoutPort(*host, ":443");
  if (absl::ConsumePrefix(&authority, "http://")) return authority == WithoutPort(*host, ":80");
  return false;
}

}  // namespace satudata::web
