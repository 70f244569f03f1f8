// File: concurrency_limit.h
//
// How many requests may be under way at a target at once, found by trying: starts at one and doubles each
// round trip while it is used to the full and nothing speaks against it; then grows and shrinks by how the
// latency compares with the least that was seen lately (as TCP Vegas and Netflix's Gradient2 do), shrinks by
// the share of requests that failed, and remembers above what number the target refuses.
//
// A round is one round trip: it ends with the first answer to a request that was sent in it. Pure: no
// threads, no clock, O(1) per call, no allocation. Not thread-safe.
#ifndef SERVER_SYNC_LIMITS_CONCURRENCY_LIMIT_H_
#define SERVER_SYNC_LIMITS_CONCURRENCY_LIMIT_H_

#include <algorithm>
#include <cstdint>

#include "absl/time/time.h"

namespace satudata::sync {

class ConcurrencyLimit {
 public:
  // Both are at least 1.
  explicit ConcurrencyLimit(int maximum, int first = 1);

  int limit() const { return limit_; }
  // The most requests under way of late with which another one was taken.
  int proven() const;
  // The least that was seen of late; InfiniteDuration if nothing was.
  absl::Duration least_latency() const { return std::min(least_latency_[0], least_latency_[1]); }

  // `in_flight` counts this one.
  void OnSend(int in_flight, absl::Time now);
  // The target did its work. `in_flight`: as it was when the request was sent.
  void OnTaken(int in_flight, absl::Time send_time, absl::Duration latency, absl::Time now);
  // It failed to (no connection, 5xx, timeout), or refused for speed. False: with more under way than it has
  // borne of late, which may be the reason; then nothing else need be.
  bool OnFailed(int in_flight, absl::Time send_time, absl::Time now);
  bool OnThrottled(int in_flight, absl::Time send_time, absl::Time now);
  // Begins from the start again: after an outage or a pause.
  void Restart(absl::Time now);

 private:
  bool TooMany(int in_flight);
  void CountAnswer(absl::Time send_time, absl::Time now);
  void EndRound(absl::Time now);
  void Judge();
  void Grow(double gradient);
  double Gradient() const;
  double GradientOfTarget() const;
  double GradientOfOurs() const;
  void RaiseCeiling();
  void Rotate(absl::Time now);
  void Set(double limit);

  const int maximum_;
  const int first_;
  double exact_ = 1;
  int limit_ = 1;
  bool slow_start_ = true;

  absl::Time round_start_ = absl::InfinitePast();
  int answers_ = 0;
  int failures_ = 0;
  int taken_ = 0;
  bool throttled_ = false;
  bool saturated_ = false;  // The limit was reached.
  bool draining_ = false;   // One round at half the limit, to see the latency without a queue of ours.
  absl::Duration latency_sum_;
  absl::Duration time_sum_;  // From sending to knowing, our own part included.

  absl::Time span_start_ = absl::InfinitePast();
  absl::Duration least_latency_[2] = {absl::InfiniteDuration(), absl::InfiniteDuration()};
  int most_taken_[2] = {0, 0};  // [0]: this span, [1]: the one before.

  int refused_beyond_ = 0;  // Since a request was last taken with more under way than ever.
  int ceiling_;
  int ceiling_step_ = 1;
  int64_t taken_at_ceiling_ = 0;
  int64_t needed_at_ceiling_;
};

}  // namespace satudata::sync

#endif  // SERVER_SYNC_LIMITS_CONCURRENCY_LIMIT_H_
