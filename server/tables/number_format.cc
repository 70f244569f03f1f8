#include "server/tables/number_format.h"

#include <algorithm>
#include <cstddef>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"

namespace satudata::tables {
namespace {

// Removes `[...]` at `at`. What is left of it is the unit of an elapsed time.
void TakeBracket(absl::string_view code, size_t& at, std::string& out) {
  const size_t end = std::min(code.find(']', at), code.size());
  const absl::string_view inside = code.substr(at + 1, end - at - 1);
  const bool is_elapsed = !inside.empty() && absl::AsciiStrToLower(inside).find_first_not_of(
                                                 absl::ascii_tolower(inside[0])) == absl::string_view::npos;
  if (is_elapsed && absl::StrContains("hms", absl::ascii_tolower(inside[0]))) out.push_back('h');
  at = end;
}

// The parts of a code in lower case, without what is text in them, parted by `;`.
std::string Bare(absl::string_view code) {
  std::string bare;
  for (size_t at = 0; at < code.size(); ++at) {
    switch (code[at]) {
      case '"':
        at = std::min(code.find('"', at + 1), code.size());
        break;
      case '\\':
      case '_':
      case '*':
        ++at;
        break;
      case '[':
        TakeBracket(code, at, bare);
        break;
      default:
        bare.push_back(absl::ascii_tolower(code[at]));
    }
  }
  return bare;
}

bool IsDigitMark(char c) { return c == '0' || c == '#' || c == '?'; }

// Commas behind a digit that group no others: each takes three places away.
int Thousands(absl::string_view part) {
  int thousands = 0;
  for (size_t at = 0; at < part.size(); ++at) {
    if (part[at] != ',' || at == 0 || !IsDigitMark(part[at - 1])) continue;
    const size_t end = std::min(part.find_first_not_of(',', at), part.size());
    const bool groups = end < part.size() && IsDigitMark(part[end]);
    if (!groups) thousands += static_cast<int>(end - at);
    at = end - 1;
  }
  return std::min(thousands, 10);
}

bool ShowsNothing(absl::string_view bare) {
  return bare.size() >= 2 && bare.find_first_not_of(';') == absl::string_view::npos;
}

}  // namespace

NumberFormat ParseNumberFormat(absl::string_view code) {
  NumberFormat format;
  const std::string bare = Bare(code);
  const absl::string_view part = absl::string_view(bare).substr(0, bare.find(';'));
  // A text in the code may be what the cell shows.
  format.is_invisible = ShowsNothing(code);
  if (absl::StrContains(part, "general") || part == "@") return format;
  const bool has_digits = std::any_of(part.begin(), part.end(), IsDigitMark);
  // `0.00E+00` has an e that is no year, `ss.00` digits that are fractions of a second.
  const bool has_time = part.find_first_of("mdhs") != absl::string_view::npos;
  const bool has_year =
      part.find_first_of("yb") != absl::string_view::npos || (!has_digits && absl::StrContains(part, 'e'));
  if (has_time || has_year) {
    format.kind = has_time ? NumberFormat::Kind::kDate : NumberFormat::Kind::kYear;
    return format;
  }
  const auto percents = static_cast<int>(std::count(part.begin(), part.end(), '%'));
  format.shift = 2 * std::min(percents, 10) - 3 * Thousands(part);
  return format;
}

NumberFormat BuiltInFormat(int id) {
  const bool is_date = (id >= 14 && id <= 22) || (id >= 45 && id <= 47) ||
                       // Those of East Asian programs; they are dates in each of them.
                       (id >= 27 && id <= 36) || (id >= 50 && id <= 58);
  if (is_date) return {.kind = NumberFormat::Kind::kDate};
  const bool is_percent = id == 9 || id == 10;
  return {.shift = is_percent ? 2 : 0};
}

}  // namespace satudata::tables
