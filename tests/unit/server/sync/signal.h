// File: signal.h
//
// One thread of a test waiting for another.
#ifndef TESTS_UNIT_SERVER_SYNC_SIGNAL_H_
#define TESTS_UNIT_SERVER_SYNC_SIGNAL_H_

#include <chrono>
#include <utility>

#include "server/base/mutex.h"

namespace satudata::sync {

// Raised by one thread, awaited by another; each Wait uses up the raise, but an opened one stays open.
class Signal {
 public:
  void Raise() { Set(&raised_); }
  void OpenForGood() { Set(&open_); }
  // False when it was not raised within a minute.
  bool Wait() {
    base::MutexLock lock(&mu_);
    for (int i = 0; i < 60 && !raised_ && !open_; ++i) cv_.WaitFor(&mu_, std::chrono::seconds(1));
    return std::exchange(raised_, false) || open_;
  }

 private:
  void Set(bool* flag) {
    base::MutexLock lock(&mu_);
    *flag = true;
    cv_.SignalAll();
  }

  base::Mutex mu_;
  base::CondVar cv_;
  bool raised_ = false;  // Both guarded by mu_.
  bool open_ = false;
};

}  // namespace satudata::sync

#endif  // TESTS_UNIT_SERVER_SYNC_SIGNAL_H_
