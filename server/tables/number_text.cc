#include "server/tables/number_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdlib>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"
#include "absl/time/civil_time.h"

namespace satudata::tables {
namespace {

// Without zeros that say nothing.
std::string Trimmed(bool is_negative, absl::string_view whole, absl::string_view fraction) {
  while (absl::EndsWith(fraction, "0")) fraction.remove_suffix(1);
  while (whole.size() > 1 && whole[0] == '0') whole.remove_prefix(1);
  if (whole.empty()) whole = "0";
  const bool is_zero = whole == "0" && fraction.empty();
  return absl::StrCat(is_negative && !is_zero ? "-" : "", whole, fraction.empty() ? "" : ".", fraction);
}

// Digits with the point behind the first `point` of them, which may lie outside of them.
std::string WithPoint(bool is_negative, std::string digits, int point) {
  if (point < 0) {
    digits.insert(0, static_cast<size_t>(-point), '0');
    point = 0;
  }
  const auto at = static_cast<size_t>(point);
  if (at > digits.size()) digits.append(at - digits.size(), '0');
  return Trimmed(is_negative, absl::string_view(digits).substr(0, at), absl::string_view(digits).substr(at));
}

bool IsWhole(absl::string_view written) {
  absl::ConsumePrefix(&written, "-");
  return !written.empty() && std::all_of(written.begin(), written.end(), absl::ascii_isdigit);
}

// What XML and spreadsheets write; SimpleAtod also takes names.
bool LooksLikeANumber(absl::string_view written) {
  return !written.empty() && written.find_first_not_of("0123456789+-.eE") == absl::string_view::npos;
}

}  // namespace

std::string DecimalText(double number) {
  if (!std::isfinite(number)) return "";
  std::array<char, 40> buffer = {};
  const auto end =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), number, std::chars_format::scientific, 14);
  absl::string_view text(buffer.data(), static_cast<size_t>(end.ptr - buffer.data()));
  const bool is_negative = absl::ConsumePrefix(&text, "-");
  const size_t mark = text.find('e');
  int exponent = 0;
  if (mark == absl::string_view::npos || !absl::SimpleAtoi(text.substr(mark + 1), &exponent)) return "";
  return WithPoint(is_negative, absl::StrCat(text.substr(0, 1), text.substr(2, mark - 2)), exponent + 1);
}

std::string DecimalText(absl::string_view written) {
  // Longer ones than a double's largest are not numbers that a spreadsheet stores.
  if (IsWhole(written) && written.size() <= 310) return std::string(written == "-0" ? "0" : written);
  double number = 0;
  if (!LooksLikeANumber(written) || !absl::SimpleAtod(written, &number)) return "";
  return DecimalText(number);
}

std::string Shifted(absl::string_view decimal, int places) {
  const bool is_negative = absl::ConsumePrefix(&decimal, "-");
  const size_t point = std::min(decimal.find('.'), decimal.size());
  std::string digits(decimal.substr(0, point));
  if (point < decimal.size()) absl::StrAppend(&digits, decimal.substr(point + 1));
  return WithPoint(is_negative, std::move(digits), static_cast<int>(point) + places);
}

std::optional<std::string> DateText(double days, DateSystem system) {
  constexpr double kEnd = 2958466;  // 10000-01-01.
  constexpr int64_t kDaySeconds = 86'400;
  if (!(days >= 0) || days >= kEnd) return std::nullopt;
  const auto seconds = static_cast<int64_t>(std::llround(days * kDaySeconds));
  const int64_t day = seconds / kDaySeconds;
  const int64_t time = seconds % kDaySeconds;
  absl::CivilDay first(1899, 12, 31);
  if (system == DateSystem::k1904) first = absl::CivilDay(1904, 1, 1);
  // Lotus 1-2-3 took 1900 for a leap year, and all after it do.
  const bool is_lotus = system == DateSystem::k1900 && day >= 60;
  const absl::CivilDay civil = first + day - (is_lotus ? 1 : 0);
  if (civil.year() > 9999) return std::nullopt;
  std::string text = is_lotus && day == 60 ? "1900-02-29" : absl::FormatCivilTime(civil);
  if (time != 0) absl::StrAppendFormat(&text, " %02d:%02d:%02d", time / 3600, time / 60 % 60, time % 60);
  return text;
}

void SetNumber(absl::string_view decimal, double number, const NumberFormat& format, DateSystem system,
               Cell& cell) {
  cell.is_hidden = cell.is_hidden || format.is_invisible;
  if (format.kind == NumberFormat::Kind::kNumber) {
    cell.kind = CellKind::kNumber;
    cell.text.assign(decimal.data(), decimal.size());
    if (format.shift != 0) cell.shown = Shifted(decimal, format.shift);
    return;
  }
  std::optional<std::string> date = DateText(number, system);
  // Spreadsheets fill such a cell with these.
  cell.kind = date.has_value() ? CellKind::kDate : CellKind::kError;
  cell.text = date.value_or("########");
  if (date.has_value() && format.kind == NumberFormat::Kind::kYear) cell.text.resize(4);
}

}  // namespace satudata::tables
