// File: engine.h
//
// Starts runs and carries them to their end: plans, delivers, confirms, remembers. The edge (rpc/) knows this
// and the store, nothing else of the engine.
#ifndef SERVER_SYNC_ENGINE_H_
#define SERVER_SYNC_ENGINE_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/base/backoff.h"
#include "server/base/clock.h"
#include "server/base/random.h"
#include "server/sync/indicator_list.h"
#include "server/sync/limits/target_control.h"
#include "server/sync/observer.h"
#include "server/sync/run.h"
#include "server/sync/run_watch.h"
#include "server/sync/store.h"
#include "server/sync/target.h"

namespace satudata::catalog {
class Catalog;
}

namespace satudata::sync {

struct EngineOptions {
  std::string default_kodepemda;  // For values and files without their own; may be empty.
  int max_active_runs = 64;       // Default: 64, without previews; the next StartRun is RESOURCE_EXHAUSTED.
  TargetControlOptions target_control;
  // Default: 60 s. How long work stays with a process that gives no sign of life.
  absl::Duration lease_time = absl::Seconds(60);
  base::BackoffOptions backoff;  // Between two tries within a run. Default: 1 s, ×2, up to 60 s.
  // The waits of what was DEFERRED, one a rung. Default: LaneOptions::ladder.
  std::optional<std::vector<absl::Duration>> ladder;
  // Default: 10 s. All targets of a SyncAll are judged by the mass-change guard before anything is sent to
  // any; one whose plan takes so much longer than another's, or that is away, is judged by itself.
  absl::Duration judge_wait = absl::Seconds(10);
};

// A target as it is at this moment.
struct TargetStatus {
  TargetTraits traits;
  Circuit circuit = Circuit::kClosed;
  int concurrency_limit = 0;
  double rate_limit_per_second = 0;
  int in_flight = 0;
  std::optional<absl::Duration> latency;  // The least of late; nullopt: nothing was sent yet.
  TargetPause pause;
  std::optional<Wait> wait;
  int64_t queue_depth = 0;  // Deliveries in memory that wait to be sent.
  // Of several servers this one probes the target while it is stopped, and may have so many requests under
  // way. Who is alone does and may.
  bool controls = true;
  int granted_slots = 0;
};

// Thread-safe. Methods that read or write the store block.
class Engine {
 public:
  struct Dependencies {  // All must outlive the engine.
    Store* store;
    catalog::Catalog* catalog;
    std::vector<Target*> targets;  // With unique names.
    Observer* observer;
    base::Clock* clock;
    base::Uniform uniform;  // For jitter.
  };

  static std::unique_ptr<Engine> Create(EngineOptions options, Dependencies dependencies);
  virtual ~Engine() = default;  // Shutdown, with no grace.

  // Picks up what an earlier process left unfinished. Call once, before the first StartRun.
  virtual absl::Status Resume() = 0;

  // Creates a run, or attaches to the one that has the same request_id, and returns it; it goes on by itself.
  // A preview (kPreview) sends nothing, and keeps no run from starting; the file it is of need not be
  // verified. A retry without targets is for all of the run that it retries. NOT_FOUND kFileNotFound,
  // kRunNotFound; FAILED_PRECONDITION kFileNotVerified, kNothingOpen (nothing is left to retry),
  // kMethodUnavailable (a withdrawal, from a target that knows none); INVALID_ARGUMENT kTargetUnknown,
  // kRequestIdReused, and why a key is none that can be withdrawn; ABORTED kRunActive; UNAVAILABLE
  // kStoreUnavailable, kServerStopping.
  virtual absl::StatusOr<Run> StartRun(SyncRequest request) = 0;

  // Ends a run, or what an ended one still has open: nothing more of it is sent, also by a later process, and
  // the requests under way are stopped. What they carried, and what waits to be seen at the target, is read
  // back all the same. Returns once that is durable. NOT_FOUND kRunNotFound; FAILED_PRECONDITION
  // kNothingOpen.
  virtual absl::StatusOr<Run> CancelRun(absl::string_view run_id) = 0;

  // NOT_FOUND kRunNotFound; OUT_OF_RANGE kSequenceOutOfRange.
  virtual absl::StatusOr<std::unique_ptr<RunWatch>> Watch(absl::string_view run_id,
                                                          int64_t after_sequence) = 0;

  virtual std::vector<TargetStatus> Targets() = 0;  // By name.
  // A real probe; blocks up to the target's read deadline, at most 30 s. INVALID_ARGUMENT kTargetUnknown.
  virtual absl::StatusOr<CheckResult> CheckTarget(absl::string_view target) = 0;
  // Nothing is sent to the target or read from it until ResumeTarget; what waits is DEFERRED, and goes on by
  // itself then. Survives a restart. INVALID_ARGUMENT kTargetUnknown; UNAVAILABLE kStoreUnavailable: it is
  // done, but would not survive one.
  virtual absl::StatusOr<TargetStatus> PauseTarget(absl::string_view target, absl::string_view paused_by,
                                                   absl::string_view comment) = 0;
  // Ends a pause, whoever made it; without one nothing happens. Errors as PauseTarget.
  virtual absl::StatusOr<TargetStatus> ResumeTarget(absl::string_view target) = 0;
  // A page of the target's reference list as it applies to a region, by code, with the years for which we or
  // the target hold a value. The list is fetched if it is missing or a day old; blocks like a read of the
  // target. INVALID_ARGUMENT kTargetUnknown, kKodepemdaInvalid; FAILED_PRECONDITION kMethodUnavailable (the
  // target has no such list), kKodepemdaMissing; UNAVAILABLE kTargetOutage (it was never read and cannot be
  // now), kStoreUnavailable.
  virtual absl::StatusOr<IndicatorPage> ListIndicators(const IndicatorFilter& filter, const Page& page) = 0;
  virtual int64_t ActiveRunCount() const = 0;  // Without previews.

  // Starts nothing new, waits up to `grace` for what is under way, then aborts it (its outcome is UNKNOWN),
  // and joins all threads. Unfinished runs go on when the next process calls Resume. While the store's
  // commits fail it waits for them: bound that first, by what the store has for it (GiveUpAfter). Idempotent.
  virtual void Shutdown(absl::Duration grace) = 0;
};

}  // namespace satudata::sync

#endif  // SERVER_SYNC_ENGINE_H_
