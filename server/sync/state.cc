#include "server/sync/state.h"

#include <initializer_list>
#include <numeric>

namespace satudata::sync {
namespace {

constexpr std::array<absl::string_view, kStateCount> kStateNames = {
    "QUEUED",   "SENDING", "ACCEPTED", "CONFIRMED", "UNCHANGED", "SKIPPED",
    "REJECTED", "PARTIAL", "UNKNOWN",  "DEFERRED",  "PARKED",    "CANCELLED"};
constexpr std::array<absl::string_view, 6> kRunStateNames = {"QUEUED",  "RUNNING", "SUCCEEDED",
                                                             "PARTIAL", "FAILED",  "CANCELLED"};
constexpr std::array<absl::string_view, 5> kRunKindNames = {"SYNC_FILE", "SYNC_ALL", "RETRY", "PREVIEW",
                                                            "WITHDRAW"};

template <typename Enum, size_t kSize>
std::optional<Enum> ParseName(const std::array<absl::string_view, kSize>& names, absl::string_view name) {
  for (size_t i = 0; i < kSize; ++i) {
    if (names[i] == name) return static_cast<Enum>(i);
  }
  return std::nullopt;
}

}  // namespace

absl::string_view StateName(State state) { return kStateNames[static_cast<size_t>(state)]; }
std::optional<State> ParseState(absl::string_view name) { return ParseName<State>(kStateNames, name); }

bool IsOpen(State state) {
  return state == State::kAccepted || state == State::kUnknown || state == State::kDeferred;
}

bool IsResting(State state) { return state != State::kQueued && state != State::kSending; }

bool IsFinal(State state) { return IsResting(state) && !IsOpen(state); }

bool IsSomebodysTurn(State state) {
  return state == State::kRejected || state == State::kPartial || state == State::kUnknown ||
         state == State::kDeferred || state == State::kParked;
}

int64_t StateCounts::Total() const { return std::accumulate(counts_.begin(), counts_.end(), int64_t{0}); }

int64_t StateCounts::Open() const {
  return (*this)[State::kAccepted] + (*this)[State::kUnknown] + (*this)[State::kDeferred];
}

StateCounts operator+(const StateCounts& a, const StateCounts& b) {
  StateCounts sum = a;
  for (size_t i = 0; i < kStateCount; ++i) sum.counts_[i] += b.counts_[i];
  return sum;
}

State SumRecords(const StateCounts& records) {
  for (State state : {State::kSending, State::kUnknown, State::kDeferred, State::kAccepted, State::kQueued}) {
    if (records[state] > 0) return state;
  }
  const int64_t total = records.Total();
  for (State state :
       {State::kUnchanged, State::kSkipped, State::kRejected, State::kParked, State::kCancelled}) {
    if (records[state] == total) return state;
  }
  const bool held = records[State::kConfirmed] + records[State::kUnchanged] == total;
  return held ? State::kConfirmed : State::kPartial;
}

absl::string_view RunStateName(RunState state) { return kRunStateNames[static_cast<size_t>(state)]; }
std::optional<RunState> ParseRunState(absl::string_view name) {
  return ParseName<RunState>(kRunStateNames, name);
}
bool IsFinal(RunState state) { return state != RunState::kQueued && state != RunState::kRunning; }

absl::string_view RunKindName(RunKind kind) { return kRunKindNames[static_cast<size_t>(kind)]; }
std::optional<RunKind> ParseRunKind(absl::string_view name) {
  return ParseName<RunKind>(kRunKindNames, name);
}

bool IsStreamed(RunKind kind, State state) { return !IsBulk(kind) || IsResting(state); }

bool IsBulk(RunKind kind) { return kind == RunKind::kSyncAll || kind == RunKind::kRetry; }

RunState SumDeliveries(const StateCounts& deliveries) {
  const int64_t good =
      deliveries[State::kConfirmed] + deliveries[State::kUnchanged] + deliveries[State::kSkipped];
  if (good == deliveries.Total()) return RunState::kSucceeded;
  // PARTIAL deliveries may have had records accepted, or may mix refusals with what was never sent; one that
  // holds anything at the target counts as arrived, so the benefit of the doubt goes to the milder word.
  const int64_t arrived =
      deliveries[State::kConfirmed] + deliveries[State::kAccepted] + deliveries[State::kPartial];
  return arrived > 0 ? RunState::kPartial : RunState::kFailed;
}

RunState SumPreview(const StateCounts& deliveries) {
  const int64_t refused = deliveries[State::kRejected] + deliveries[State::kPartial];
  if (refused == 0) return RunState::kSucceeded;
  return deliveries[State::kRejected] == deliveries.Total() ? RunState::kFailed : RunState::kPartial;
}

}  // namespace satudata::sync
