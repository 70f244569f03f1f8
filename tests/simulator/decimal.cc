#include "tests/simulator/decimal.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace satudata::simulator {
namespace {

bool AllDigits(absl::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), absl::ascii_isdigit);
}

absl::string_view WithoutLeadingZeros(absl::string_view digits) {
  return digits.substr(std::min(digits.find_first_not_of('0'), digits.size()));
}

absl::string_view WithoutTrailingZeros(absl::string_view digits) {
  const size_t last = digits.find_last_not_of('0');
  return last == absl::string_view::npos ? absl::string_view() : digits.substr(0, last + 1);
}

}  // namespace

std::optional<std::string> CanonicalDecimal(absl::string_view text) {
  const bool negative = absl::ConsumePrefix(&text, "-");
  const size_t dot = text.find('.');
  absl::string_view whole = text.substr(0, dot);
  absl::string_view fraction = dot == absl::string_view::npos ? absl::string_view("0") : text.substr(dot + 1);
  if (!AllDigits(whole) || !AllDigits(fraction)) return std::nullopt;
  whole = WithoutLeadingZeros(whole);
  fraction = WithoutTrailingZeros(fraction);
  if (whole.empty()) whole = "0";
  const bool zero = whole == "0" && fraction.empty();
  return absl::StrCat(negative && !zero ? "-" : "", whole, fraction.empty() ? "" : ".", fraction);
}

bool SameValue(absl::string_view a, absl::string_view b) {
  if (a == b) return true;
  const std::optional<std::string> x = CanonicalDecimal(a);
  return x.has_value() && x == CanonicalDecimal(b);
}

std::string PaddedDecimal(absl::string_view text) {
  constexpr size_t kDigits = 6;
  if (!CanonicalDecimal(text).has_value()) return std::string(text);
  const size_t dot = text.find('.');
  const size_t digits = dot == absl::string_view::npos ? 0 : text.size() - dot - 1;
  if (digits >= kDigits) return std::string(text);
  return absl::StrCat(text, dot == absl::string_view::npos ? "." : "", std::string(kDigits - digits, '0'));
}

}  // namespace satudata::simulator
