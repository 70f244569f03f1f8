// File: scope_reads.h
//
// When to read which scope of a target: one read of a scope at a time, shared by all who wait for it, and no
// sooner again than the target can bear: max(interval × 2ⁿ up to 60 s, 5 × the last read's duration), n being
// the reads in a row that brought nothing new. Owned by a Lane; not thread-safe.
#ifndef SERVER_SYNC_SCOPE_READS_H_
#define SERVER_SYNC_SCOPE_READS_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/container/btree_set.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/sync/lane_entry.h"
#include "server/sync/target.h"

namespace satudata::sync {

class ScopeReads {
 public:
  explicit ScopeReads(absl::Duration interval) : interval_(interval) {}

  // `ref` wants to be looked at after the next reads of `scope`. `conclusive`: from when on a read settles it
  // for sure; InfiniteFuture if never. Adding again replaces.
  void Add(const std::string& scope, RecordRef ref, absl::Time conclusive, absl::Time now);
  void Remove(const std::string& scope, RecordRef ref);

  // The scope whose read is due, now marked as being read.
  std::optional<std::string> Begin(absl::Time now);
  // When the next one is due; InfiniteFuture if none.
  absl::Time NextTime() const;

  // Ends the read that Begin started. `progress`: it settled something. `not_before`: the target's hint.
  void End(absl::string_view scope, absl::Duration duration, bool progress,
           std::optional<absl::Time> not_before, absl::Time now);
  // Who waits for `scope`, as of now.
  std::vector<RecordRef> Waiting(absl::string_view scope) const;
  // Failed reads of `scope` in a row.
  int Failures(absl::string_view scope) const;
  void CountFailure(absl::string_view scope);

  // A reader outside the lane wants the next observation, for `traceparent`.
  void Request(const std::string& scope, absl::string_view traceparent, absl::Time now);
  // Of the last such reader; empty: there is none.
  std::string ObserverTrace(absl::string_view scope) const;
  void Offer(const Observation& observation);
  std::shared_ptr<const Observation> Take(const std::string& scope);
  void Withdraw(const std::string& scope);

 private:
  struct Scope {
    absl::btree_map<RecordRef, absl::Time> waiting;                   // With the conclusive time of each.
    absl::btree_set<std::pair<absl::Time, RecordRef>> by_conclusive;  // The finite ones.
    int observers = 0;        // Outside the lane, between Request and Withdraw.
    std::string traceparent;  // Of the last one of them.
    bool requested = false;   // One of them waits for a read.
    std::shared_ptr<const Observation> observation;
    bool reading = false;
    int fruitless = 0;
    int failures = 0;
    absl::Time polite = absl::InfinitePast();    // No read before it, whoever asks.
    absl::Time earliest = absl::InfinitePast();  // For those who have waited through fruitless reads.
    absl::Time due = absl::InfiniteFuture();     // In `due_`.
  };
  void Reschedule(const std::string& name, Scope& scope, absl::Time now);
  void Forget(const std::string& name);

  const absl::Duration interval_;
  absl::flat_hash_map<std::string, Scope> scopes_;
  absl::btree_set<std::pair<absl::Time, std::string>> due_;
};

}  // namespace satudata::sync

#endif  // SERVER_SYNC_SCOPE_READS_H_
