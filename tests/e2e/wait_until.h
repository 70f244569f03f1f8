// File: wait_until.h
//
// Waiting for what another process does. Only for that: nothing tells us, so we look again every few
// milliseconds, until a limit that fails the test.
#ifndef TESTS_E2E_WAIT_UNTIL_H_
#define TESTS_E2E_WAIT_UNTIL_H_

#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace satudata::e2e {

template <typename Condition>
bool WaitUntil(Condition condition, absl::Duration limit) {
  const absl::Time end = absl::Now() + limit;
  while (!condition()) {
    if (absl::Now() > end) return false;
    absl::SleepFor(absl::Milliseconds(10));
  }
  return true;
}

}  // namespace satudata::e2e

#endif  // TESTS_E2E_WAIT_UNTIL_H_
