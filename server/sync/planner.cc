#include "server/sync/planner.h"

#include <algorithm>

#include "absl/container/flat_hash_set.h"
#include "server/sync/doubt.h"

namespace satudata::sync {
namespace {

using catalog::Failure;

template <typename Map>
const typename Map::mapped_type* Find(const Map& map, const std::string& key) {
  const auto it = map.find(key);
  return it == map.end() ? nullptr : &it->second;
}

bool IsRefusalInForce(const Refusal& refusal, const OutboundRecord& record, const PlanContext& context) {
  return refusal.hash == record.hash && refusal.rules_version == context.traits->rules_version &&
         refusal.reference_version == context.reference_version;
}

const Refusal* RefusalInForce(const OutboundRecord& record, const Knowledge& knowledge,
                              const PlanContext& context) {
  const Refusal* refusal = Find(knowledge.refusals, record.key);
  if (refusal == nullptr || context.force || context.asks_again) return nullptr;
  return IsRefusalInForce(*refusal, record, context) ? refusal : nullptr;
}

const Baseline* Proven(const Baseline* baseline, const PlanContext& context) {
  return baseline != nullptr && baseline->IsProven(context.restore_time) ? baseline : nullptr;
}

// What is proven to be there, and what may be. A withdrawal is neither.
const Baseline* ValueHeld(const Knowledge& knowledge, const std::string& key, const PlanContext& context) {
  const Baseline* baseline = Proven(Find(knowledge.baselines, key), context);
  return baseline == nullptr || baseline->withdrawn() ? nullptr : baseline;
}

const OpenRecord* ValueInDoubt(const Knowledge& knowledge, const std::string& key) {
  const OpenRecord* open = Find(knowledge.open_records, key);
  return open == nullptr || open->record.withdraws() ? nullptr : open;
}

// Since when the key is withdrawn, or being withdrawn: its value is sent again only by force. That somebody
// decided so holds though a restored database does not prove it.
std::optional<absl::Time> WithdrawnSince(const Knowledge& knowledge, const std::string& key,
                                         const PlanContext& context) {
  if (context.force) return std::nullopt;
  const OpenRecord* open = Find(knowledge.open_records, key);
  if (open != nullptr && open->record.withdraws()) return open->record.send_time.value_or(context.now);
  const Baseline* baseline = Find(knowledge.baselines, key);
  if (baseline != nullptr && baseline->withdrawn()) return baseline->confirm_time;
  return std::nullopt;
}

bool MustBeObserved(const ProjectedRecord& projected, const Knowledge& knowledge,
                    const PlanContext& context) {
  return (context.traits->reads_tables || context.looks_at_all) && projected.failure.ok() &&
         ValueHeld(knowledge, projected.record.key, context) == nullptr &&
         ValueInDoubt(knowledge, projected.record.key) == nullptr &&
         !WithdrawnSince(knowledge, projected.record.key, context).has_value() &&
         RefusalInForce(projected.record, knowledge, context) == nullptr;
}

void Reject(Failure failure, Record& record) {
  record.state = State::kRejected;
  record.failure = std::move(failure);
}

void Recall(const Refusal& refusal, Record& record) {
  Reject(refusal.failure, record);
  record.failure.args["refuse_time"] =
      absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", refusal.refuse_time, absl::UTCTimeZone());
}

void Compare(const Baseline& baseline, const PlanContext& context, Record& record) {
  record.previous_known = true;
  record.previous_hash = baseline.hash;
  record.previous_value = baseline.value;
  const bool same = baseline.hash == record.hash;
  record.change = same ? ChangeKind::kSame : ChangeKind::kUpdate;
  if (same && !context.force) record.state = State::kUnchanged;
}

// What is to be expected of a target that is looked at only when it is the record's turn.
ChangeKind ExpectedChange(const Baseline* baseline, const OutboundRecord& record) {
  if (baseline == nullptr || baseline->withdrawn()) return ChangeKind::kCreate;
  return baseline->hash == record.hash ? ChangeKind::kSame : ChangeKind::kUpdate;
}

void Look(const Observation& observation, const PlanContext& context, Record& record) {
  const auto seen = observation.values.find(record.key);
  JudgeFirstSight(seen == observation.values.end() ? nullptr : &seen->second, record);
  if (context.traits->reads_tables) return;
  record.state = State::kQueued;
  record.failure = Failure();
}

Record PlanRecord(const ProjectedRecord& projected, const Knowledge& knowledge, const PlanContext& context) {
  const OutboundRecord& outbound = projected.record;
  Record record{.key = outbound.key, .scope = outbound.scope, .value = outbound.value, .hash = outbound.hash};
  if (!projected.failure.ok()) {
    Reject(projected.failure, record);
  } else if (const Refusal* refusal = RefusalInForce(outbound, knowledge, context)) {
    Recall(*refusal, record);
  } else if (const auto since = WithdrawnSince(knowledge, outbound.key, context)) {
    Reject(Withdrawn(outbound.key, *since), record);
  } else if (const OpenRecord* open = ValueInDoubt(knowledge, outbound.key)) {
    InheritDoubt(open->record, record);
  } else if (const Baseline* baseline = ValueHeld(knowledge, outbound.key, context)) {
    Compare(*baseline, context, record);
  } else if (const auto* observation = Find(knowledge.observations, outbound.scope)) {
    Look(**observation, context, record);
  } else if (!context.traits->reads_tables && !context.looks_at_all) {
    record.change = ExpectedChange(Find(knowledge.baselines, outbound.key), outbound);
  }
  return record;
}

Baseline Adopt(const Record& record, const catalog::CatalogFile& file, const PlanContext& context) {
  return {.target = context.traits->name,
          .key = record.key,
          .hash = record.hash,
          .value = record.value,
          .file_id = file.file_id,
          .confirm_time = context.now,
          .adopted = true};
}

}  // namespace

void SumUp(const std::vector<Record>& records, Delivery& delivery) {
  if (records.empty()) return;
  delivery.records = StateCounts();
  for (const Record& record : records) ++delivery.records[record.state];
  delivery.state = SumRecords(delivery.records);
  // The failure shown is one of the state shown; of a PARTIAL delivery the first there is.
  delivery.failure = Failure();
  for (const Record& record : records) {
    const bool speaks = record.state == delivery.state || delivery.state == State::kPartial;
    if (!speaks || record.failure.ok()) continue;
    delivery.failure = record.failure;
    break;
  }
  if (records.size() == 1) delivery.remote_id = records.front().remote_id;
}

PlannedFile PlanFile(const catalog::CatalogFile& file, const Projection& projection,
                     const Knowledge& knowledge, const PlanContext& context) {
  PlannedFile planned;
  planned.delivery = {.file_id = file.file_id,
                      .file_name = file.name,
                      .target = context.traits->name,
                      .finding_count = projection.finding_count,
                      .revision = file.revision,
                      .is_public = file.is_public,
                      .create_time = context.now,
                      .update_time = context.now};
  if (!projection.skipped.ok() || !projection.rejected.ok()) {
    const bool skipped = !projection.skipped.ok();
    planned.delivery.state = skipped ? State::kSkipped : State::kRejected;
    planned.delivery.failure = skipped ? projection.skipped : projection.rejected;
    return planned;
  }
  for (const ProjectedRecord& projected : projection.records) {
    planned.records.push_back(PlanRecord(projected, knowledge, context));
    planned.outbound.push_back(projected.record);
    const Record& record = planned.records.back();
    const bool known = Proven(Find(knowledge.baselines, record.key), context) != nullptr;
    if (record.state == State::kUnchanged && !known) planned.adopted.push_back(Adopt(record, file, context));
  }
  SumUp(planned.records, planned.delivery);
  return planned;
}

PlannedFile PlanWithdrawal(const ProjectedRecord& projected, const Baseline* baseline,
                           const PlanContext& context) {
  const OutboundRecord& outbound = projected.record;
  Record record{.key = outbound.key,
                .scope = outbound.scope,
                .hash = outbound.hash,
                .change = ChangeKind::kWithdraw,
                .previous_value = baseline != nullptr ? baseline->value : ""};
  if (!projected.failure.ok()) {
    Reject(projected.failure, record);
  } else if (Proven(baseline, context) != nullptr && baseline->withdrawn()) {
    record.state = State::kUnchanged;
  }
  PlannedFile planned{.delivery = {.file_name = outbound.key,
                                   .target = context.traits->name,
                                   .create_time = context.now,
                                   .update_time = context.now},
                      .records = {std::move(record)},
                      .outbound = {outbound}};
  SumUp(planned.records, planned.delivery);
  return planned;
}

std::vector<std::string> ScopesToObserve(const Projection& projection, const Knowledge& knowledge,
                                         const PlanContext& context) {
  absl::flat_hash_set<std::string> scopes;
  for (const ProjectedRecord& projected : projection.records) {
    if (MustBeObserved(projected, knowledge, context)) scopes.insert(projected.record.scope);
  }
  std::vector<std::string> sorted(scopes.begin(), scopes.end());
  std::sort(sorted.begin(), sorted.end());
  return sorted;
}

}  // namespace satudata::sync
