// File: observer.h
//
// What the engine tells those who count. telemetry/ implements it with metrics.
#ifndef SERVER_SYNC_OBSERVER_H_
#define SERVER_SYNC_OBSERVER_H_

#include <cstdint>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/sync/run.h"
#include "server/sync/target.h"

namespace satudata::sync {

// All methods are thread-safe, quick and never call back. Targets, operations, states and reasons are
// enumerable.
class Observer {
 public:
  virtual ~Observer() = default;
  virtual void OnDeliverySettled(absl::string_view target, State state, absl::Duration since_creation) = 0;
  virtual void OnRecordSettled(absl::string_view target, State state, int64_t count) = 0;
  virtual void OnExchange(absl::string_view target, const Exchange& exchange) = 0;
  virtual void OnRetry(absl::string_view target, catalog::Reason reason) = 0;
  virtual void OnRunStarted(RunKind kind) = 0;
  virtual void OnRunEnded(RunKind kind, RunState state) = 0;
  // Another process took over a chunk that this one worked on.
  virtual void OnChunkLost(absl::string_view target) = 0;
  // So many chunks stand still: their lease has ended and nobody has taken them over. Said now and then.
  virtual void OnChunksExpired(int64_t count) = 0;
};

// Counts nothing.
class NullObserver final : public Observer {
 public:
  void OnDeliverySettled(absl::string_view, State, absl::Duration) override {}
  void OnRecordSettled(absl::string_view, State, int64_t) override {}
  void OnExchange(absl::string_view, const Exchange&) override {}
  void OnRetry(absl::string_view, catalog::Reason) override {}
  void OnRunStarted(RunKind) override {}
  void OnRunEnded(RunKind, RunState) override {}
  void OnChunkLost(absl::string_view) override {}
  void OnChunksExpired(int64_t) override {}
};

}  // namespace satudata::sync

#endif  // SERVER_SYNC_OBSERVER_H_
