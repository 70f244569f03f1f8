// The turns of requests that are part of something under way.
#include <algorithm>

#include "server/sync/target_worker.h"

namespace satudata::sync {
namespace {

// What a turn waits for may change without a word: it looks again after this.
constexpr absl::Duration kLongestTurnWait = absl::Seconds(1);
// A turn so late that less than this part of the time is left is none.
constexpr int kLeastPartLeft = 8;

}  // namespace

Permit TargetWorker::AwaitTurn(const base::Deadline& deadline) {
  const std::stop_callback on_stop(deadline.stop(), [this] { NoteTurn(); });
  int64_t id = 0;
  bool lacks_grant = false;
  {
    base::MutexLock lock(&mu_);
    id = lane_.AskTurn();
    lacks_grant = LacksGrant(dependencies_.time->Now());
  }
  if (lacks_grant) dependencies_.on_grant_wanted();
  Permit permit;
  absl::Time look_at;
  do {
    const int64_t seen = TurnCount();
    permit = TryTurn(id, deadline, look_at);
    if (permit.may_go || look_at == absl::InfiniteFuture()) break;
    if (!WaitForTurn(look_at, deadline, seen)) break;
  } while (true);
  LeaveTurn(id, permit.may_go);
  return permit;
}

// `look_at`: when to try again; InfiniteFuture: not at all.
Permit TargetWorker::TryTurn(int64_t turn, const base::Deadline& deadline, absl::Time& look_at) {
  base::MutexLock lock(&mu_);
  const absl::Time now = dependencies_.time->Now();
  look_at = absl::InfiniteFuture();
  if (deadline.Passed()) return {.otherwise_at = dependencies_.clock->Now()};
  if (lane_.TakeTurn(turn, now)) return {.may_go = true};
  absl::Time next = lane_.control().NextTurnTime();
  if (next == absl::InfiniteFuture()) return {};
  if (!lane_.control().HasSlots(now))
    next = std::max(next, now + kLongestTurnWait);  // Or when a grant is told of.
  const absl::Duration remaining = deadline.Remaining();
  const bool in_time = remaining - (next - now) >= remaining / kLeastPartLeft;
  if (in_time) look_at = lane_.control().IsFirstTurn(turn) ? next : now + kLongestTurnWait;
  return {.otherwise_at = dependencies_.clock->Now() + (next - now)};
}

// False if there is nothing to wait for any more.
bool TargetWorker::WaitForTurn(absl::Time until, const base::Deadline& deadline, int64_t seen_turn) {
  const absl::Duration limit =
      std::min({until - dependencies_.time->Now(), deadline.Remaining(), kLongestTurnWait});
  base::MutexLock lock(&wake_mu_);
  if (stopping_) return false;
  if (turn_count_ != seen_turn || limit <= absl::ZeroDuration()) return true;
  turn_.WaitFor(&wake_mu_, absl::ToChronoMicroseconds(limit) + std::chrono::microseconds(1));
  return !stopping_;
}

// The next one may go; or, when nobody awaits a turn any more, what has not begun.
void TargetWorker::LeaveTurn(int64_t turn, bool taken) {
  absl::Time next;
  {
    base::MutexLock lock(&mu_);
    if (!taken) lane_.LeaveTurn(turn);
    next = lane_.NextTime(dependencies_.time->Now());
  }
  NoteTurn();
  CallFor(next);
}

void TargetWorker::CountRequest() {
  base::MutexLock lock(&mu_);
  lane_.OnUnasked(dependencies_.time->Now());
}

int64_t TargetWorker::TurnCount() {
  base::MutexLock lock(&wake_mu_);
  return turn_count_;
}

void TargetWorker::NoteTurn() {
  base::MutexLock lock(&wake_mu_);
  ++turn_count_;
  turn_.SignalAll();
}

}  // namespace satudata::sync
