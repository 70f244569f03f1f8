// File: stop_guard.h
//
// Sees to it that a stop ends: when the operator asks a second time, or when it takes longer than it may
// (a disk that hangs holds every thread that touches it, and no thread can be made to let go).
#ifndef SERVER_MAIN_STOP_GUARD_H_
#define SERVER_MAIN_STOP_GUARD_H_

#include <csignal>
#include <functional>
#include <thread>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace satudata::main {

class StopGuard {
 public:
  // From now until it is destroyed: `force(why)` is called once, on a thread of its own, when one of
  // `signals` arrives or `limit` has passed. All threads must have `signals` blocked.
  StopGuard(const sigset_t& signals, absl::Duration limit, std::function<void(absl::string_view)> force);
  ~StopGuard();
  StopGuard(const StopGuard&) = delete;
  StopGuard& operator=(const StopGuard&) = delete;

 private:
  const int signal_fd_;
  const int end_fd_;
  std::thread thread_;
};

}  // namespace satudata::main

#endif  // SERVER_MAIN_STOP_GUARD_H_
