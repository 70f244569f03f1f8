#include "server/http/watchdog.h"

#include <algorithm>
#include <utility>

#include "server/base/executor.h"

namespace satudata::http {
namespace {

// A connection that was cut while it was being dialled may open all the same: it is cut again this often.
constexpr absl::Duration kCutAgain = absl::Milliseconds(10);
constexpr absl::Duration kLongestSleep = absl::Minutes(10);

}  // namespace

Watchdog::Watch::Watch(Watchdog& watchdog, Connection& connection, const base::Deadline& deadline)
    : watchdog_(watchdog), connection_(connection), deadline_(deadline) {
  {
    base::MutexLock lock(&watchdog_.mu_);
    position_ = watchdog_.watches_.insert(watchdog_.watches_.end(), this);
    watchdog_.WakeWithinLocked(deadline_.Remaining());
  }
  if (deadline_.stop().stop_possible()) on_stop_.emplace(deadline_.stop(), WakeUp{watchdog_});
}

Watchdog::Watch::~Watch() {
  on_stop_.reset();
  base::MutexLock lock(&watchdog_.mu_);
  watchdog_.watches_.erase(position_);
}

CutCause Watchdog::Watch::cause() const {
  base::MutexLock lock(&watchdog_.mu_);
  return cause_;
}

Watchdog::Watchdog(std::function<absl::Duration()> chore)
    : chore_(std::move(chore)), thread_([this] { Run(); }) {}

Watchdog::~Watchdog() {
  {
    base::MutexLock lock(&mu_);
    stopping_ = true;
  }
  changed_.Signal();
  thread_.join();
}

void Watchdog::CutAll() {
  base::MutexLock lock(&mu_);
  for (Watch* watch : watches_) {
    if (watch->cause_ == CutCause::kNone) watch->cause_ = CutCause::kAborted;
  }
  WakeWithinLocked(absl::ZeroDuration());
}

void Watchdog::WakeWithin(absl::Duration limit) {
  base::MutexLock lock(&mu_);
  WakeWithinLocked(limit);
}

void Watchdog::WakeWithinLocked(absl::Duration limit) {
  if (limit == absl::InfiniteDuration() || steady_.Monotonic() + limit >= wake_at_) return;
  woken_ = true;
  changed_.Signal();
}

void Watchdog::Run() {
  base::SetThreadName("http-watchdog");
  while (true) {
    const absl::Duration next_chore = chore_();
    base::MutexLock lock(&mu_);
    if (stopping_) return;
    WaitFor(std::min(next_chore, CutExpired()));
    if (stopping_) return;
  }
}

// Returns when to look again. shutdown(2) does not block, so cutting under the lock is safe, and it is what
// keeps the connection alive meanwhile.
absl::Duration Watchdog::CutExpired() {
  absl::Duration next = kLongestSleep;
  for (Watch* watch : watches_) {
    const absl::Duration remaining = watch->deadline_.Remaining();
    if (watch->cause_ == CutCause::kNone && remaining == absl::ZeroDuration()) {
      watch->cause_ = watch->deadline_.Stopped() ? CutCause::kAborted : CutCause::kDeadline;
    }
    if (watch->cause_ != CutCause::kNone) watch->connection_.Cut();
    next = std::min(next, watch->cause_ == CutCause::kNone ? remaining : kCutAgain);
  }
  return next;
}

void Watchdog::WaitFor(absl::Duration limit) {
  wake_at_ = steady_.Monotonic() + limit;
  if (!woken_) changed_.WaitFor(&mu_, absl::ToChronoMicroseconds(limit) + std::chrono::microseconds(1));
  woken_ = false;
  wake_at_ = absl::InfiniteDuration();
}

}  // namespace satudata::http
