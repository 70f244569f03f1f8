// File: lane_entry.h
//
// What a Lane keeps of one delivery. Plain values.
#ifndef SERVER_SYNC_LANE_ENTRY_H_
#define SERVER_SYNC_LANE_ENTRY_H_

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "absl/time/time.h"
#include "server/sync/chunk.h"
#include "server/sync/run.h"

namespace satudata::sync {

// A delivery on its way into a lane.
struct LaneDelivery {
  Delivery delivery;
  std::optional<Fence> fence;  // Of its chunk. None: whoever has the lane has it to himself.
  std::vector<Record> records;
  std::vector<Baseline> held;  // What is proven by now to be at the target, of its keys.
  std::vector<OutboundRecord>
      outbound;  // Same order as `records`; without payload where nothing is to be sent.
  RunKind kind = RunKind::kSyncAll;
  bool force = false;
  bool detached = false;   // Its run has ended: it is carried on in the background.
  bool stopped = false;    // Nothing more of its run is sent; what is in doubt is read back.
  bool returning = false;  // It came out of TakeMoved and was planned again.
  std::string traceparent;
  int64_t generation = 0;  // The catalogue's, when this was last compared with the file.
};

// Of what only the newest delivery counts: its file, or the key that it withdraws. No file is called like a
// key of the second kind.
inline std::string PlaceOf(const LaneDelivery& item) {
  if (!item.delivery.file_id.empty() || item.records.empty()) return item.delivery.file_id;
  return std::string(1, '\0') + item.records.front().key;
}

// Names a record without keeping it alive: stale ones are recognised and skipped.
struct RecordRef {
  int64_t entry = 0;
  size_t index = 0;
  friend bool operator==(const RecordRef&, const RecordRef&) = default;
  friend auto operator<=>(const RecordRef&, const RecordRef&) = default;
};

// What is known of a record in this process alone.
struct RecordRuntime {
  int failures = 0;  // In a row, for the backoff.
  int warm_ups = 0;
  int throttles = 0;
  int splits = 0;              // Requests that were refused as a whole.
  int yields = 0;              // To another process that had to do with its key.
  bool refused_whole = false;  // The last one was.
  bool requested = false;      // In a request that is under way.
  bool seen = false;           // What the target holds of its key was read before it was sent.
  bool waited = false;         // In line for its key, one confirmation wait long.
  bool dirty = false;
  bool on_ladder = false;  // `ready_time` is in the lane's LadderTime.
  bool postponed = false;  // Until the target goes on.
  absl::Time ready_time;   // Of the entry in the delay queue that counts.
};

struct Entry {
  int64_t entry_id = 0;
  LaneDelivery item;
  std::vector<RecordRuntime> runtime;
  State stored_state = State::kQueued;  // As last handed to the store.
  bool dirty = false;
  bool settled = false;
  bool cancelled = false;
  bool superseded = false;
  bool lost = false;          // Its chunk was taken over while it was in a request: leaves with the answer.
  std::string superseded_by;  // The newer delivery's id.
  absl::Time settle_time = absl::InfiniteFuture();
};

// Who may send a key. Others wait in line.
struct KeyState {
  RecordRef holder;
  std::vector<RecordRef> waiters;
};

}  // namespace satudata::sync

#endif  // SERVER_SYNC_LANE_ENTRY_H_
