// Fuzz target for figures as agencies, spreadsheets and APIs write them: what is read is canonical, reads as
// itself when it is written again, and is never a guess between two readings.
#include <cstdint>
#include <string>
#include <variant>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "server/catalog/indicator.h"
#include "server/catalog/number.h"
#include "server/catalog/units.h"
#include "server/tables/number_text.h"
#include "tests/fuzz/check.h"

namespace satudata::catalog {
namespace {

using fuzz::Check;

bool IsReadAs(const ParsedNumber& parsed, absl::string_view canonical) {
  const auto* text = std::get_if<std::string>(&parsed);
  return text != nullptr && *text == canonical;
}

// `1234567.25` as `1.234.567,25`.
std::string Written(absl::string_view canonical, char group, char decimal) {
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(canonical, absl::MaxSplits('.', 1));
  std::string out;
  const size_t first_digit = parts.first[0] == '-' ? 1 : 0;
  for (size_t i = 0; i < parts.first.size(); ++i) {
    const size_t left = parts.first.size() - i;
    if (i > first_digit && left % 3 == 0) out.push_back(group);
    out.push_back(parts.first[i]);
  }
  return parts.second.empty() ? out : absl::StrCat(out, std::string(1, decimal), parts.second);
}

void CheckCanonical(absl::string_view canonical) {
  Check(CanonicalDecimal(canonical) == canonical);
  const size_t digits = canonical.size() - absl::StrReplaceAll(canonical, {{"-", ""}, {".", ""}}).size();
  if (canonical.size() - digits > 40) return;  // No figure has as many.
  Check(IsReadAs(ParseNumber(canonical, NumberFormat::kEnglish), canonical));
  Check(IsReadAs(ParseNumber(Written(canonical, '.', ','), NumberFormat::kIndonesian), canonical));
  Check(IsReadAs(ParseNumber(Written(canonical, ',', '.'), NumberFormat::kEnglish), canonical));
}

// The same text under each format agrees with what it is without one.
void CheckReadings(absl::string_view text) {
  const ParsedNumber unknown = ParseNumber(text, NumberFormat::kUnknown);
  const ParsedNumber indonesian = ParseNumber(text, NumberFormat::kIndonesian);
  const ParsedNumber english = ParseNumber(text, NumberFormat::kEnglish);
  Check(std::holds_alternative<AbsentNumber>(unknown) == IsAbsentMarker(text));
  for (const ParsedNumber* parsed : {&unknown, &indonesian, &english}) {
    if (const auto* canonical = std::get_if<std::string>(parsed)) CheckCanonical(*canonical);
  }
  Check(!std::holds_alternative<AmbiguousNumber>(indonesian) &&
        !std::holds_alternative<AmbiguousNumber>(english));
  if (const auto* two = std::get_if<AmbiguousNumber>(&unknown)) {
    Check(two->indonesian != two->english);
    Check(IsReadAs(indonesian, two->indonesian) && IsReadAs(english, two->english));
  }
  if (const auto* one = std::get_if<std::string>(&unknown)) {
    Check(IsReadAs(indonesian, *one) || IsReadAs(english, *one));
    for (const ParsedNumber* parsed : {&indonesian, &english}) {
      Check(!std::holds_alternative<std::string>(*parsed) || IsReadAs(*parsed, *one));
    }
  }
}

void CheckCode(absl::string_view text) {
  Check(!(IsNationalIndicatorCode(text) && IsLocalIndicatorCode(text)));
  Check(!IsNationalIndicatorCode(text) || text.size() == 11);
  Check(!IsKodepemda(text) || text.size() == 4);
  Check(!IsYear(text) || text.size() == 4);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view text(reinterpret_cast<const char*>(data), size);
  CheckReadings(text);
  CheckCode(text);
  if (const std::string canonical = CanonicalDecimal(text); !canonical.empty()) CheckCanonical(canonical);
  if (const std::string decimal = satudata::tables::DecimalText(text); !decimal.empty()) {
    Check(satudata::tables::DecimalText(decimal) == decimal);
  }
  static const Units units;
  Check(units.AreSame(text, text));
  const std::pair<absl::string_view, absl::string_view> two = absl::StrSplit(text, absl::MaxSplits('|', 1));
  Check(units.AreSame(two.first, two.second) == units.AreSame(two.second, two.first));
  return 0;
}

}  // namespace satudata::catalog
