#include "server/sync/lane_feed.h"

#include <utility>

#include "server/sync/doubt.h"

namespace satudata::sync {

using catalog::FileWithValues;

LaneDelivery MakeLaneDelivery(const Run& run, DeliveryDetail detail) {
  LaneDelivery item{.delivery = std::move(detail.delivery),
                    .records = std::move(detail.records),
                    .kind = run.request.kind,
                    .force = run.request.force,
                    .detached = IsFinal(run.state),
                    .stopped = run.stop_time.has_value(),
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

bool Equip(const ProjectedRecord& projected, LaneDelivery& item) {
  if (item.records.front().key != projected.record.key) return false;
  item.outbound.front() = projected.record;
  return true;
}

namespace {

bool IsToBeSent(const Record& record) {
  return record.state == State::kQueued || record.state == State::kDeferred;
}

void AddKnown(const absl::flat_hash_map<std::string, OpenRecord>& open_records,
              const absl::flat_hash_map<std::string, Baseline>& baselines, absl::Time now,
              LaneDelivery& item) {
  for (Record& record : item.records) {
    if (!IsToBeSent(record)) continue;
    const auto open = open_records.find(record.key);
    const bool is_open = open != open_records.end() &&
                         open->second.delivery_id != item.delivery.delivery_id &&
                         IsOfOneKind(open->second.record, record);
    if (is_open) {
      InheritDoubt(open->second.record, record);
      // What is stored is when it was claimed; it may have left only now.
      if (open->second.record.state == State::kSending) record.send_time = now;
    }
    const auto held = baselines.find(record.key);
    if (held != baselines.end()) item.held.push_back(held->second);
  }
}

}  // namespace

absl::Status AddKnown(Store& store, absl::string_view target, absl::Time now,
                      std::vector<LaneDelivery>& items) {
  std::vector<std::string> keys;
  for (const LaneDelivery& item : items) {
    for (const Record& record : item.records) {
      if (IsToBeSent(record)) keys.push_back(record.key);
    }
  }
  if (keys.empty()) return absl::OkStatus();
  // In this order: what is settled between the two is open in the first or proven in the second.
  const auto open_records = store.OpenRecords(target, keys);
  if (!open_records.ok()) return open_records.status();
  const auto baselines = store.Baselines(target, keys);
  if (!baselines.ok()) return baselines.status();
  for (LaneDelivery& item : items) AddKnown(*open_records, *baselines, now, item);
  return absl::OkStatus();
}

}  // namespace satudata::sync
