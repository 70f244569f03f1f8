// File: chunk_feeder.h
//
// The one way into a lane: claims chunks and hands their deliveries to the lane of their target, be they of a
// run that has just been planned, of one that goes on after a restart, or of one that has ended and is
// carried on in the background; taken over from another process or not.
#ifndef SERVER_SYNC_CHUNK_FEEDER_H_
#define SERVER_SYNC_CHUNK_FEEDER_H_

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/sync/lane_entry.h"
#include "server/sync/lease_keeper.h"
#include "server/sync/plan_builder.h"
#include "server/sync/run.h"
#include "server/sync/store.h"
#include "server/sync/store_patience.h"

namespace satudata::sync {

enum class FeedProgress {
  kFed,            // A chunk went into the lane; there may be more.
  kHeldElsewhere,  // None to be had, but other processes work on some.
  kExhausted,      // None left.
};

struct Fed {
  FeedProgress progress = FeedProgress::kExhausted;
  // Not in the lane: of these nothing was sent yet and the file has changed. They are to be planned again,
  // then to go into the lane or to leave their chunk.
  std::vector<LaneDelivery> outdated;
};

// For one target. Everything given must outlive the feeder. Thread-safe; blocks on the store, as long as the
// patience lasts. Errors as Store.
class ChunkFeeder {
 public:
  ChunkFeeder(PlanBuilder::Dependencies dependencies, LeaseKeeper& keeper, StorePatience& patience)
      : dependencies_(std::move(dependencies)), keeper_(keeper), patience_(patience) {}

  // The next chunk of a run that lives.
  absl::StatusOr<Fed> Feed(const Run& run);
  // The next chunk of a run that sends nothing more: what was never sent is CANCELLED with `reason`, what may
  // have been goes into the lane to be read back.
  absl::StatusOr<FeedProgress> FeedCancelled(const Run& run, const catalog::Failure& reason,
                                             const std::function<void(Change)>& submit);
  // The next chunk that an ended run has left. Records whose file has changed keep nothing to send: they can
  // be read back, and are cancelled instead of being sent again.
  absl::StatusOr<FeedProgress> FeedEnded();

 private:
  struct Taken {
    Chunk chunk;
    std::vector<DeliveryDetail> deliveries;
    int64_t generation = 0;  // The catalogue's, before anything of it was read.
  };
  // None: `progress` says why.
  absl::StatusOr<std::optional<Chunk>> Claim(const std::string& run_id, FeedProgress& progress);
  void GiveBack(const std::string& run_id, const Chunk& chunk);
  absl::StatusOr<Taken> Open(const Chunk& chunk);
  std::vector<LaneDelivery> CancelUnsent(const Run& run, Taken taken, const catalog::Failure& reason,
                                         const std::function<void(Change)>& submit);
  absl::StatusOr<std::vector<LaneDelivery>> Equipped(const Run& run, Taken taken,
                                                     std::vector<LaneDelivery>* outdated);
  bool EquipOne(const Run& run, const PlanBuilder& builder,
                const absl::flat_hash_map<std::string, catalog::FileWithValues>& files,
                LaneDelivery& item) const;
  absl::Status Add(const Run& run, const Chunk& chunk, std::vector<LaneDelivery> items);
  absl::StatusOr<absl::flat_hash_map<std::string, catalog::FileWithValues>> FilesOf(
      const std::vector<DeliveryDetail>& deliveries);
  const std::string& target() const { return dependencies_.worker->target().traits().name; }

  const PlanBuilder::Dependencies dependencies_;
  LeaseKeeper& keeper_;
  StorePatience& patience_;
};

}  // namespace satudata::sync

#endif  // SERVER_SYNC_CHUNK_FEEDER_H_
