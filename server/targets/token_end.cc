#include "server/targets/token_end.h"

#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_split.h"
#include "nlohmann/json.hpp"

namespace satudata::targets {
namespace {

// Tokens travel in headers, of which servers take a few KiB.
constexpr size_t kLongestCredential = 16 << 10;
// The year 9999: beyond it the number is no time.
constexpr double kLastSecond = 253402300799;

}  // namespace

std::optional<absl::Time> EndOfToken(absl::string_view credential) {
  if (credential.size() > kLongestCredential) return std::nullopt;
  const std::vector<absl::string_view> parts = absl::StrSplit(credential, '.');
  std::string claims;
  if (parts.size() != 3 || !absl::WebSafeBase64Unescape(parts[1], &claims)) return std::nullopt;
  const nlohmann::json json = nlohmann::json::parse(claims, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) return std::nullopt;
  const auto end = json.find("exp");
  if (end == json.end() || !end->is_number()) return std::nullopt;
  const double seconds = end->get<double>();
  if (!(seconds > 0 && seconds <= kLastSecond)) return std::nullopt;
  return absl::FromUnixSeconds(static_cast<int64_t>(seconds));
}

}  // namespace satudata::targets
