// File: lease_keeper.h
//
// Holds this process's leases on chunks: claims them, renews them at a third of their time, and notices which
// were lost and which nobody takes care of. One thread; it sleeps while there is nothing to renew, but for a
// look at the store now and then.
#ifndef SERVER_SYNC_LEASE_KEEPER_H_
#define SERVER_SYNC_LEASE_KEEPER_H_

#include <functional>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/base/mutex.h"
#include "server/sync/chunk.h"
#include "server/sync/observer.h"
#include "server/sync/steady_time.h"
#include "server/sync/store.h"

namespace satudata::sync {

// Thread-safe.
class LeaseKeeper {
 public:
  struct Dependencies {  // All must outlive the keeper.
    Store* store;
    const SteadyTime* time;
    Observer* observer;
    // All that is held may be worked on until `until`. Called with no lock held, like the others.
    std::function<void(absl::Time until)> on_renewed;
    // Somebody else has this chunk now.
    std::function<void(const Chunk&)> on_lost;
    // Chunks whose lease has ended: they may be claimed.
    std::function<void(const std::vector<Chunk>&)> on_expired;
  };

  struct Options {
    std::string holder;            // Names this process and no other.
    absl::Duration lease_time;     // How long a lease lasts without being renewed.
    absl::Duration look_interval;  // Between two looks for what nobody takes care of.
  };
  LeaseKeeper(Options options, Dependencies dependencies);
  ~LeaseKeeper();  // Stop.
  void Start();

  const std::string& holder() const { return options_.holder; }
  // As this process takes one at `now`.
  Lease NewLease(absl::Time now) const { return {options_.holder, now + options_.lease_time}; }
  // `chunk` was given to this process together with something else, by `lease`. Quick.
  void Take(const Chunk& chunk, const Lease& lease);
  // The next chunk of `filter`, if there is one to be had; blocks on the store. UNAVAILABLE as it says.
  absl::StatusOr<ChunkClaim> Claim(const ChunkFilter& filter);
  // `chunk`, claimed by `filter`, could not be worked on: the next claim by the same filter gets it again.
  // Quick.
  void GiveBack(const ChunkFilter& filter, const Chunk& chunk);
  // Something was given back by this filter that nobody has claimed again yet. Quick.
  bool HasGivenBack(const ChunkFilter& filter);
  // Nothing of this is left to do, and that is stored. Quick.
  void Forget(const std::string& chunk_id);
  // A change of this chunk was refused: looks at once what was lost. Quick.
  void NoteRefusal();
  // Renews if it is time to; for whoever follows the clock more closely than a sleeping thread.
  void Nudge();
  // Renews no more; the leases stay until Release, or run out.
  void Stop();
  // Gives back all leases, so that the next process need not wait for their end. After Stop, when nothing
  // works on the chunks any more.
  absl::Status Release() { return dependencies_.store->ReleaseLeases(options_.holder); }

 private:
  void Loop();
  bool WaitForWork();
  std::optional<Chunk> TakeGivenBack(const ChunkFilter& filter);
  std::optional<Chunk> Hold(const Chunk& chunk, absl::Time until);
  void RenewIfDue();
  void Renew();
  std::vector<Chunk> TakeLost(const absl::flat_hash_map<std::string, Chunk>& asked,
                              const std::vector<Fence>& held);
  void TellLost(const Chunk& chunk);
  void LookForExpired();

  const Options options_;
  const Dependencies dependencies_;

  base::Mutex mu_;
  base::CondVar wake_;
  absl::flat_hash_map<std::string, Chunk> held_ ABSL_GUARDED_BY(mu_);
  absl::flat_hash_map<std::pair<std::string, std::string>, std::vector<Chunk>> given_back_
      ABSL_GUARDED_BY(mu_);                     // By target and run of the filter; held all the same.
  absl::Time told_until_ ABSL_GUARDED_BY(mu_);  // For how long all leases are said to last.
  absl::Time renew_time_ ABSL_GUARDED_BY(mu_) = absl::InfiniteFuture();
  size_t telling_ ABSL_GUARDED_BY(mu_) = 0;  // Lost, and not told of yet.
  bool look_now_ ABSL_GUARDED_BY(mu_) = false;
  bool stopping_ ABSL_GUARDED_BY(mu_) = false;
  std::thread thread_;
};

}  // namespace satudata::sync

#endif  // SERVER_SYNC_LEASE_KEEPER_H_
