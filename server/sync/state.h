// File: state.h
//
// The states of deliveries, records and runs, and the sums that make one out of many. All pure.
#ifndef SERVER_SYNC_STATE_H_
#define SERVER_SYNC_STATE_H_

#include <array>
#include <cstdint>
#include <optional>

#include "absl/strings/string_view.h"

namespace satudata::sync {

// The life of a delivery, and of a record (which is never kPartial).
enum class State {
  kQueued,     // Planned; not sent, or proven not applied and to be sent again.
  kSending,    // A request with it may be on its way.
  kAccepted,   // The target took it; not yet seen there.
  kConfirmed,  // The target holds it.
  kUnchanged,  // The target held it before; nothing was sent.
  kSkipped,    // Nothing for this target, or withheld.
  kRejected,   // Refused for good; a person must act.
  kPartial,    // Deliveries only: all records final, not all alike.
  kUnknown,    // It may have been applied: read back before anything else.
  kDeferred,   // In-run attempts used up, or the wait is long; sent again later by itself.
  kParked,     // The ladder of later attempts has ended.
  kCancelled,
};
inline constexpr int kStateCount = 12;

// `CONFIRMED` for kConfirmed.
absl::string_view StateName(State state);
std::optional<State> ParseState(absl::string_view name);

// Nothing more will happen by itself: CONFIRMED, UNCHANGED, SKIPPED, REJECTED, PARTIAL, PARKED, CANCELLED.
bool IsFinal(State state);
// Something will happen by itself after the run: ACCEPTED, UNKNOWN, DEFERRED.
bool IsOpen(State state);
// Where a failure, if there is one, is somebody's to mend or to wait for: REJECTED, PARTIAL, UNKNOWN,
// DEFERRED, PARKED. What was SKIPPED or CANCELLED has a reason as well, and nobody who must act.
bool IsSomebodysTurn(State state);
// Where a delivery stays long enough to be reported one by one: all but QUEUED and SENDING.
bool IsResting(State state);

// How many of each state.
class StateCounts {
 public:
  int64_t& operator[](State state) { return counts_[static_cast<size_t>(state)]; }
  int64_t operator[](State state) const { return counts_[static_cast<size_t>(state)]; }
  void Move(State from, State to) {
    --(*this)[from];
    ++(*this)[to];
  }
  int64_t Total() const;
  int64_t Open() const;  // ACCEPTED + UNKNOWN + DEFERRED.
  friend StateCounts operator+(const StateCounts& a, const StateCounts& b);
  friend bool operator==(const StateCounts&, const StateCounts&) = default;

 private:
  std::array<int64_t, kStateCount> counts_{};
};

// The first of SENDING, UNKNOWN, DEFERRED, ACCEPTED, QUEUED that any record has; else the common final state,
// or PARTIAL. UNCHANGED counts as CONFIRMED beside CONFIRMED. Requires at least one record.
State SumRecords(const StateCounts& records);

enum class RunState { kQueued, kRunning, kSucceeded, kPartial, kFailed, kCancelled };
absl::string_view RunStateName(RunState state);
std::optional<RunState> ParseRunState(absl::string_view name);
bool IsFinal(RunState state);

enum class RunKind { kSyncFile, kSyncAll, kRetry, kPreview, kWithdraw };
absl::string_view RunKindName(RunKind kind);
std::optional<RunKind> ParseRunKind(absl::string_view name);
// Works on many files: at most one such run is active per target, and single files go before it. A preview
// stands in nobody's way.
bool IsBulk(RunKind kind);
// Whether a run's readers are told of a delivery that comes into this state: SyncAll leaves QUEUED and
// SENDING to Progress. In a preview QUEUED is where things rest.
bool IsStreamed(RunKind kind, State state);

// How a run that was planned and not cancelled ends: SUCCEEDED = every delivery CONFIRMED, UNCHANGED or
// SKIPPED; FAILED = it had something to send and nothing was accepted or confirmed; PARTIAL = the rest.
RunState SumDeliveries(const StateCounts& deliveries);
// How a preview ends: SUCCEEDED = nothing is refused; FAILED = everything is; PARTIAL = the rest.
RunState SumPreview(const StateCounts& deliveries);

}  // namespace satudata::sync

#endif  // SERVER_SYNC_STATE_H_
