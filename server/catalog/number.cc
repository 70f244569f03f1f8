#include "server/catalog/number.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace satudata::catalog {
namespace {

// More digits than any statistic has, and few enough that a cell is never costly to judge.
constexpr size_t kMaxDigits = 40;
constexpr size_t kMaxCanonicalDigits = 80;
// 40 digits, every blank between two groups taking 3 bytes, a sign and a decimal mark.
constexpr size_t kMaxTextBytes = 96;

constexpr absl::string_view kMinusSign = "\xE2\x88\x92";           // U+2212
constexpr absl::string_view kNoBreakSpace = "\xC2\xA0";            // U+00A0
constexpr absl::string_view kThinSpace = "\xE2\x80\x89";           // U+2009
constexpr absl::string_view kNarrowNoBreakSpace = "\xE2\x80\xAF";  // U+202F
constexpr absl::string_view kBlanks[] = {" ", kNoBreakSpace, kThinSpace, kNarrowNoBreakSpace};

struct Marks {
  absl::string_view group;
  absl::string_view decimal;
};
constexpr Marks kIndonesianMarks = {".", ","};
constexpr Marks kEnglishMarks = {",", "."};

absl::string_view Trim(absl::string_view text) {
  while (true) {
    const size_t before = text.size();
    text = absl::StripAsciiWhitespace(text);
    for (absl::string_view blank : kBlanks) {
      absl::ConsumePrefix(&text, blank);
      absl::ConsumeSuffix(&text, blank);
    }
    if (text.size() == before) return text;
  }
}

bool ConsumeMinus(absl::string_view* text) {
  return absl::ConsumePrefix(text, "-") || absl::ConsumePrefix(text, kMinusSign);
}

// Takes the digits at the head of `text`, at most `limit` of them.
absl::string_view TakeDigits(absl::string_view* text, size_t limit = absl::string_view::npos) {
  size_t count = 0;
  while (count < std::min(limit, text->size()) && absl::ascii_isdigit((*text)[count])) ++count;
  const absl::string_view digits = text->substr(0, count);
  text->remove_prefix(count);
  return digits;
}

// Optional minus, no leading zeros, no trailing fractional zeros; zero has no sign.
std::string Canonical(bool negative, absl::string_view whole, absl::string_view fraction) {
  while (!whole.empty() && whole.front() == '0') whole.remove_prefix(1);
  while (!fraction.empty() && fraction.back() == '0') fraction.remove_suffix(1);
  const bool zero = whole.empty() && fraction.empty();
  std::string out = negative && !zero ? "-" : "";
  absl::StrAppend(&out, whole.empty() ? absl::string_view("0") : whole);
  if (!fraction.empty()) absl::StrAppend(&out, ".", fraction);
  return out;
}

// The mark that groups digits at the head of `rest`: the format's own, a blank, or empty for none.
absl::string_view GroupMark(absl::string_view rest, const Marks& marks) {
  if (absl::StartsWith(rest, marks.group)) return marks.group;
  for (absl::string_view blank : kBlanks) {
    if (absl::StartsWith(rest, blank)) return blank;
  }
  return "";
}

// Takes the whole part at the head of `text`; nullopt if it is none, is badly grouped or has leading zeros.
std::optional<std::string> TakeWhole(absl::string_view* text, const Marks& marks) {
  std::string digits(TakeDigits(text));
  if (digits.empty() || (digits.size() > 1 && digits.front() == '0')) return std::nullopt;
  const absl::string_view mark = GroupMark(*text, marks);
  if (mark.empty()) return digits;
  if (digits.size() > 3 || digits.front() == '0') return std::nullopt;
  while (absl::ConsumePrefix(text, mark)) {
    const absl::string_view group = TakeDigits(text, 3);
    if (group.size() != 3) return std::nullopt;
    digits.append(group.data(), group.size());
  }
  return digits;
}

std::optional<std::string> ReadAs(absl::string_view text, const Marks& marks) {
  if (text.size() > kMaxTextBytes) return std::nullopt;
  const bool negative = ConsumeMinus(&text);
  const std::optional<std::string> whole = TakeWhole(&text, marks);
  if (!whole.has_value()) return std::nullopt;
  absl::string_view fraction;
  if (absl::ConsumePrefix(&text, marks.decimal)) {
    fraction = TakeDigits(&text);
    if (fraction.empty()) return std::nullopt;
  }
  if (!text.empty() || whole->size() + fraction.size() > kMaxDigits) return std::nullopt;
  return Canonical(negative, *whole, fraction);
}

ParsedNumber OnlyReading(std::optional<std::string> reading) {
  if (reading.has_value()) return *std::move(reading);
  return InvalidNumber{};
}

ParsedNumber ParseOfUnknownFormat(absl::string_view text) {
  std::optional<std::string> indonesian = ReadAs(text, kIndonesianMarks);
  std::optional<std::string> english = ReadAs(text, kEnglishMarks);
  if (indonesian.has_value() && english.has_value() && *indonesian != *english) {
    return AmbiguousNumber{*std::move(indonesian), *std::move(english)};
  }
  return OnlyReading(indonesian.has_value() ? std::move(indonesian) : std::move(english));
}

// `digits` with its decimal mark before place `point`, which may lie outside of it.
std::string WithPointAt(bool negative, const std::string& digits, int64_t point) {
  if (point <= 0) return Canonical(negative, "0", std::string(static_cast<size_t>(-point), '0') + digits);
  const auto place = static_cast<size_t>(point);
  if (place >= digits.size())
    return Canonical(negative, digits + std::string(place - digits.size(), '0'), "");
  const absl::string_view view = digits;
  return Canonical(negative, view.substr(0, place), view.substr(place));
}

// The exponent that `text` (`e-3`, or nothing) says; nullopt if it says something else.
std::optional<int> ReadExponent(absl::string_view text) {
  if (text.empty()) return 0;
  if (!absl::ConsumePrefix(&text, "e") && !absl::ConsumePrefix(&text, "E")) return std::nullopt;
  int exponent = 0;
  const bool spaced = text.empty() || absl::ascii_isspace(text.front()) || absl::ascii_isspace(text.back());
  if (spaced || !absl::SimpleAtoi(text, &exponent)) return std::nullopt;
  return exponent;
}

}  // namespace

bool IsAbsentMarker(absl::string_view text) {
  text = Trim(text);
  if (text.empty()) return true;
  for (absl::string_view marker : {"-", "*", "**", "***", "n/a", "null", "tidak dipublikasikan"}) {
    if (absl::EqualsIgnoreCase(text, marker)) return true;
  }
  return false;
}

ParsedNumber ParseNumber(absl::string_view text, NumberFormat format) {
  if (IsAbsentMarker(text)) return AbsentNumber{};
  text = Trim(text);
  switch (format) {
    case NumberFormat::kIndonesian:
      return OnlyReading(ReadAs(text, kIndonesianMarks));
    case NumberFormat::kEnglish:
      return OnlyReading(ReadAs(text, kEnglishMarks));
    case NumberFormat::kUnknown:
      break;
  }
  return ParseOfUnknownFormat(text);
}

void FormatEvidence::Note(absl::string_view cell) {
  cell = Trim(cell);
  const bool indonesian = ReadAs(cell, kIndonesianMarks).has_value();
  const bool english = ReadAs(cell, kEnglishMarks).has_value();
  indonesian_ |= indonesian && !english;
  english_ |= english && !indonesian;
}

NumberFormat FormatEvidence::Format() const {
  if (indonesian_ == english_) return NumberFormat::kUnknown;
  return indonesian_ ? NumberFormat::kIndonesian : NumberFormat::kEnglish;
}

std::string CanonicalDecimal(absl::string_view text) {
  text = absl::StripAsciiWhitespace(text);
  const bool negative = absl::ConsumePrefix(&text, "-");
  std::string digits(TakeDigits(&text));
  const size_t whole_size = digits.size();
  if (whole_size == 0) return "";
  if (absl::ConsumePrefix(&text, ".")) {
    const absl::string_view fraction = TakeDigits(&text);
    if (fraction.empty()) return "";
    digits.append(fraction.data(), fraction.size());
  }
  const std::optional<int> exponent = ReadExponent(text);
  if (!exponent.has_value() || digits.size() > kMaxCanonicalDigits) return "";
  const int64_t point = static_cast<int64_t>(whole_size) + *exponent;
  const int64_t limit = kMaxCanonicalDigits;
  const int64_t zeros = point > 0 ? 0 : 1 - point;  // Before the first of the digits.
  if (point > limit || static_cast<int64_t>(digits.size()) + zeros > limit) return "";
  return WithPointAt(negative, digits, point);
}

}  // namespace satudata::catalog
