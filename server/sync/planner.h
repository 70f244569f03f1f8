// File: planner.h
//
// What one file means for one target, given what we know: a pure function from catalogue, baselines,
// refusals, open records and observations to records in their first states.
#ifndef SERVER_SYNC_PLANNER_H_
#define SERVER_SYNC_PLANNER_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/time/time.h"
#include "server/catalog/catalog_file.h"
#include "server/sync/run.h"
#include "server/sync/target.h"

namespace satudata::sync {

// What is known beforehand, for the keys of a page of files. Borrowed for one call.
struct Knowledge {
  absl::flat_hash_map<std::string, Baseline> baselines;                               // By key.
  absl::flat_hash_map<std::string, Refusal> refusals;                                 // By key.
  absl::flat_hash_map<std::string, OpenRecord> open_records;                          // By key.
  absl::flat_hash_map<std::string, std::shared_ptr<const Observation>> observations;  // By scope.
};

struct PlanContext {
  const TargetTraits* traits = nullptr;
  std::string reference_version;
  bool force = false;
  bool asks_again = false;  // What was refused is sent all the same.
  // Looks also at a target that is not asked before it is sent to: nothing comes of it but the change that is
  // shown.
  bool looks_at_all = false;
  absl::Time restore_time = absl::InfinitePast();  // See Store::RestoreTime.
  absl::Time now;
};

struct PlannedFile {
  Delivery delivery;                     // Without delivery_id and run_id.
  std::vector<Record> records;           // In the order of the projection.
  std::vector<OutboundRecord> outbound;  // What they are sent with.
  std::vector<Baseline> adopted;
  std::vector<PlannedRequest> requests;  // Of a preview: the first of those that would be sent.
};

// Never fails: what cannot be sent is in the answer as SKIPPED or REJECTED. A record whose target value is
// needed and not in `knowledge` comes out QUEUED with previous_known = false.
PlannedFile PlanFile(const catalog::CatalogFile& file, const Projection& projection,
                     const Knowledge& knowledge, const PlanContext& context);

// The delivery that withdraws a key. `baseline` is what is known of it; may be null. What the target says of
// it is read before it is sent.
PlannedFile PlanWithdrawal(const ProjectedRecord& projected, const Baseline* baseline,
                           const PlanContext& context);

// The scopes that must be read before these records may be planned: no baseline, nothing open, not refused.
std::vector<std::string> ScopesToObserve(const Projection& projection, const Knowledge& knowledge,
                                         const PlanContext& context);

// Sets state, record counts and failure of `delivery` from its records. Requires records, or a state already
// set.
void SumUp(const std::vector<Record>& records, Delivery& delivery);

}  // namespace satudata::sync

#endif  // SERVER_SYNC_PLANNER_H_
