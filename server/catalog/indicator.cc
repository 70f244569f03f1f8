#include "server/catalog/indicator.h"

#include <cstddef>
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

std::string Quoted(absl::string_view text) {
  if (text.size() <= kQuotedBytes) return std::string(text);
  size_t end = kQuotedBytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;  // Inside a character.
  return absl::StrCat(text.substr(0, end), "…");
}

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

// kNone if the value's codes and year are in order.
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

ParsedNumber ReadNumber(const IndicatorValue& value, NumberFormat format) {
  if (!value.is_json_number) return ParseNumber(value.raw_value, format);
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
    value.finding = Finding(Reason::kNumberAmbiguous, value.raw_value);
    value.finding.args["reading_a"] = readings.indonesian;
    value.finding.args["reading_b"] = readings.english;
  }
};

void JudgeNumbers(std::vector<IndicatorValue>& values) {
  absl::flat_hash_map<absl::string_view, FormatEvidence>
      columns;  // By heading, which outlives it in `values`.
  for (const IndicatorValue& value : values) {
    if (!value.is_json_number) columns[value.column].Note(value.raw_value);
  }
  for (IndicatorValue& value : values) {
    if (!value.finding.ok()) continue;
    std::visit(NumberJudge{value}, ReadNumber(value, columns[value.column].Format()));
  }
}

// Finds values of one key within a file.
class KeyJudge {
 public:
  // `value` is in order so far, and stays where it is while this lives.
  void Judge(IndicatorValue& value) {
    const auto [entry, is_first] =
        first_by_key_.try_emplace(Key(value.kodepemda, value.kodeindikator, value.tahun));
    First& first = entry->second;
    if (is_first) {
      first = {&value, *value.value};
    } else if (first.canonical == *value.value) {
      Duplicate(value);
    } else {
      Contradict(first, value);
    }
  }

 private:
  using Key = std::tuple<absl::string_view, absl::string_view, absl::string_view>;
  struct First {
    IndicatorValue* value = nullptr;
    std::string canonical;  // Kept here because a contradicted value loses it.
  };

  static std::string KeyText(const IndicatorValue& value) {
    return absl::StrCat(value.kodepemda, value.kodepemda.empty() ? "" : ".", value.kodeindikator, ".",
                        value.tahun);
  }

  static void Duplicate(IndicatorValue& value) {
    value.finding = Failure{.reason = Reason::kDuplicateValue, .args = {{"key", KeyText(value)}}};
    value.value.reset();
  }

  static void Accuse(IndicatorValue& value, const std::string& own, const std::string& other) {
    value.finding = Failure{.reason = Reason::kValuesContradict,
                            .args = {{"key", KeyText(value)},
                                     {"value", own},
                                     {"other_value", other},
                                     {"other_file", ""},  // This same file.
                                     {"other_file_name", ""}}};
    value.value.reset();
  }

  static void Contradict(First& first, IndicatorValue& second) {
    const std::string second_canonical = *second.value;
    Accuse(second, second_canonical, first.canonical);
    if (first.value->finding.ok()) Accuse(*first.value, first.canonical, second_canonical);
  }

  absl::flat_hash_map<Key, First> first_by_key_;
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

void JudgeValues(std::vector<IndicatorValue>& values) {
  for (IndicatorValue& value : values) {
    if (value.finding.ok()) value.finding = JudgeKey(value);
  }
  JudgeNumbers(values);
  KeyJudge keys;
  for (IndicatorValue& value : values) {
    if (value.finding.ok()) keys.Judge(value);
  }
}

}  // namespace satudata::catalog
