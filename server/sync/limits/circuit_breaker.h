// File: circuit_breaker.h
//
// Stops requests to a target that does not work, and lets one cheap read find out when it does again. Opens
// after 5 failures in a row, or when of at least 20 outcomes within 30 s half are failures; stays open for
// 30 s, each time longer by as much, up to 300 s, as long as it does not stay closed for a while in between.
// Answers that are no answers (a firewall's page, an unknown shape) count only when 5 different deliveries
// got them in a row: one poisonous record is no outage.
//
// Pure: no threads, no clock, O(1) per call, no allocation. Not thread-safe.
#ifndef SERVER_SYNC_LIMITS_CIRCUIT_BREAKER_H_
#define SERVER_SYNC_LIMITS_CIRCUIT_BREAKER_H_

#include <array>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace satudata::sync {

enum class Circuit { kClosed, kOpen, kHalfOpen };

struct CircuitBreakerOptions {
  int in_a_row = 5;                              // Default: 5 failures in a row.
  int least_outcomes = 20;                       // Default: half of at least 20,
  absl::Duration window = absl::Seconds(30);     // ... within 30 s.
  absl::Duration open_time = absl::Seconds(30);  // Default: 30 s, then 60 s, …
  absl::Duration longest_open = absl::Seconds(300);
};

class CircuitBreaker {
 public:
  explicit CircuitBreaker(CircuitBreakerOptions options) : options_(options) {}

  Circuit state() const { return state_; }
  // While it is open: when the next probe is due.
  absl::Time open_until() const { return open_until_; }
  // How often it has opened without having stayed closed for a while.
  int openings() const { return openings_; }

  void OnSuccess(absl::Time now);
  // These tell whether it has opened just now.
  bool OnFailure(absl::Time now);
  bool OnOddAnswer(absl::string_view delivery_id, absl::Time now);

  void OnProbeSent() { state_ = Circuit::kHalfOpen; }
  // Closes it, or opens it for longer.
  void OnProbe(bool healthy, absl::Time now);

  // As it was when another process ended: the next probe is due at once.
  void Restore(int openings, absl::Time now);

 private:
  static constexpr int kSlices = 10;
  struct Slice {
    int64_t index = -1;  // Of the time slice that it counts.
    int outcomes = 0;
    int failures = 0;
  };

  void Count(bool failure, absl::Time now);
  bool HalfFail(absl::Time now) const;
  bool Open(absl::Time now);
  int64_t SliceIndex(absl::Time now) const;

  const CircuitBreakerOptions options_;
  Circuit state_ = Circuit::kClosed;
  absl::Time open_until_ = absl::InfinitePast();
  int openings_ = 0;
  int failures_in_a_row_ = 0;
  int successes_in_a_row_ = 0;
  std::array<Slice, kSlices> slices_;
  std::array<size_t, 8> odd_deliveries_{};  // Hashes.
  int odd_count_ = 0;
};

}  // namespace satudata::sync

#endif  // SERVER_SYNC_LIMITS_CIRCUIT_BREAKER_H_
