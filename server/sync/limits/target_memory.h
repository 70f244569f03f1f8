// File: target_memory.h
//
// What is known of a target beyond its deliveries and outlives a restart: one row per target. Plain values.
#ifndef SERVER_SYNC_LIMITS_TARGET_MEMORY_H_
#define SERVER_SYNC_LIMITS_TARGET_MEMORY_H_

#include <cstdint>
#include <string>

#include "absl/time/time.h"
#include "server/catalog/failure.h"
#include "server/sync/limits/rate_learner.h"

namespace satudata::sync {

enum class PauseKind {
  kNone,
  kByTarget,    // It refuses us until a person acts; probed now and then, and ends by itself.
  kByOperator,  // Ends only by ResumeTarget.
};
absl::string_view PauseKindName(PauseKind kind);  // `NONE`, `BY_TARGET`, `BY_OPERATOR`.

struct TargetPause {
  PauseKind kind = PauseKind::kNone;
  catalog::Failure failure;  // Why, for people.
  std::string paused_by;     // The operator; empty when the target's own answers did it.
  absl::Time since;
};

struct TargetMemory {
  std::string target;
  LearnedRate rate;
  int concurrency_limit = 0;
  int circuit_openings = 0;  // Of a circuit that is open: how often in a row. 0: closed.
  catalog::Failure circuit_failure;
  TargetPause pause;
  absl::Duration hold_time;  // Nothing is to be tried for so long from now, since the target said so.
  catalog::Failure hold_failure;
  // Which of these are to be stored, beside what was learned: the others are as another process has put them.
  bool circuit_changed = true;
  bool pause_changed = true;
  bool hold_changed = false;
  int64_t epoch = 0;  // Raised by the store with each of these changes.
  absl::Time update_time;
};

}  // namespace satudata::sync

#endif  // SERVER_SYNC_LIMITS_TARGET_MEMORY_H_
