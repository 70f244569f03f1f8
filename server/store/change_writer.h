// File: change_writer.h
//
// Writes the changes of one group commit, inside its transaction. Internal to store/; throws what SOCI
// throws, and Refused for a change that contradicts what is stored.
#ifndef SERVER_STORE_CHANGE_WRITER_H_
#define SERVER_STORE_CHANGE_WRITER_H_

#include <cstdint>
#include <map>
#include <string>
#include <tuple>

#include "absl/container/flat_hash_map.h"
#include "absl/time/time.h"
#include "server/store/connection.h"
#include "server/sync/store.h"

namespace satudata::store {

// Sequences are given out from a counter that is read once per run and commit and written back by Finish;
// this is what makes commit order sequence order. Counts are summed the same way.
class ChangeWriter {
 public:
  // `connection` has an open write transaction and must outlive this.
  ChangeWriter(Connection& connection, absl::Time now) : connection_(connection), now_(now) {}

  // Writes `change` and fills in its sequences; false if its chunk has been taken over: nothing is written.
  bool Apply(sync::Change& change);
  // Writes the counters. Call once, before the commit.
  void Finish();

 private:
  struct RunCounter {
    int64_t last_sequence = 0;
    int64_t skipped_files = 0;
    bool is_preview = false;
  };

  RunCounter& CounterOf(const std::string& run_id);
  bool IsCurrent(const sync::Fence& fence);
  void Count(const std::string& run_id, const std::string& target, sync::State state, int64_t delta);
  void ApplyRunState(sync::Change& change, RunCounter& run);
  void ApplyRunStop(const sync::Change& change);
  void ApplyRunTimes(const sync::Change& change);
  void ApplyDelivery(sync::DeliveryChange& change, RunCounter& run);
  void InsertDelivery(const sync::Delivery& delivery, bool is_preview);
  void UpdateDelivery(const sync::Delivery& delivery, bool is_preview);
  void PointStatusTo(const sync::Delivery& delivery);
  void ApplyRecord(const sync::RecordChange& change);
  void ApplySkipped(sync::FileSkipped& skipped, const std::string& run_id, RunCounter& run);
  void ApplyAttempt(const sync::Attempt& attempt);
  void ApplyKnowledge(const sync::Change& change);
  void ApplyStatus(const sync::FileTargetStatus& status);

  Connection& connection_;
  const absl::Time now_;
  absl::flat_hash_map<std::string, RunCounter> runs_;
  absl::flat_hash_map<std::string, int64_t> tokens_;  // Of the last lease, by chunk.
  std::map<std::tuple<std::string, std::string, sync::State>, int64_t> counts_;  // Run, target, state.
  // Records carry their delivery's target; most come in the same change as their delivery.
  absl::flat_hash_map<std::string, std::string> targets_;
};

}  // namespace satudata::store

#endif  // SERVER_STORE_CHANGE_WRITER_H_
