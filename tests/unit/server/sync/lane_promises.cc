// What a Lane may do, and what it may never.
#include <algorithm>
#include <initializer_list>

#include "absl/strings/str_cat.h"
#include "server/sync/doubt.h"
#include "tests/unit/server/sync/lane_model.h"

namespace satudata::sync {
namespace {

constexpr absl::Duration kParkAfter = absl::Hours(2);

bool IsOneOf(State state, std::initializer_list<State> states) {
  return std::find(states.begin(), states.end(), state) != states.end();
}

// Whether one step may lead a record from one state to another. Several moves within one call count as one
// step.
bool MayFollow(State from, State to) {
  switch (from) {
    case State::kQueued:  // PARKED: it could not be looked at, time and again.
      return to != State::kConfirmed && to != State::kSkipped && to != State::kPartial;
    case State::kSending:
      return !IsOneOf(to, {State::kUnchanged, State::kSkipped, State::kPartial});
    case State::kAccepted:  // QUEUED: what arrived is an earlier value, and another is wanted now.
      return IsOneOf(to, {State::kAccepted, State::kConfirmed, State::kRejected, State::kParked,
                          State::kCancelled, State::kQueued});
    case State::kUnknown:  // ACCEPTED: a superseded delivery was told so about the request in question.
      return IsOneOf(to, {State::kUnknown, State::kAccepted, State::kConfirmed, State::kRejected,
                          State::kQueued, State::kDeferred, State::kParked, State::kCancelled});
    case State::kDeferred:
      return !IsOneOf(to, {State::kConfirmed, State::kRejected, State::kSkipped, State::kPartial});
    default:
      return false;  // Final.
  }
}

bool IsInDoubt(State state) { return state == State::kUnknown || state == State::kAccepted; }

}  // namespace

void ModelRows::Apply(const Change& change) {
  for (const std::string& id : change.cleared_deliveries) deliveries[id].records.clear();
  for (const RecordChange& item : change.records) {
    std::vector<Record>& records = deliveries[item.delivery_id].records;
    records.resize(std::max<size_t>(records.size(), static_cast<size_t>(item.position) + 1));
    records[static_cast<size_t>(item.position)] = item.record;
  }
  for (const DeliveryChange& item : change.deliveries)
    deliveries[item.delivery.delivery_id].delivery = item.delivery;
  for (const Baseline& baseline : change.baselines) baselines[baseline.key] = baseline;
  for (const Refusal& refusal : change.refusals) refusals[refusal.key] = refusal;
  if (change.run_state.has_value()) ended_runs.insert(change.run_id);
}

// A change may hold several steps of the same row, in order.
void LanePromises::OnChange(const Change& change, const ModelRows& rows, absl::Time now) {
  std::map<std::string, State> states;
  for (const DeliveryChange& item : change.deliveries) {
    const std::string& id = item.delivery.delivery_id;
    const auto before = rows.deliveries.find(id);
    if (before != rows.deliveries.end()) states.try_emplace(id, before->second.delivery.state);
    CheckDelivery(item, states);
  }
  std::map<std::pair<std::string, int64_t>, Record> records;
  for (const RecordChange& item : change.records) {
    const auto row = rows.deliveries.find(item.delivery_id);
    const bool cleared = std::find(change.cleared_deliveries.begin(), change.cleared_deliveries.end(),
                                   item.delivery_id) != change.cleared_deliveries.end();
    const auto position = static_cast<size_t>(item.position);
    if (!cleared && row != rows.deliveries.end() && position < row->second.records.size())
      records.try_emplace({item.delivery_id, item.position}, row->second.records[position]);
    const auto before = records.find({item.delivery_id, item.position});
    CheckRecord(item, before == records.end() ? nullptr : &before->second, now);
    records[{item.delivery_id, item.position}] = item.record;
  }
}

void LanePromises::CheckDelivery(const DeliveryChange& item, std::map<std::string, State>& states) {
  const std::string& id = item.delivery.delivery_id;
  const auto before = states.find(id);
  const bool known = before != states.end();
  if (known != item.previous.has_value()) Break(id + " is made twice, or never was");
  if (known && before->second != *item.previous) Break(id + ": a change was lost or repeated");
  if (known && IsFinal(before->second) && before->second != item.delivery.state) {
    Break(
        absl::StrCat(id, ": final ", StateName(before->second), " became ", StateName(item.delivery.state)));
  }
  states[id] = item.delivery.state;
}

void LanePromises::CheckRecord(const RecordChange& item, const Record* before, absl::Time now) {
  const Record& record = item.record;
  const std::string name = absl::StrCat(item.delivery_id, " ", record.key);
  if (before != nullptr && !MayFollow(before->state, record.state)) {
    Break(absl::StrCat(name, ": ", StateName(before->state), " became ", StateName(record.state)));
  }
  // It was settled that the request did nothing; what was promised then is void.
  const bool settled = before != nullptr && before->state == State::kUnknown && record.state != before->state;
  Last& last = last_[record.key];
  if (settled && last.conclusive && before->sent_hash == last.hash) last.accepted = false;
  const bool news = before == nullptr || before->state != record.state;
  if (news && record.state == State::kConfirmed) {
    const ObservedValue* held = world_.Held(record.key, now);
    if (held == nullptr || held->hash != record.hash) Break(name + ": CONFIRMED, and not held");
  }
}

void LanePromises::OnApplied(const Change& change, const ModelRows& rows) {
  std::set<std::string> touched;
  for (const DeliveryChange& item : change.deliveries) touched.insert(item.delivery.delivery_id);
  for (const RecordChange& item : change.records) touched.insert(item.delivery_id);
  for (const std::string& id : touched) {
    const ModelRows::Row& row = rows.deliveries.at(id);
    if (row.records.empty()) continue;
    StateCounts counts;
    for (const Record& record : row.records) ++counts[record.state];
    if (!(counts == row.delivery.records) || SumRecords(counts) != row.delivery.state) {
      Break(absl::StrCat(id, ": ", StateName(row.delivery.state), ", its records ",
                         StateName(SumRecords(counts))));
    }
  }
}

void LanePromises::OnSend(const SendJob& job, const ModelRows& committed, absl::Time now) {
  if (job.records.empty() || job.records.size() > traits_.max_batch_records) Break("a batch of wrong size");
  for (const OutboundRecord& outbound : job.records) {
    const bool durable =
        std::any_of(committed.deliveries.begin(), committed.deliveries.end(), [&](const auto& item) {
          return std::any_of(item.second.records.begin(), item.second.records.end(),
                             [&](const Record& record) {
                               return record.key == outbound.key && record.hash == outbound.hash &&
                                      record.sent_hash == outbound.hash && record.state == State::kSending;
                             });
        });
    if (!durable) Break(outbound.key + ": sent before that was stored");
    if (!in_flight_.insert(outbound.key).second) Break(outbound.key + ": two requests in flight");
    const Last& last = last_[outbound.key];
    const bool settled = last.accepted ? last.conclusive && last.hash != outbound.hash : last.conclusive;
    if (last.open && !settled && now - last.send_time < kParkAfter) {
      Break(absl::StrCat(outbound.key, ": sent again while ", last.hash, " of ",
                         absl::FormatDuration(now - last.send_time), " ago is in doubt"));
    }
    last_[outbound.key] = {.send_time = now, .hash = outbound.hash, .open = true};
  }
}

void LanePromises::OnAnswer(const SendJob& job, const Verdict& verdict) {
  for (size_t i = 0; i < job.records.size(); ++i) {
    in_flight_.erase(job.records[i].key);
    Last& last = last_[job.records[i].key];
    if (verdict.kind != VerdictKind::kJudged) {
      last.open = verdict.effect == Effect::kPossible;
    } else {
      const Ruling ruling = verdict.records[i].ruling;
      last.open = ruling == Ruling::kUnknown || ruling == Ruling::kAccepted;
      last.accepted = ruling == Ruling::kAccepted;
    }
  }
}

void LanePromises::OnRead(const Observation& observation) {
  for (auto& [key, last] : last_) {
    if (!last.open || LaneWorld::ScopeOf(key) != observation.scope) continue;
    const auto seen = observation.values.find(key);
    if (seen != observation.values.end() && seen->second.hash == last.hash) last.open = false;
    if (observation.start_time >= ConclusiveTime(last.send_time, traits_)) last.conclusive = true;
  }
}

void LanePromises::OnCrash(const ModelRows& committed) {
  in_flight_.clear();
  for (auto& [key, last] : last_) last.accepted = false;
  for (const auto& [id, row] : committed.deliveries) {
    for (const Record& record : row.records) {
      if (record.state == State::kAccepted) last_[record.key].accepted = true;
    }
  }
}

void LanePromises::AtTheEnd(const ModelRows& rows, absl::Time now) {
  if (world_.needless_second_effects > 0) Break("a needless second effect");
  std::set<std::string> given_up;  // Keys whose value at the target is a person's business now.
  for (const auto& [id, row] : rows.deliveries) {
    if (!IsFinal(row.delivery.state)) Break(absl::StrCat(id, ": left ", StateName(row.delivery.state)));
    for (const Record& record : row.records) {
      if (!IsFinal(record.state))
        Break(absl::StrCat(id, " ", record.key, ": left ", StateName(record.state)));
      if (IsInDoubt(record.state)) Break(id + ": left in doubt");
      if (record.state == State::kParked || record.state == State::kRejected) given_up.insert(record.key);
    }
  }
  for (const auto& [key, count] : world_.apply_counts) {
    const auto baseline = rows.baselines.find(key);
    const ObservedValue* held = world_.Held(key, now);
    const bool known =
        baseline != rows.baselines.end() && held != nullptr && baseline->second.hash == held->hash;
    if (!known && !given_up.contains(key)) Break(key + ": what we brought there is not known to us");
  }
}

}  // namespace satudata::sync
