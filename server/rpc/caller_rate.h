// File: caller_rate.h
//
// How many calls each caller may make: a token bucket per caller. Bounded: a caller whose bucket is full
// again is forgotten, and when there are too many, the one that was quiet longest. Thread-safe and quick.
#ifndef SERVER_RPC_CALLER_RATE_H_
#define SERVER_RPC_CALLER_RATE_H_

#include <cstddef>
#include <list>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/base/clock.h"
#include "server/base/mutex.h"

namespace satudata::rpc {

class CallerRate {
 public:
  struct Limits {
    double per_second = 200;   // Default: 200 calls per second; 0: no limit.
    int burst = 400;           // Default: 400 at once after a pause.
    size_t capacity = 10'000;  // Default: 10,000 callers are remembered.
  };

  // `clock` must outlive it.
  CallerRate(Limits limits, base::Clock& clock) : limits_(limits), clock_(clock) {}

  // Counts a call of `caller`. RESOURCE_EXHAUSTED with kTooManyCalls, and when to come back, for one too
  // many: that one is not counted.
  absl::Status Take(absl::string_view caller);

  size_t remembered() const;

 private:
  struct Bucket {
    std::string caller;
    double tokens = 0;
    absl::Duration at;  // When it held so many.
  };
  using Buckets = std::list<Bucket>;  // The one that was quiet longest is last.

  Bucket& BucketOf(absl::string_view caller, absl::Duration now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void Refill(Bucket& bucket, absl::Duration now) const;
  void ForgetTheQuiet(absl::Duration now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);

  const Limits limits_;
  base::Clock& clock_;
  mutable base::Mutex mu_;
  Buckets buckets_ ABSL_GUARDED_BY(mu_);
  absl::flat_hash_map<std::string, Buckets::iterator> by_caller_ ABSL_GUARDED_BY(mu_);
};

}  // namespace satudata::rpc

#endif  // SERVER_RPC_CALLER_RATE_H_
