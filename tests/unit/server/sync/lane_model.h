// File: lane_model.h
//
// What a Lane lives in: a store that commits a little later and forgets what it had not committed when the
// process dies, files that change, runs that are cancelled, requests that outlive the process that sent them.
// Beside it the promises, checked at every step: LaneModel says which of them were broken.
//
// It plans with the real planner and sends to a LaneWorld; everything else here is as simple as it can be,
// and goes by the lane's public interface alone. Everything random comes from the seed.
#ifndef TESTS_UNIT_SERVER_SYNC_LANE_MODEL_H_
#define TESTS_UNIT_SERVER_SYNC_LANE_MODEL_H_

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "server/sync/lane.h"
#include "server/sync/planner.h"
#include "tests/unit/server/sync/lane_world.h"

namespace satudata::sync {

// The rows as a store has them.
struct ModelRows {
  struct Row {
    Delivery delivery;
    std::vector<Record> records;
  };
  void Apply(const Change& change);

  std::map<std::string, Row> deliveries;
  std::map<std::string, Baseline> baselines;
  std::map<std::string, Refusal> refusals;
  std::set<std::string> ended_runs;
};

// Holds each step of records, deliveries and requests against what is allowed. Collects what is not.
class LanePromises {
 public:
  LanePromises(const TargetTraits& traits, LaneWorld& world) : traits_(traits), world_(world) {}

  // Before `change` is applied to `rows`.
  void OnChange(const Change& change, const ModelRows& rows, absl::Time now);
  // After it.
  void OnApplied(const Change& change, const ModelRows& rows);
  void OnSend(const SendJob& job, const ModelRows& committed, absl::Time now);
  void OnAnswer(const SendJob& job, const Verdict& verdict);
  void OnRead(const Observation& observation);
  // The process died: nobody waits for its requests any longer, and what it had not stored is forgotten.
  void OnCrash(const ModelRows& committed);
  // Nothing will happen any more.
  void AtTheEnd(const ModelRows& rows, absl::Time now);

  void Break(std::string what) { broken_.push_back(std::move(what)); }
  const std::vector<std::string>& broken() const { return broken_; }

 private:
  // The last request that carried a key.
  struct Last {
    absl::Time send_time;
    std::string hash;
    bool open = false;        // Whether it was applied is not known.
    bool accepted = false;    // It was promised to be.
    bool conclusive = false;  // A read that it must have been in did not show it.
  };
  void CheckDelivery(const DeliveryChange& item, std::map<std::string, State>& states);
  void CheckRecord(const RecordChange& item, const Record* before, absl::Time now);

  const TargetTraits& traits_;
  LaneWorld& world_;
  std::map<std::string, Last> last_;  // By key.
  std::set<std::string> in_flight_;   // Keys.
  std::vector<std::string> broken_;
};

class LaneModel {
 public:
  explicit LaneModel(uint64_t seed);

  // A life from the first delivery until all is final; false if that takes longer than a month.
  bool Live();
  const std::vector<std::string>& broken() const { return promises_.broken(); }

 private:
  struct File {
    std::string file_id;
    int64_t revision = 1;
    std::vector<std::string> keys;
  };

  int Below(int limit) { return std::uniform_int_distribution<int>(0, limit - 1)(random_); }
  bool Chance(double probability) {
    return std::uniform_real_distribution<double>(0, 1)(random_) < probability;
  }
  absl::Duration SomeTime();

  // What comes from outside.
  void MakeFiles();
  void PlanCommands();
  void Command();
  void Sync();
  void PlanAndStore(const File& file, const std::string& run_id);
  void ChangeAValue();
  void CancelSomeRun();
  void Crash();

  // The engine around the lane.
  Projection Project(const File& file) const;
  absl::flat_hash_map<std::string, OpenRecord> OpenRecords() const;
  PlannedFile Plan(const File& file, const std::string& own_delivery);
  void AddKnown(LaneDelivery& item) const;
  void Feed(const std::string& delivery_id);
  void Replan(LaneDelivery item);
  LaneDelivery MakeItem(const ModelRows::Row& row) const;
  bool Equip(LaneDelivery& item) const;
  void CancelRow(const ModelRows::Row& row);
  void AddToLane(LaneDelivery item);
  void EndRunIfDone(const std::string& run_id);
  void NewLane();
  void Resume();

  // The lane's driver.
  void Step();
  void Do(const SendJob& job);
  void Do(const ReadJob& job);
  std::vector<std::string> MovedOf(const SendJob& job) const;
  void Collect();
  void Submit(Change change);
  void CommitDue();
  void CommitSome();
  const File& FileOf(const std::string& file_id) const;
  void At(absl::Time time, std::function<void()> event) { events_.emplace(time, std::move(event)); }
  void AdvanceTo(absl::Time until);
  bool IsOver() const;
  void CheckSettled(const Settled& item);

  std::mt19937_64 random_;
  const TargetTraits traits_;
  LaneWorld world_;
  LanePromises promises_;
  std::unique_ptr<Lane> lane_;
  absl::Time now_ = absl::FromUnixSeconds(1'800'000'000);

  std::vector<File> files_;
  std::map<std::string, std::string> values_;  // Of the keys, as the files have them now.
  int deliveries_made_ = 0;
  int runs_made_ = 0;

  ModelRows rows_;       // With everything that was handed over.
  ModelRows committed_;  // What a crash leaves.
  std::deque<std::pair<absl::Time, Change>> committing_;
  absl::Time last_commit_ = absl::InfinitePast();
  std::set<std::string> cancelled_runs_;
  std::map<std::string, RunKind> kinds_;                     // Of the runs.
  std::set<std::string> unsettled_;                          // Deliveries that their runs wait for.
  std::multimap<absl::Time, std::function<void()>> events_;  // Of this process.
  std::multimap<absl::Time, std::function<void()>> commands_;
};

}  // namespace satudata::sync

#endif  // TESTS_UNIT_SERVER_SYNC_LANE_MODEL_H_
