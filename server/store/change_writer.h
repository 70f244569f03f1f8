// File: change_writer.h
//
// Writes the changes of one group commit, inside its transaction. Internal to store/; throws what SOCI
// throws, or PgError, and Refused for a change that contradicts what is stored. With PostgreSQL both may come
// as late as the connection's Flush.
#ifndef SERVER_STORE_CHANGE_WRITER_H_
#define SERVER_STORE_CHANGE_WRITER_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/container/node_hash_map.h"
#include "absl/time/time.h"
#include "server/store/connection.h"
#include "server/store/summary_queries.h"
#include "server/sync/store.h"

namespace satudata::store {

// Sequences are given out from a counter that is read once per run and commit and written back by Finish;
// this is what makes commit order sequence order. Counts are summed the same way.
class ChangeWriter {
 public:
  // `connection` has an open write transaction and must outlive this.
  ChangeWriter(Connection& connection, absl::Time now);
  ~ChangeWriter();

  // Writes `change` and fills in its sequences; false if its chunk has been taken over: nothing is written.
  bool Apply(sync::Change& change);
  // Writes the counters. Call once, before the commit.
  void Finish();

 private:
  struct RunCounter {
    int64_t last_sequence = 0;
    int64_t skipped_files = 0;  // Known once the connection is flushed.
    sync::RunKind kind = sync::RunKind::kSyncAll;
    std::map<std::string, sync::StateCounts> counts;  // By target: what is to be added.

    bool is_preview() const { return kind == sync::RunKind::kPreview; }
  };
  // The statements that are run for every delivery.
  struct Commands;

  RunCounter& CounterOf(const std::string& run_id);
  bool IsCurrent(const sync::Fence& fence);
  void ApplyRunState(sync::Change& change, RunCounter& run);
  void ApplyRunStop(const sync::Change& change);
  void ApplyRunTimes(const sync::Change& change);
  void ApplyDelivery(sync::DeliveryChange& change, RunCounter& run);
  void InsertDelivery(const sync::Delivery& delivery, const RunCounter& run);
  void UpdateDelivery(const sync::Delivery& delivery, sync::State previous, const RunCounter& run);
  void PointStatusTo(const sync::Delivery& delivery);
  void CountSettled(const sync::DeliveryChange& change, const RunCounter& run);
  void ApplyRecords(const sync::Change& change, const RunCounter& run);
  bool UpdateRecord(const sync::RecordChange& change, bool is_open);
  void InsertRecord(const sync::RecordChange& change, const std::string& target, bool is_open);
  std::string TargetOf(const std::string& delivery_id);
  void ApplySkipped(sync::FileSkipped& skipped, const std::string& run_id, RunCounter& run);
  void ApplyAttempt(const sync::Attempt& attempt);
  void ApplyKnowledge(const sync::Change& change);
  void ApplyPreview(const sync::Change& change);
  void ApplyStatus(const sync::FileTargetStatus& status);
  void AddCounts(const std::string& run_id, const std::string& target, const sync::StateCounts& counts);

  Connection& connection_;
  const absl::Time now_;
  const std::unique_ptr<Commands> commands_;
  absl::node_hash_map<std::string, RunCounter> runs_;  // They stay where they are.
  absl::flat_hash_map<std::string, int64_t> tokens_;   // Of the last lease, by chunk.
  SettledCounts settled_;
};

}  // namespace satudata::store

#endif  // SERVER_STORE_CHANGE_WRITER_H_
