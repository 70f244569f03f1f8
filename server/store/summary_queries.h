// File: summary_queries.h
//
// Counts of everything, and what is kept so that they can be had. Inside the caller's transaction. Internal
// to store/; throws what SOCI throws.
#ifndef SERVER_STORE_SUMMARY_QUERIES_H_
#define SERVER_STORE_SUMMARY_QUERIES_H_

#include <cstdint>
#include <map>
#include <string>
#include <tuple>

#include "server/store/connection.h"
#include "server/sync/summary.h"

namespace satudata::store {

sync::StoredSummary SelectSummary(Connection& connection, const sync::SummaryScope& scope);

// How many deliveries came to rest for good, per quarter of an hour, target and state: what is added to the
// table that has it. Reading them out of all deliveries would take longer with every run.
class SettledCounts {
 public:
  void Add(absl::Time time, const std::string& target, sync::State state, int64_t count) {
    counts_[{absl::ToUnixSeconds(time) / absl::ToInt64Seconds(sync::kQuarter), target, state}] += count;
  }
  void Write(Connection& connection) const;

 private:
  std::map<std::tuple<int64_t, std::string, sync::State>, int64_t> counts_;
};
// Takes out those of a run at a target, whose deliveries are about to be deleted.
void WithdrawSettled(Connection& connection, const std::string& run_id, const std::string& target);

}  // namespace satudata::store

#endif  // SERVER_STORE_SUMMARY_QUERIES_H_
