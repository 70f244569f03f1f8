// File: mass_change.h
//
// The guard that stops a run before it sends anything when too much of what is known would change at once: a
// catalogue that was imported wrongly must not reach the nation. Creating never trips it. Pure.
#ifndef SERVER_SYNC_MASS_CHANGE_H_
#define SERVER_SYNC_MASS_CHANGE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "server/catalog/failure.h"
#include "server/sync/run.h"

namespace satudata::sync {

// What a plan for one target comes to.
struct PlanTotals {
  int64_t known_records = 0;    // With a baseline, or whose value was seen at the target.
  int64_t changed_records = 0;  // Of these: would be sent and hold another value.
  int64_t verified_files = 0;

  // `baselines` by key, as they were when `records` were planned. What the target was seen to hold counts
  // more than one that is not proven.
  void Add(const std::vector<Record>& records, const absl::flat_hash_map<std::string, Baseline>& baselines,
           absl::Time restore_time = absl::InfinitePast());
};

// Why nothing of the plan may be sent (kMassChange with the figures), if so: of at least 50 known records
// more than 30 % would change; or the verified catalogue is under half of `last_verified_files`, what an
// earlier run over the whole catalogue saw (none: not to be compared).
std::optional<catalog::Failure> JudgeMassChange(const PlanTotals& totals,
                                                std::optional<int64_t> last_verified_files);

}  // namespace satudata::sync

#endif  // SERVER_SYNC_MASS_CHANGE_H_
