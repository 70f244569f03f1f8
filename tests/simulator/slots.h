// File: slots.h
//
// How many requests a system works on at a time, and how many it was asked to. Thread-safe.
#ifndef TESTS_SIMULATOR_SLOTS_H_
#define TESTS_SIMULATOR_SLOTS_H_

#include <cstdint>

#include "server/base/mutex.h"
#include "tests/simulator/options.h"

namespace satudata::simulator {

struct SlotFigures {
  int serving = 0;  // Now.
  int offered = 0;  // Now, with those that wait.
  int peak_serving = 0;
  int peak_offered = 0;
  uint64_t over_limit = 0;  // Requests that found every slot taken.
};

class Slots {
 public:
  // `limit` 0: no limit, but still counted.
  Slots(int limit, SlotPolicy policy) : limit_(limit), policy_(policy) {}

  // True: the caller has a slot and must Leave. False: refused by policy, or stopped while waiting.
  bool Enter();
  void Leave();

  // Refuses those who wait and all who come; for the end.
  void Stop();
  // Peaks and counts start anew.
  void Reset();
  SlotFigures figures() const;

 private:
  bool Free() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_) { return limit_ == 0 || figures_.serving < limit_; }

  const int limit_;
  const SlotPolicy policy_;
  mutable base::Mutex mu_;
  base::CondVar freed_;
  SlotFigures figures_ ABSL_GUARDED_BY(mu_);
  bool stopped_ ABSL_GUARDED_BY(mu_) = false;
};

}  // namespace satudata::simulator

#endif  // TESTS_SIMULATOR_SLOTS_H_
