#include "server/web/accept_encoding.h"

#include <optional>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace satudata::web {
namespace {

// 1 without a weight; 0, which refuses, for one that cannot be read.
double WeightOf(const std::vector<absl::string_view>& parts) {
  for (size_t i = 1; i < parts.size(); ++i) {
    absl::string_view part = absl::StripAsciiWhitespace(parts[i]);
    double weight = 0;
    if (absl::ConsumePrefix(&part, "q=")) return absl::SimpleAtod(part, &weight) ? weight : 0;
  }
  return 1;
}

}  // namespace

bool Accepts(absl::string_view accept_encoding, absl::string_view coding) {
  std::optional<bool> any;
  for (const absl::string_view item : absl::StrSplit(accept_encoding, ',')) {
    const std::vector<absl::string_view> parts = absl::StrSplit(item, ';');
    const absl::string_view name = absl::StripAsciiWhitespace(parts[0]);
    if (absl::EqualsIgnoreCase(name, coding)) return WeightOf(parts) > 0;
    if (name == "*") any = WeightOf(parts) > 0;
  }
  return any.value_or(false);
}

}  // namespace satudata::web
