// File: lane_world.h
//
// A target in virtual time that keeps the truth, and a driver that lets a Lane live against it: hours in
// milliseconds.
#ifndef TESTS_UNIT_SERVER_SYNC_LANE_WORLD_H_
#define TESTS_UNIT_SERVER_SYNC_LANE_WORLD_H_

#include <algorithm>
#include <functional>
#include <map>
#include <queue>
#include <random>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "server/sync/lane.h"

namespace satudata::sync {

// How often (0 to 1) a request meets each fate.
struct Fates {
  double refused = 0;            // No connection.
  double dropped = 0;            // Broken before it was applied.
  double applied_then_lost = 0;  // Applied, perhaps late, and never answered.
  double server_error = 0;       // 5xx, half of them after applying.
  double throttled = 0;
  double warming_up = 0;
  double unknown_shape = 0;  // Applied, and answered with garbage.
  double row_unknown = 0;    // Per record: applied, and no word about it.
  double row_rejected = 0;   // Per record, for good.
  double late = 0;           // Per record: accepted, applied later.
  double never = 0;          // Per record: accepted, never applied.
  double read_failed = 0;
  absl::Duration late_by = absl::Minutes(20);  // At most.
  double probe_failed = 0;
};

// The truth, and what befalls each request. Single-threaded; everything random comes from the seed.
class LaneWorld {
 public:
  LaneWorld(TargetTraits traits, Fates fates, uint64_t seed)
      : traits_(std::move(traits)), fates_(fates), random_(seed) {}

  struct Reply {
    absl::Duration delay;
    SendResult result;
  };

  Reply Send(const SendJob& job, absl::Time now) {
    ++request_count;
    if (HoldsPoison(job)) return Blocked();
    if (Chance(fates_.refused)) return Failed(VerdictKind::kOutage, Effect::kNone, absl::Milliseconds(5));
    if (Chance(fates_.throttled))
      return Failed(VerdictKind::kThrottled, Effect::kNone, absl::Milliseconds(5));
    if (Chance(fates_.warming_up))
      return Failed(VerdictKind::kWarmingUp, Effect::kNone, absl::Milliseconds(5));
    if (Chance(fates_.dropped))
      return Failed(VerdictKind::kOutage, Effect::kPossible, absl::Milliseconds(20));
    if (Chance(fates_.applied_then_lost)) {
      ApplyAll(job, now + Uniform() * (traits_.request_deadline + traits_.settle_time) * 0.99);
      return Failed(VerdictKind::kOutage, Effect::kPossible, traits_.request_deadline);
    }
    if (Chance(fates_.server_error)) {
      if (Chance(0.5)) ApplyAll(job, now);
      return Failed(VerdictKind::kOutage, Effect::kPossible, absl::Milliseconds(50));
    }
    if (Chance(fates_.unknown_shape)) {
      ApplyAll(job, now);
      return Failed(VerdictKind::kUnknown, Effect::kPossible, absl::Milliseconds(50));
    }
    return Judge(job, now);
  }

  ReadResult Read(const std::string& scope, absl::Time start) {
    ++read_count;
    ReadResult result;
    if (blocked_scopes.contains(scope)) {
      result.verdict = Blocked().result.verdict;
      return result;
    }
    if (Chance(fates_.read_failed)) {
      result.verdict = {.kind = VerdictKind::kOutage,
                        .effect = Effect::kNone,
                        .failure = {.reason = catalog::Reason::kTargetOutage}};
      return result;
    }
    result.verdict.kind = VerdictKind::kJudged;
    result.observation = Observation{.scope = scope, .start_time = start};
    Settle(start);
    for (const auto& [key, value] : held_) {
      if (ScopeOf(key) == scope) result.observation->values[key] = value;
    }
    return result;
  }

  CheckResult Check() {
    ++probe_count;
    CheckResult result{.healthy = !Chance(fates_.probe_failed)};
    if (!result.healthy) result.failure = {.reason = catalog::Reason::kTargetOutage};
    return result;
  }

  // What is there before anybody sends.
  void Put(const std::string& key, ObservedValue value) { held_[key] = std::move(value); }

  const ObservedValue* Held(const std::string& key, absl::Time now) {
    Settle(now);
    const auto found = held_.find(key);
    return found == held_.end() ? nullptr : &found->second;
  }

  static std::string ScopeOf(const std::string& key) { return key.substr(0, key.find('.')); }

  int needless_second_effects = 0;
  int request_count = 0;
  int read_count = 0;
  int probe_count = 0;
  std::map<std::string, int> apply_counts;
  std::set<std::string> poison;          // A firewall refuses any request with one of these keys.
  std::set<std::string> blocked_scopes;  // … and to show these.

 private:
  bool Chance(double probability) { return Uniform() < probability; }
  double Uniform() { return std::uniform_real_distribution<double>(0, 1)(random_); }

  bool HoldsPoison(const SendJob& job) const {
    return std::any_of(job.records.begin(), job.records.end(),
                       [this](const OutboundRecord& record) { return poison.contains(record.key); });
  }

  static Reply Blocked() {
    Reply reply{.delay = absl::Milliseconds(20)};
    reply.result.verdict = {.kind = VerdictKind::kBlocked,
                            .effect = Effect::kPossible,
                            .failure = {.reason = catalog::Reason::kBlockedByFirewall, .http_code = 403}};
    return reply;
  }

  Reply Failed(VerdictKind kind, Effect effect, absl::Duration delay) {
    Reply reply{.delay = delay};
    reply.result.verdict = {
        .kind = kind, .effect = effect, .failure = {.reason = catalog::Reason::kTargetOutage}};
    return reply;
  }

  Reply Judge(const SendJob& job, absl::Time now) {
    Reply reply{.delay = absl::Milliseconds(20 + 60 * Uniform())};
    reply.result.verdict.kind = VerdictKind::kJudged;
    for (const OutboundRecord& record : job.records)
      reply.result.verdict.records.push_back(JudgeOne(record, now));
    return reply;
  }

  RecordRuling JudgeOne(const OutboundRecord& record, absl::Time now) {
    if (Chance(fates_.row_rejected)) {
      return {.ruling = Ruling::kRejected, .failure = {.reason = catalog::Reason::kRefusedByTarget}};
    }
    if (Chance(fates_.row_unknown)) {
      Apply(record, now);
      return {.ruling = Ruling::kUnknown, .failure = {.reason = catalog::Reason::kAnswerUnknown}};
    }
    if (traits_.confirmation == Confirmation::kResponse) {
      Apply(record, now);
      return {.ruling = Ruling::kConfirmed, .remote_id = absl::StrCat("r-", record.key)};
    }
    if (Chance(fates_.never)) return {.ruling = Ruling::kAccepted};
    Apply(record, Chance(fates_.late) ? now + Uniform() * fates_.late_by : now);
    return {.ruling = Ruling::kAccepted};
  }

  void ApplyAll(const SendJob& job, absl::Time at) {
    for (const OutboundRecord& record : job.records) Apply(record, at);
  }

  void Apply(const OutboundRecord& record, absl::Time at) { pending_.emplace(at, record); }

  void Settle(absl::Time now) {
    while (!pending_.empty() && pending_.begin()->first <= now) {
      const OutboundRecord record = pending_.begin()->second;
      pending_.erase(pending_.begin());
      ++apply_counts[record.key];
      auto [held, fresh] = held_.try_emplace(record.key);
      if (!fresh && held->second.hash == record.hash) ++needless_second_effects;
      held->second = {.hash = record.hash, .value = record.value};
    }
  }

  const TargetTraits traits_;
  const Fates fates_;
  std::mt19937_64 random_;
  std::map<std::string, ObservedValue> held_;
  std::multimap<absl::Time, OutboundRecord> pending_;
};

// Lets a lane live against a world, and holds every claim it makes against the truth at that moment.
class LaneLife {
 public:
  LaneLife(const TargetTraits& traits, LaneWorld& world, uint64_t seed)
      : world_(world), lane_(traits, LaneOptions(), base::SeededUniform(seed)) {}

  Lane& lane() { return lane_; }
  absl::Time now() const { return now_; }

  void Add(LaneDelivery delivery) {
    for (size_t i = 0; i < delivery.records.size(); ++i) {
      records[{delivery.delivery.delivery_id, static_cast<int64_t>(i)}] = delivery.records[i];
    }
    deliveries[delivery.delivery.delivery_id] = delivery.delivery;
    lane_.Add(std::move(delivery), now_);
    Collect();
  }

  // Lives until `stop` says so or `limit` has passed; false if it ran out of things to do or of time.
  bool LiveUntil(const std::function<bool()>& stop, absl::Duration limit) {
    const absl::Time end = now_ + limit;
    while (!stop()) {
      if (now_ > end) return false;
      const Job job = lane_.Next(now_);
      Collect();
      if (std::holds_alternative<ClaimJob>(job)) {
        At(now_ + absl::Milliseconds(3), [this] { lane_.OnClaimed(now_); });
      } else if (const auto* send = std::get_if<SendJob>(&job)) {
        LaneWorld::Reply reply = world_.Send(*send, now_);
        At(now_ + reply.delay,
           [this, id = send->job_id, result = std::move(reply.result)] { lane_.OnSent(id, result, now_); });
      } else if (const auto* read = std::get_if<ReadJob>(&job)) {
        At(now_ + absl::Milliseconds(100),
           [this, scope = read->scope, result = world_.Read(read->scope, now_)] {
             lane_.OnRead(scope, result, now_);
           });
      } else if (std::holds_alternative<ProbeJob>(job)) {
        At(now_ + absl::Milliseconds(50), [this, result = world_.Check()] { lane_.OnProbed(result, now_); });
      } else if (!Advance(std::get<Idle>(job).until)) {
        return stop();
      }
    }
    return true;
  }

  bool AllFinal() const {
    for (const auto& [id, delivery] : deliveries) {
      if (!IsFinal(delivery.state)) return false;
    }
    return true;
  }

  std::map<std::string, Delivery> deliveries;
  std::map<std::pair<std::string, int64_t>, Record> records;
  std::map<std::string, Baseline> baselines;
  std::vector<Settled> settled;
  std::vector<Change> changes;
  int false_confirmations = 0;

 private:
  void At(absl::Time time, std::function<void()> event) { events_.emplace(time, std::move(event)); }

  bool Advance(absl::Time idle_until) {
    if (!events_.empty() && events_.begin()->first <= idle_until) {
      now_ = std::max(now_, events_.begin()->first);
      const auto event = std::move(events_.begin()->second);
      events_.erase(events_.begin());
      event();
      Collect();
      return true;
    }
    if (idle_until == absl::InfiniteFuture()) return false;
    now_ = std::max(now_, idle_until);
    return true;
  }

  // Takes what the lane wants stored, as a store would.
  void Collect() {
    for (Change& change : lane_.TakeChanges()) {
      for (const RecordChange& item : change.records) {
        Record& record = records[{item.delivery_id, item.position}];
        if (item.record.state == State::kConfirmed && record.state != State::kConfirmed)
          CheckHeld(item.record);
        record = item.record;
      }
      for (const DeliveryChange& item : change.deliveries) {
        EXPECT_EQ(deliveries[item.delivery.delivery_id].state, *item.previous)
            << "a change was lost or repeated";
        deliveries[item.delivery.delivery_id] = item.delivery;
      }
      for (const Baseline& baseline : change.baselines) baselines[baseline.key] = baseline;
      changes.push_back(std::move(change));
    }
    for (Settled& item : lane_.TakeSettled()) settled.push_back(std::move(item));
  }

  void CheckHeld(const Record& record) {
    const ObservedValue* held = world_.Held(record.key, now_);
    if (held == nullptr || held->hash != record.hash) ++false_confirmations;
  }

  LaneWorld& world_;
  Lane lane_;
  absl::Time now_ = absl::FromUnixSeconds(1'800'000'000);
  std::multimap<absl::Time, std::function<void()>> events_;
};

// A delivery of `keys` as the planner would make it.
inline LaneDelivery MakeDelivery(const std::string& id, const std::string& file_id,
                                 const std::vector<std::pair<std::string, std::string>>& keys_and_values,
                                 absl::Time now, bool previous_known = true) {
  LaneDelivery item;
  item.delivery = {.delivery_id = id,
                   .run_id = "run",
                   .file_id = file_id,
                   .target = "t",
                   .revision = 1,
                   .create_time = now};
  for (const auto& [key, value] : keys_and_values) {
    Record record{.key = key,
                  .scope = LaneWorld::ScopeOf(key),
                  .value = value,
                  .hash = absl::StrCat("h", value),
                  .previous_known = previous_known};
    item.outbound.push_back({.key = key, .scope = record.scope, .value = value, .hash = record.hash});
    item.records.push_back(std::move(record));
    ++item.delivery.records[State::kQueued];
  }
  return item;
}

}  // namespace satudata::sync

#endif  // TESTS_UNIT_SERVER_SYNC_LANE_WORLD_H_
