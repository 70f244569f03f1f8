// File: vitals.h
//
// What whoever watches this service wants to know of the database: what waits at each target and for how
// long, when a target last confirmed something, and whether a run stands still. Read for those who scrape
// metrics, and for nobody else: while nobody asks, nothing is done.
#ifndef SERVER_SYNC_VITALS_H_
#define SERVER_SYNC_VITALS_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/base/clock.h"
#include "server/base/executor.h"
#include "server/base/mutex.h"
#include "server/sync/state.h"

namespace satudata::sync {

// Files whose newest delivery to `target` rests in `state`.
struct RestingFiles {
  std::string target;
  State state = State::kUnknown;
  int64_t count = 0;
  absl::Time oldest;  // When the first of these deliveries was planned.
};

// A run that has not ended, and how far it has come.
struct RunMark {
  std::string run_id;
  int64_t sequence = 0;
};

// As the store has it.
struct StoredVitals {
  std::vector<RestingFiles> resting;                // In the states that WatchedStates names.
  std::map<std::string, absl::Time> confirm_times;  // By target: the quarter of an hour of the last one.
  std::map<std::string, absl::Time>
      sync_times;             // By target: when a whole SyncAll last ended other than badly.
  std::vector<RunMark> runs;  // Without previews.
};

// UNKNOWN, DEFERRED, PARKED, REJECTED, PARTIAL: what goes on later, or needs somebody.
std::vector<State> WatchedStates();

// Where they come from: the store. Thread-safe.
class VitalsSource {
 public:
  virtual ~VitalsSource() = default;
  // Blocks on the database; takes as long as it takes to count those that rest in an index. UNAVAILABLE with
  // kStoreUnavailable.
  virtual absl::StatusOr<StoredVitals> ReadVitals(const std::vector<std::string>& targets) = 0;
  // While it stands still, nothing has changed; none where others write to the database as well. Does not
  // block.
  virtual std::optional<int64_t> VitalsStamp() const = 0;
};

struct Vitals {
  StoredVitals stored;
  absl::Duration longest_stall;  // Of the run that has been without progress for longest; zero: of none.
};

// Thread-safe.
class VitalsReader {
 public:
  // `source`, `executor` and `clock` must outlive the reader, and `executor` must be shut down before it
  // goes.
  VitalsReader(VitalsSource& source, std::vector<std::string> targets, base::Executor& executor,
               base::Clock& clock);

  // As they are now, or were a moment ago where reading them takes long: it costs a tenth of a thread at
  // most. Waits for the database no longer than `patience`; then they are what was read last, or null if
  // nothing ever was.
  std::shared_ptr<const Vitals> Read(absl::Duration patience);

 private:
  struct Progress {
    int64_t sequence = 0;
    absl::Duration since;  // Monotonic.
  };
  bool BeginsReading();
  void EndReading();
  bool IsRecent() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void Refresh();
  void NoteProgress(const std::vector<RunMark>& runs) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  absl::Duration LongestStall() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);

  VitalsSource& source_;
  const std::vector<std::string> targets_;
  base::Executor& executor_;
  base::Clock& clock_;

  base::Mutex mu_;
  base::CondVar read_;
  bool reading_ ABSL_GUARDED_BY(mu_) = false;
  std::optional<StoredVitals> last_ ABSL_GUARDED_BY(mu_);
  std::optional<int64_t> stamp_ ABSL_GUARDED_BY(mu_);                         // Before the last one was read.
  absl::Duration read_time_ ABSL_GUARDED_BY(mu_);                             // Monotonic: when that ended,
  absl::Duration cost_ ABSL_GUARDED_BY(mu_);                                  // ... and how long it took.
  absl::flat_hash_map<std::string, Progress> progress_ ABSL_GUARDED_BY(mu_);  // By run.
};

}  // namespace satudata::sync

#endif  // SERVER_SYNC_VITALS_H_
