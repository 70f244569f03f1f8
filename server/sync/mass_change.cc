#include "server/sync/mass_change.h"

#include "absl/strings/str_cat.h"

namespace satudata::sync {
namespace {

// Fewer than so many say nothing about the whole: a small office may well correct half of its figures.
constexpr int64_t kLeastKnown = 50;
constexpr int64_t kMostChangedPercent = 30;

catalog::Failure MassChange(int64_t changed, int64_t known) {
  return {.reason = catalog::Reason::kMassChange,
          .args = {{"changed", absl::StrCat(changed)},
                   {"known", absl::StrCat(known)},
                   {"percent", absl::StrCat(changed * 100 / known)}}};
}

}  // namespace

void PlanTotals::Add(const std::vector<Record>& records,
                     const absl::flat_hash_map<std::string, Baseline>& baselines, absl::Time restore_time) {
  for (const Record& record : records) {
    const auto found = baselines.find(record.key);
    const bool counts =
        found != baselines.end() && (found->second.IsProven(restore_time) || !record.previous_known);
    const std::string& held = counts ? found->second.hash : record.previous_hash;
    if (held.empty()) continue;
    ++known_records;
    if (!IsFinal(record.state) && held != record.hash) ++changed_records;
  }
}

std::optional<catalog::Failure> JudgeMassChange(const PlanTotals& totals,
                                                std::optional<int64_t> last_verified_files) {
  const auto& [known, changed, files] = totals;
  if (known >= kLeastKnown && changed * 100 > known * kMostChangedPercent) return MassChange(changed, known);
  if (last_verified_files.has_value() && files * 2 < *last_verified_files) {
    return MassChange(*last_verified_files - files, *last_verified_files);
  }
  return std::nullopt;
}

}  // namespace satudata::sync
