#include "server/catalog/indicator.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <tuple>
#include <utility>
#include <variant>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "server/catalog/number.h"

namespace satudata::catalog {
namespace {

// A cell that is quoted in a failure is cut here: it says what is meant, and does not fill a screen.
constexpr size_t kQuotedBytes = 120;

bool AreDigits(absl::string_view text) {
  for (char c : text) {
    if (!absl::ascii_isdigit(c)) return false;
  }
  return !text.empty();
}

bool IsPrefixedLocalCode(absl::string_view code) {
  if (!absl::StartsWithIgnoreCase(code, "DS.") && !absl::StartsWithIgnoreCase(code, "DG.")) return false;
  for (char c : code.substr(3)) {
    if (!absl::ascii_isalnum(c) && c != '.' && c != '-' && c != '_') return false;
  }
  return code.size() > 3;
}

// `35.07` and at least two more groups of one to four digits.
bool IsNumericLocalCode(absl::string_view code) {
  size_t groups = 0;
  for (absl::string_view group : absl::StrSplit(code, '.')) {
    const bool region = groups < 2;
    if (!AreDigits(group) || group.size() > 4 || (region && group.size() != 2)) return false;
    ++groups;
  }
  return groups >= 4;
}

Failure Finding(Reason reason, absl::string_view value) {
  return Failure{.reason = reason, .args = {{"value", Quoted(value)}}};
}

ParsedNumber ReadNumber(const IndicatorValue& value, NumberFormat format) {
  if (!value.is_exact) return ParseNumber(value.raw_value, format);
  std::string canonical = CanonicalDecimal(value.raw_value);
  if (canonical.empty()) return InvalidNumber{};
  return canonical;
}

// Turns what the number says into the value or its finding.
struct NumberJudge {
  IndicatorValue& value;

  void operator()(const std::string& canonical) const { value.value = canonical; }
  void operator()(AbsentNumber) const { value.finding = Finding(Reason::kValueAbsent, value.raw_value); }
  void operator()(InvalidNumber) const { value.finding = Finding(Reason::kNumberInvalid, value.raw_value); }
  void operator()(const AmbiguousNumber& readings) const {
    value.finding = {.reason = Reason::kNumberAmbiguous,
                     .args = {{"reading_a", readings.indonesian}, {"reading_b", readings.english}}};
  }
};

// The column that a value stands in: sheet, heading and place, which outlive it in `values`.
using ColumnKey = std::tuple<absl::string_view, absl::string_view, int32_t>;

ColumnKey ColumnOf(const IndicatorValue& value) {
  return {value.sheet.str(), value.column.str(), value.column_number};
}

// Where nothing was declared, each column says for itself; columns of other years may be of other hands. What
// is hidden says nothing, since nobody has looked at it.
void JudgeNumbers(std::vector<IndicatorValue>& values, NumberFormat declared) {
  absl::flat_hash_map<ColumnKey, FormatEvidence> columns;
  for (const IndicatorValue& value : values) {
    const bool is_evidence = !value.is_exact && value.finding.reason != Reason::kValueHidden;
    if (declared == NumberFormat::kUnknown && is_evidence) columns[ColumnOf(value)].Note(value.raw_value);
  }
  for (IndicatorValue& value : values) {
    if (!value.finding.ok()) continue;
    const NumberFormat format =
        declared == NumberFormat::kUnknown ? columns[ColumnOf(value)].Format() : declared;
    std::visit(NumberJudge{value}, ReadNumber(value, format));
  }
}

// Judges values of one key within a file. It sorts places rather than keys: a table of 100,000 keys would
// weigh a third of the values themselves.
class KeyJudge {
 public:
  explicit KeyJudge(std::vector<IndicatorValue>& values) : values_(values) {}

  void Judge() {
    std::vector<uint32_t> places;
    for (size_t i = 0; i < values_.size(); ++i) {
      if (values_[i].finding.ok()) places.push_back(static_cast<uint32_t>(i));
    }
    std::sort(places.begin(), places.end(), [this](uint32_t a, uint32_t b) {
      return std::make_tuple(KeyOf(values_[a]), a) < std::make_tuple(KeyOf(values_[b]), b);
    });
    for (auto first = places.begin(); first != places.end();) {
      const auto end = std::find_if(first, places.end(), [&](uint32_t place) {
        return KeyOf(values_[place]) != KeyOf(values_[*first]);
      });
      JudgeEqualKeys(first, end);
      first = end;
    }
  }

 private:
  using Key = std::tuple<absl::string_view, absl::string_view, absl::string_view>;
  using Place = std::vector<uint32_t>::const_iterator;

  static Key KeyOf(const IndicatorValue& value) {
    return {value.kodepemda, value.kodeindikator, value.tahun};
  }

  void JudgeEqualKeys(Place first_place, Place end) {
    IndicatorValue& first = values_[*first_place];
    const std::string canonical = *first.value;  // A contradicted value loses it.
    for (Place place = first_place + 1; place != end; ++place) {
      IndicatorValue& value = values_[*place];
      if (*value.value == canonical) {
        Duplicate(value);
        continue;
      }
      const std::string other = *value.value;
      Accuse(value, other, canonical);
      if (first.finding.ok()) Accuse(first, canonical, other);
    }
  }

  static void Duplicate(IndicatorValue& value) {
    value.finding = Failure{.reason = Reason::kDuplicateValue};
    value.value.reset();
  }

  static void Accuse(IndicatorValue& value, const std::string& own, const std::string& other) {
    value.finding = Failure{.reason = Reason::kValuesContradict,
                            // Without another file: it is this same one.
                            .args = {{"value", own}, {"other_value", other}}};
    value.value.reset();
  }

  std::vector<IndicatorValue>& values_;
};

}  // namespace

bool IsNationalIndicatorCode(absl::string_view code) {
  return code.size() == 11 && code[0] >= '1' && code[0] <= '9' && code[1] == '.' &&
         AreDigits(code.substr(2, 2)) && code[4] == '.' && AreDigits(code.substr(5));
}

bool IsLocalIndicatorCode(absl::string_view code) {
  return IsPrefixedLocalCode(code) || IsNumericLocalCode(code);
}

bool IsKodepemda(absl::string_view code) { return code.size() == 4 && AreDigits(code) && code[0] != '0'; }

bool IsYear(absl::string_view year) {
  return year.size() == 4 && AreDigits(year) && year >= "1945" && year <= "2100";
}

Failure JudgeKey(const IndicatorValue& value) {
  if (IsLocalIndicatorCode(value.kodeindikator)) {
    return Finding(Reason::kIndicatorCodeLocal, value.kodeindikator);
  }
  if (!IsNationalIndicatorCode(value.kodeindikator)) {
    return Finding(Reason::kIndicatorCodeInvalid, value.kodeindikator);
  }
  if (!IsYear(value.tahun)) return Finding(Reason::kYearInvalid, value.tahun);
  if (!value.kodepemda.empty() && !IsKodepemda(value.kodepemda)) {
    return Finding(Reason::kKodepemdaInvalid, value.kodepemda);
  }
  return Failure();
}

std::string Quoted(absl::string_view text) {
  if (text.size() <= kQuotedBytes) return std::string(text);
  size_t end = kQuotedBytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;  // Inside a character.
  return absl::StrCat(text.substr(0, end), "…");
}

void JudgeValues(std::vector<IndicatorValue>& values, NumberFormat declared) {
  for (IndicatorValue& value : values) {
    if (value.finding.ok()) value.finding = JudgeKey(value);
  }
  JudgeNumbers(values, declared);
  KeyJudge(values).Judge();
}

void JudgeValuesAgain(std::vector<IndicatorValue>& values, NumberFormat declared) {
  for (IndicatorValue& value : values) {
    value.value.reset();
    // What no declaration mends: an element of an import that is no value at all.
    if (value.finding.reason != Reason::kRowMalformed) value.finding = Failure();
  }
  JudgeValues(values, declared);
}

}  // namespace satudata::catalog
