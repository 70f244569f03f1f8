#include "server/sync/lane_feed.h"

#include <utility>

namespace satudata::sync {

using catalog::FileWithValues;

LaneDelivery MakeLaneDelivery(const Run& run, DeliveryDetail detail) {
  LaneDelivery item{.delivery = std::move(detail.delivery),
                    .records = std::move(detail.records),
                    .kind = run.request.kind,
                    .force = run.request.force,
                    .detached = IsFinal(run.state),
                    .traceparent = run.request.traceparent};
  item.outbound.resize(item.records.size());
  return item;
}

// Gives each record what it is sent with; false if the file would no longer be sent as it was planned.
bool Equip(const FileWithValues& file, const Projection& projection, LaneDelivery& item) {
  const bool same = file.file.revision == item.delivery.revision &&
                    file.file.verification == catalog::Verification::kVerified;
  if (!same) return false;
  absl::flat_hash_map<absl::string_view, const OutboundRecord*> by_key;
  for (const ProjectedRecord& projected : projection.records)
    by_key[projected.record.key] = &projected.record;
  for (size_t i = 0; i < item.records.size(); ++i) {
    const auto found = by_key.find(item.records[i].key);
    if (found != by_key.end() && found->second->hash == item.records[i].hash) {
      item.outbound[i] = *found->second;
    } else if (!IsFinal(item.records[i].state)) {
      return false;
    }
  }
  return true;
}

absl::StatusOr<std::vector<LaneDelivery>> EquipOpen(std::vector<DeliveryDetail> page,
                                                    absl::flat_hash_map<std::string, Run>& runs,
                                                    const PlanBuilder::Dependencies& dependencies) {
  std::vector<std::string> file_ids;
  for (const DeliveryDetail& detail : page) file_ids.push_back(detail.delivery.file_id);
  absl::StatusOr<std::vector<FileWithValues>> files = dependencies.store->LoadFiles(file_ids);
  if (!files.ok()) return files.status();
  absl::flat_hash_map<std::string, const FileWithValues*> by_id;
  for (const FileWithValues& file : *files) by_id[file.file.file_id] = &file;

  std::vector<LaneDelivery> open;
  for (DeliveryDetail& detail : page) {
    const std::string& run_id = detail.delivery.run_id;
    if (!runs.contains(run_id)) {
      absl::StatusOr<Run> run = dependencies.store->GetRun(run_id);
      if (!run.ok()) return run.status();
      runs.emplace(run_id, *std::move(run));
    }
    const Run& run = runs.at(run_id);
    if (!IsFinal(run.state)) continue;  // Its own driver feeds it.
    LaneDelivery item = MakeLaneDelivery(run, std::move(detail));
    const auto file = by_id.find(item.delivery.file_id);
    if (file != by_id.end()) {
      Equip(*file->second, PlanBuilder(run, dependencies).Project(*file->second), item);
    }
    open.push_back(std::move(item));
  }
  return open;
}

}  // namespace satudata::sync
