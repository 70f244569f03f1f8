#include "satudata/integration/token.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "clients/cpp/checked_token.h"
#include "clients/cpp/file.h"

namespace satudata::integration {

absl::StatusOr<std::string> CheckedToken(std::string token, absl::string_view where) {
  const bool fine = !token.empty() && std::all_of(token.begin(), token.end(), absl::ascii_isgraph);
  if (!fine) return absl::InvalidArgumentError(absl::StrCat("what ", where, " holds is not a token"));
  return token;
}

absl::StatusOr<std::string> ReadTokenFile(const std::string& path) {
  const absl::StatusOr<std::string> content = ReadSmallFile(path);
  if (!content.ok()) return content.status();
  return CheckedToken(std::string(absl::StripAsciiWhitespace(*content)), path);
}

TokenProvider FixedToken(std::string token) {
  return [token = std::move(token)] { return token; };
}

TokenProvider TokenFromFile(std::string path) {
  return [path = std::move(path)] { return ReadTokenFile(path); };
}

}  // namespace satudata::integration
