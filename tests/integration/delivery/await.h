// File: await.h
//
// Waiting for what a run or a target comes to. Nothing tells us of it, so we look again every millisecond,
// until a limit that a busy machine does not reach fails the test.
#ifndef TESTS_INTEGRATION_DELIVERY_AWAIT_H_
#define TESTS_INTEGRATION_DELIVERY_AWAIT_H_

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"

namespace satudata {

inline constexpr absl::Duration kPatience = absl::Seconds(120);

// `what` is said when it does not come to that.
template <typename Condition>
void Await(const Condition& condition, const char* what = "") {
  const absl::Time give_up = absl::Now() + kPatience;
  while (!condition() && absl::Now() < give_up) absl::SleepFor(absl::Milliseconds(1));
  ASSERT_TRUE(condition()) << what;
}

}  // namespace satudata

#endif  // TESTS_INTEGRATION_DELIVERY_AWAIT_H_
