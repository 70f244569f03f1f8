#include "server/catalog/column_names.h"

#include <algorithm>
#include <iterator>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "server/catalog/indicator.h"

namespace satudata::catalog {
namespace {

struct KnownName {
  ColumnRole role;
  absl::string_view normal;
  Telling telling;
};
constexpr KnownName kKnownNames[] = {
    {ColumnRole::kCode, "kodeindikator", Telling::kSurely},
    {ColumnRole::kCode, "kodedssd", Telling::kSurely},
    {ColumnRole::kCode, "kodeindikatordssd", Telling::kSurely},
    {ColumnRole::kCode, "kode", Telling::kWeakly},
    {ColumnRole::kYear, "tahun", Telling::kSurely},
    {ColumnRole::kYear, "year", Telling::kSurely},
    {ColumnRole::kYear, "thn", Telling::kSurely},
    {ColumnRole::kValue, "nilai", Telling::kSurely},
    {ColumnRole::kValue, "value", Telling::kSurely},
    {ColumnRole::kValue, "data", Telling::kLikely},
    {ColumnRole::kValue, "jumlah", Telling::kWeakly},
    {ColumnRole::kValue, "angka", Telling::kWeakly},
    {ColumnRole::kKodepemda, "kodepemda", Telling::kSurely},
    {ColumnRole::kKodepemda, "kodewilayah", Telling::kLikely},
    {ColumnRole::kUnit, "satuan", Telling::kSurely},
    {ColumnRole::kUnit, "unit", Telling::kLikely},
};

// Figures of other kinds. Where one of them is, `jumlah` need not be what is meant.
constexpr absl::string_view kOtherMeasures[] = {
    "capaian", "realisasi", "target", "persentase", "presentase", "persen",   "%",
    "rasio",   "ratarata",  "indeks", "volume",     "total",      "proporsi", "prevalensi"};

constexpr absl::string_view kPlans[] = {"target",    "rencana",  "proyeksi", "sasaran",
                                        "perkiraan", "prediksi", "ramalan"};

// What may stand before the year in a heading.
constexpr absl::string_view kBeforeYear[] = {"",      "tahun", "thn",        "th",       "year",
                                             "nilai", "data",  "nilaitahun", "datatahun"};

// ASCII punctuation that does not change what a column holds.
bool IsDropped(char c) {
  return absl::ascii_isspace(c) || absl::ascii_iscntrl(c) || absl::StrContains("_-.,;:!?*'\"`()[]{}#~", c);
}

constexpr absl::string_view kWideBlanks[] = {"\xC2\xA0", "\xE2\x80\x89", "\xE2\x80\xAF", "\xEF\xBB\xBF",
                                             "\xE2\x80\x8B"};

bool ConsumeBlank(absl::string_view* text) {
  return std::any_of(std::begin(kWideBlanks), std::end(kWideBlanks),
                     [text](absl::string_view blank) { return absl::ConsumePrefix(text, blank); });
}

}  // namespace

absl::string_view RoleName(ColumnRole role) {
  switch (role) {
    case ColumnRole::kCode:
      return "kodeindikator";
    case ColumnRole::kYear:
      return "tahun";
    case ColumnRole::kValue:
      return "nilai";
    case ColumnRole::kKodepemda:
      return "kodepemda";
    case ColumnRole::kUnit:
      return "satuan";
  }
  return "";
}

std::string ColumnAliases::Fingerprint() const {
  std::string out;
  for (const std::vector<std::string>* names : {&code, &year, &value, &kodepemda, &unit}) {
    absl::StrAppend(&out, absl::StrJoin(*names, ","), ";");
  }
  return out;
}

ColumnNames::ColumnNames(const ColumnAliases& aliases) {
  for (const KnownName& known : kKnownNames) {
    names_[static_cast<size_t>(known.role)].emplace(std::string(known.normal), known.telling);
  }
  const std::vector<std::string>* const more[] = {&aliases.code, &aliases.year, &aliases.value,
                                                  &aliases.kodepemda, &aliases.unit};
  for (size_t role = 0; role < std::size(more); ++role) {
    for (const std::string& alias : *more[role]) names_[role][NormalHeading(alias)] = Telling::kSurely;
    names_[role].erase("");
  }
}

Telling ColumnNames::Tells(ColumnRole role, absl::string_view normal) const {
  const auto& names = names_[static_cast<size_t>(role)];
  const auto found = names.find(std::string(normal));
  return found == names.end() ? Telling::kNotThis : found->second;
}

bool ColumnNames::IsMeasure(absl::string_view normal) const {
  return Tells(ColumnRole::kValue, normal) != Telling::kNotThis ||
         absl::c_linear_search(kOtherMeasures, normal);
}

int ColumnNames::CountKnown(const std::vector<std::string>& headings) const {
  const auto is_known = [this](const std::string& heading) {
    const std::string normal = NormalHeading(heading);
    return YearOfHeading(normal).has_value() ||
           std::any_of(std::begin(names_), std::end(names_),
                       [&normal](const auto& names) { return names.find(normal) != names.end(); });
  };
  return static_cast<int>(absl::c_count_if(headings, is_known));
}

std::string NormalHeading(absl::string_view heading) {
  std::string normal;
  while (!heading.empty()) {
    if (ConsumeBlank(&heading)) continue;
    if (!IsDropped(heading.front())) normal.push_back(absl::ascii_tolower(heading.front()));
    heading.remove_prefix(1);
  }
  return normal;
}

std::optional<std::string> YearOfHeading(absl::string_view normal) {
  constexpr size_t kDigits = 4;
  if (normal.size() < kDigits) return std::nullopt;
  const absl::string_view year = normal.substr(normal.size() - kDigits);
  normal.remove_suffix(kDigits);
  if (!IsYear(year) || !absl::c_linear_search(kBeforeYear, normal)) return std::nullopt;
  return std::string(year);
}

bool SpeaksOfPlans(absl::string_view heading) {
  const std::string normal = NormalHeading(heading);
  return absl::c_any_of(kPlans,
                        [&normal](absl::string_view plan) { return absl::StrContains(normal, plan); });
}

}  // namespace satudata::catalog
