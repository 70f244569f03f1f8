#include "server/sync/indicator_list.h"

#include <algorithm>
#include <functional>
#include <map>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace satudata::sync {
namespace {

using Years = std::map<std::string, IndicatorYear, std::greater<>>;  // By year, newest first.

// `text` is in lower case.
bool Matches(const ReferenceIndicator& indicator, absl::string_view text, absl::string_view first_code) {
  if (!absl::StartsWith(indicator.kodeindikator, first_code)) return false;
  return text.empty() || absl::StrContains(absl::AsciiStrToLower(indicator.kodeindikator), text) ||
         absl::StrContains(absl::AsciiStrToLower(indicator.name), text);
}

IndicatorYear& YearOf(Years& years, absl::string_view tahun) {
  IndicatorYear& year = years[std::string(tahun)];
  year.tahun = std::string(tahun);
  return year;
}

std::vector<IndicatorYear> Newest(Years& years) {
  std::vector<IndicatorYear> newest;
  for (auto& [tahun, year] : years) {
    if (newest.size() == kMostIndicatorYears) break;
    newest.push_back(std::move(year));
  }
  return newest;
}

}  // namespace

IndicatorPage SelectIndicators(const ReferenceList& list, const IndicatorFilter& filter, const Page& page) {
  IndicatorPage selected{.read_time = list.fetch_time};
  const std::string text = absl::AsciiStrToLower(filter.text);
  const std::string first_code = filter.urusan.empty() ? "" : absl::StrCat(filter.urusan, ".");
  int64_t skip = page.skip;
  for (const auto& [code, indicator] : list.indicators) {
    if (!Matches(indicator, text, first_code)) continue;
    ++selected.total_count;
    if (code <= page.after || skip-- > 0) continue;
    if (static_cast<int64_t>(selected.rows.size()) < page.limit) selected.rows.push_back({indicator, {}});
  }
  return selected;
}

std::string KeyPrefix(absl::string_view kodepemda, absl::string_view kodeindikator) {
  return absl::StrCat(kodepemda, ".", kodeindikator, ".");
}

void AddYears(absl::string_view kodepemda, const std::vector<OwnValue>& ours,
              const std::vector<Baseline>& theirs, std::vector<IndicatorRow>& rows) {
  absl::flat_hash_map<std::string, Years> years;  // By key prefix.
  for (const OwnValue& value : ours) {
    IndicatorYear& year = YearOf(years[KeyPrefix(kodepemda, value.kodeindikator)], value.tahun);
    year.value = value.value;
    year.file_id = value.file_id;
  }
  for (const Baseline& baseline : theirs) {
    const size_t end = baseline.key.rfind('.') + 1;
    IndicatorYear& year = YearOf(years[baseline.key.substr(0, end)], baseline.key.substr(end));
    year.target_value = baseline.value;
    year.confirm_time = baseline.confirm_time;
  }
  for (IndicatorRow& row : rows) row.years = Newest(years[KeyPrefix(kodepemda, row.indicator.kodeindikator)]);
}

}  // namespace satudata::sync
