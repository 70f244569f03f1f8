// File: store_patience.h
//
// What a run does while the store is away: it waits, and goes on where it was. A store that cannot be read or
// written for a while is no reason for a run to fail. Thread-safe.
#ifndef SERVER_SYNC_STORE_PATIENCE_H_
#define SERVER_SYNC_STORE_PATIENCE_H_

#include <chrono>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/base/mutex.h"

namespace satudata::sync {

class StorePatience {
 public:
  // Does `work` again and again while it answers UNAVAILABLE, a little later each time, until End.
  template <typename Work>
  auto Do(Work work) -> decltype(work()) {
    auto wait = kFirstWait;
    while (true) {
      auto result = work();
      if (!absl::IsUnavailable(StatusOf(result)) || !Wait(wait)) return result;
      wait = wait * 2 < kLongestWait ? wait * 2 : kLongestWait;
    }
  }

  // Nobody waits any more.
  void End() {
    base::MutexLock lock(&mu_);
    ended_ = true;
    changed_.SignalAll();
  }

 private:
  static constexpr std::chrono::milliseconds kFirstWait{50};
  static constexpr std::chrono::milliseconds kLongestWait{1000};

  static const absl::Status& StatusOf(const absl::Status& status) { return status; }
  template <typename T>
  static const absl::Status& StatusOf(const absl::StatusOr<T>& result) {
    return result.status();
  }

  // False when there is nothing to wait for any more.
  bool Wait(std::chrono::milliseconds wait) {
    const auto until = std::chrono::steady_clock::now() + wait;
    base::MutexLock lock(&mu_);
    while (!ended_) {
      const auto left = until - std::chrono::steady_clock::now();
      if (left <= std::chrono::nanoseconds::zero()) return true;
      changed_.WaitFor(&mu_, left);
    }
    return false;
  }

  base::Mutex mu_;
  base::CondVar changed_;
  bool ended_ ABSL_GUARDED_BY(mu_) = false;
};

}  // namespace satudata::sync

#endif  // SERVER_SYNC_STORE_PATIENCE_H_
