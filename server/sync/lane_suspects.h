// File: lane_suspects.h
//
// Records whose request was refused as a whole, without a word about which of them is to blame. They are sent
// again in halves, and the halves in halves, until the one is alone: n records cost about 2 × log2(n)
// requests. Nobody else shares a request with them meanwhile. Owned by a Lane; not thread-safe.
//
// In memory only: after a restart the search begins anew.
#ifndef SERVER_SYNC_LANE_SUSPECTS_H_
#define SERVER_SYNC_LANE_SUSPECTS_H_

#include <cstdint>
#include <utility>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/container/btree_set.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "server/sync/lane_entry.h"

namespace satudata::sync {

class LaneSuspects {
 public:
  // `patience`: how long a group waits for those of its members whose outcome is still open.
  explicit LaneSuspects(absl::Duration patience) : patience_(patience) {}

  // The request of these records was refused: each half of them is a group of its own from now on. A single
  // one is counted.
  void Refuse(absl::Span<const RecordRef> refs);
  // It is no suspect any longer: it passed, or will not be sent again.
  void Clear(RecordRef ref);

  bool Contains(RecordRef ref) const { return suspects_.contains(ref); }
  // Records of one group may share a request. 0: no suspect.
  int64_t GroupOf(RecordRef ref) const;
  // How often it was refused by itself.
  int AloneCount(RecordRef ref) const;

  // `ref` may be sent from `ready_time` on; it goes when all of its group may, or patience is over.
  void Wait(RecordRef ref, absl::Time ready_time, absl::Time now);
  // Who may go now, group by group.
  std::vector<RecordRef> TakeDue(absl::Time now);
  // When the next may; InfiniteFuture if none waits.
  absl::Time NextTime() const;
  size_t waiting() const { return waiting_; }

 private:
  struct Suspect {
    int64_t group = 0;
    int alone = 0;
  };
  struct Group {
    size_t members = 0;
    absl::btree_set<RecordRef> ready;
    absl::Time ready_time = absl::InfinitePast();  // Of the last of them.
    absl::Time limit = absl::InfiniteFuture();     // When patience is over.
    absl::Time due = absl::InfiniteFuture();       // In `due_`.
  };
  void Join(absl::Span<const RecordRef> refs);
  void Leave(RecordRef ref, int64_t group_id);
  void Reschedule(int64_t group_id);

  const absl::Duration patience_;
  int64_t next_group_ = 1;
  absl::btree_map<RecordRef, Suspect> suspects_;
  absl::btree_map<int64_t, Group> groups_;
  absl::btree_set<std::pair<absl::Time, int64_t>> due_;
  size_t waiting_ = 0;
};

}  // namespace satudata::sync

#endif  // SERVER_SYNC_LANE_SUSPECTS_H_
