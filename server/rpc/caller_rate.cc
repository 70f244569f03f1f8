#include "server/rpc/caller_rate.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "server/catalog/failure.h"

namespace satudata::rpc {
namespace {

// More than one comes with each call, so the list shrinks when callers leave.
constexpr int kForgottenPerCall = 2;

absl::Status TooManyCalls(double per_second, double missing) {
  const auto seconds = std::max<int64_t>(1, std::llround(std::ceil(missing / per_second)));
  return catalog::FailureStatus(
      absl::StatusCode::kResourceExhausted,
      {.reason = catalog::Reason::kTooManyCalls,
       .args = {{"limit", absl::StrCat(per_second)}, {"seconds", absl::StrCat(seconds)}}});
}

}  // namespace

absl::Status CallerRate::Take(absl::string_view caller) {
  if (limits_.per_second <= 0) return absl::OkStatus();
  const absl::Duration now = clock_.Monotonic();
  base::MutexLock lock(&mu_);
  Bucket& bucket = BucketOf(caller, now);
  Refill(bucket, now);
  if (bucket.tokens < 1) return TooManyCalls(limits_.per_second, 1 - bucket.tokens);
  bucket.tokens -= 1;
  ForgetTheQuiet(now);
  return absl::OkStatus();
}

size_t CallerRate::remembered() const {
  base::MutexLock lock(&mu_);
  return buckets_.size();
}

CallerRate::Bucket& CallerRate::BucketOf(absl::string_view caller, absl::Duration now) {
  const auto found = by_caller_.find(caller);
  if (found != by_caller_.end()) {
    buckets_.splice(buckets_.begin(), buckets_, found->second);
  } else {
    buckets_.push_front({std::string(caller), static_cast<double>(limits_.burst), now});
    by_caller_.emplace(caller, buckets_.begin());
  }
  return buckets_.front();
}

void CallerRate::Refill(Bucket& bucket, absl::Duration now) const {
  const double earned = absl::ToDoubleSeconds(now - bucket.at) * limits_.per_second;
  bucket.tokens = std::min(bucket.tokens + earned, static_cast<double>(limits_.burst));
  bucket.at = now;
}

// A full bucket is what a stranger has.
void CallerRate::ForgetTheQuiet(absl::Duration now) {
  for (int i = 0; i < kForgottenPerCall && buckets_.size() > 1; ++i) {
    Bucket& last = buckets_.back();
    Refill(last, now);
    if (last.tokens < limits_.burst && buckets_.size() <= limits_.capacity) return;
    by_caller_.erase(last.caller);
    buckets_.pop_back();
  }
}

}  // namespace satudata::rpc
