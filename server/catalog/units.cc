#include "server/catalog/units.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"

namespace satudata::catalog {
namespace {

// One unit a line, its spellings apart by `|`. They are compared in their normal form.
constexpr absl::string_view kSpellings =
    "persen|%|persentase|prosen|percent|pct\n"
    "permil|‰|per mil\n"
    "orang|org|jiwa|person\n"
    "kabupaten/kota|kab/kot|kab/kota|kabkot|kabkota|kabupaten kota|kab kota\n"
    "desa/kelurahan|desa/kel|desa kelurahan|kelurahan/desa|ds/kel\n"
    "kecamatan|kec\n"
    "perangkat daerah|pd|opd|skpd|organisasi perangkat daerah\n"
    "kepala keluarga|kk\n"
    "rumah tangga|rumahtangga|ruta|rumah-tangga\n"
    "badan usaha|bu\n"
    "dokumen|dok\n"
    "organisasi masyarakat|ormas\n"
    "hektare|ha|hektar|hectare\n"
    "meter|m|mtr\n"
    "kilometer|km\n"
    "meter persegi|m2|meter2|m^2|meter kuadrat\n"
    "kilometer persegi|km2|km^2\n"
    "meter kubik|m3|meter3|m^3\n"
    "kilogram|kg|kilo\n"
    "gram|gr|g|grm\n"
    "miligram|mg\n"
    "mikrogram|µg|ug\n"
    "kuintal|ku|kw|kwintal\n"
    "ton|tonne\n"
    "liter|l|ltr|lt|litre\n"
    "mililiter|ml\n"
    "ton co2 ekuivalen|ton co2 eq|ton co2eq|ton/co2eq|ton co2e|ton co2-eq\n"
    "kilowatt jam|kwh\n"
    "megawatt jam|mwh\n"
    "gigawatt jam|gwh\n"
    "kilokalori|kkal|kcal\n"
    "rupiah|rp|idr\n"
    "ribu rupiah|ribu rp|rp ribu\n"
    "juta rupiah|juta rp|rp juta\n"
    "miliar rupiah|milyar rupiah|miliar rp|milyar rp\n"
    "triliun rupiah|trilyun rupiah|triliun rp|trilyun rp\n"
    "miliar usd|milyar usd\n"
    "kapita|kap\n"
    "hari|hr\n"
    "bulan|bln\n"
    "tahun|thn|th\n"
    "detik|s|dtk\n"
    "menit|mnt\n"
    "unit|unit(s)\n"
    "poin|point\n"
    "indeks|index\n"
    "usaha mikro kecil menengah|umkm\n"
    "kelompok tani hutan|kth\n";

// Lower case, without blanks and punctuation.
std::string Normal(absl::string_view unit) {
  std::string normal;
  for (char c : unit) {
    if (!absl::ascii_isspace(c) && !absl::StrContains(".,;:'\"_-()[]^*", c)) normal.push_back(c);
  }
  return normal;
}

// `x (y)` in two; y is empty where there are no parentheses at the end.
std::pair<std::string, std::string> Parted(const std::string& unit) {
  const size_t open = unit.find('(');
  if (open == std::string::npos || open == 0 || unit.back() != ')') return {Normal(unit), ""};
  return {Normal(unit.substr(0, open)), Normal(unit.substr(open))};
}

}  // namespace

Units::Units(const std::vector<UnitAlias>& more) {
  for (absl::string_view line : absl::StrSplit(kSpellings, '\n', absl::SkipEmpty())) {
    std::string first;
    for (absl::string_view spelling : absl::StrSplit(line, '|')) {
      const std::string normal = Normal(spelling);
      if (first.empty()) first = normal;
      canonical_.emplace(normal, first);
    }
  }
  for (const auto& [spelling, unit] : more) {
    canonical_[Normal(absl::AsciiStrToLower(spelling))] = Canonical(unit);
  }
}

std::string Units::CanonicalPart(const std::string& normal) const {
  const auto known = canonical_.find(normal);
  return known == canonical_.end() ? normal : known->second;
}

std::string Units::Canonical(absl::string_view unit) const {
  const std::string text = absl::StrReplaceAll(absl::AsciiStrToLower(absl::StripAsciiWhitespace(unit)),
                                               {{"²", "2"}, {"³", "3"}, {"μ", "µ"}, {"\xC2\xA0", " "}});
  const auto [outside, inside] = Parted(text);
  if (!inside.empty()) {
    const std::string canonical = CanonicalPart(outside);
    if (canonical == CanonicalPart(inside)) return canonical;
  }
  const std::string whole = Normal(text);
  if (const auto known = canonical_.find(whole); known != canonical_.end()) return known->second;
  std::vector<std::string> parts;
  const std::string quotient = absl::StrReplaceAll(text, {{" per ", "/"}});
  for (absl::string_view part : absl::StrSplit(quotient, '/')) parts.push_back(CanonicalPart(Normal(part)));
  return absl::StrJoin(parts, "/");
}

bool Units::AreSame(absl::string_view a, absl::string_view b) const { return Canonical(a) == Canonical(b); }

}  // namespace satudata::catalog
