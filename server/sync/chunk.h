// File: chunk.h
//
// How the work of a run is shared out: a chunk holds deliveries of one run and one target that were planned
// together. Whoever works on it has it on lease, and writes with the token that came with the lease. When
// somebody else has taken it over, the token is an older one, and nothing that is written with it counts. So
// of two that believe to have a chunk only one changes what is stored.
//
// A chunk ends when nothing of it is left to do; until then its lease outlives the run.
//
// Each run that has not ended has one chunk more, of no target and with the run's id: the right to plan it,
// to judge it and to end it. It is on lease like the others, and goes with the run. Plain values.
#ifndef SERVER_SYNC_CHUNK_H_
#define SERVER_SYNC_CHUNK_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace satudata::sync {

// The right to write what belongs to a chunk, for as long as nobody has taken the chunk over.
struct Fence {
  std::string chunk_id;
  int64_t token = 0;  // Rises with each lease.
  friend bool operator==(const Fence&, const Fence&) = default;
};

struct Chunk {
  std::string chunk_id;  // The id of its first delivery.
  std::string run_id;
  std::string target;  // Empty: the run's own.
  std::string last_delivery_id;
  int64_t token = 0;     // Of the last lease; 0: nobody had it yet.
  bool is_free = false;  // Of ExpiredChunks: it was given back.

  Fence fence() const { return {chunk_id, token}; }
  bool is_run() const { return target.empty(); }
};

// The run's own chunk, as whoever created the run has it.
inline Chunk RunChunk(const std::string& run_id) {
  return {.chunk_id = run_id, .run_id = run_id, .token = 1};
}

struct Lease {
  std::string holder;      // A process, by an id of its own.
  absl::Time expire_time;  // From then on anybody may take the chunk over.
};

// Which chunks are to be worked on.
struct ChunkFilter {
  std::string target;  // Empty: the run's own chunk.
  std::string run_id;  // Empty: those that ended runs have left.
};

struct ChunkClaim {
  std::optional<Chunk> chunk;  // Now the caller's; none: there is none to be had.
  bool held_elsewhere =
      false;  // There is none to be had, but somebody else is at work on some that are not settled.
};

// What a change is answered with whose fence is not the newest: ABORTED.
inline absl::Status ChunkLost() { return absl::AbortedError("the chunk has been taken over"); }
inline bool IsChunkLost(const absl::Status& status) { return absl::IsAborted(status); }

}  // namespace satudata::sync

#endif  // SERVER_SYNC_CHUNK_H_
