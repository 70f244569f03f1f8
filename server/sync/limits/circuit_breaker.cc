#include "server/sync/limits/circuit_breaker.h"

#include <algorithm>

#include "absl/hash/hash.h"

namespace satudata::sync {
namespace {

// Successes that end the memory of earlier openings.
constexpr int kSound = 20;

}  // namespace

int64_t CircuitBreaker::SliceIndex(absl::Time now) const {
  return absl::ToInt64Milliseconds(now - absl::UnixEpoch()) /
         std::max<int64_t>(1, absl::ToInt64Milliseconds(options_.window) / kSlices);
}

void CircuitBreaker::Count(bool failure, absl::Time now) {
  const int64_t index = SliceIndex(now);
  Slice& slice = slices_[index % kSlices];
  if (slice.index != index) slice = {.index = index};
  ++slice.outcomes;
  slice.failures += failure ? 1 : 0;
}

bool CircuitBreaker::HalfFail(absl::Time now) const {
  const int64_t oldest = SliceIndex(now) - kSlices;
  int outcomes = 0;
  int failures = 0;
  for (const Slice& slice : slices_) {
    if (slice.index <= oldest) continue;
    outcomes += slice.outcomes;
    failures += slice.failures;
  }
  return outcomes >= options_.least_outcomes && 2 * failures >= outcomes;
}

void CircuitBreaker::OnSuccess(absl::Time now) {
  failures_in_a_row_ = 0;
  odd_count_ = 0;
  Count(/*failure=*/false, now);
  if (state_ == Circuit::kClosed && ++successes_in_a_row_ >= kSound) openings_ = 0;
}

bool CircuitBreaker::OnFailure(absl::Time now) {
  successes_in_a_row_ = 0;
  Count(/*failure=*/true, now);
  if (++failures_in_a_row_ < options_.in_a_row && !HalfFail(now)) return false;
  return Open(now);
}

bool CircuitBreaker::OnOddAnswer(absl::string_view delivery_id, absl::Time now) {
  const size_t hash = absl::HashOf(delivery_id);
  const auto end = odd_deliveries_.begin() + odd_count_;
  if (std::find(odd_deliveries_.begin(), end, hash) == end) odd_deliveries_[odd_count_++] = hash;
  const int enough = std::min<int>(options_.in_a_row, static_cast<int>(odd_deliveries_.size()));
  return odd_count_ >= enough && Open(now);
}

// Answers that were under way when it opened change nothing any more.
bool CircuitBreaker::Open(absl::Time now) {
  failures_in_a_row_ = 0;
  odd_count_ = 0;
  slices_.fill({});
  if (state_ != Circuit::kClosed) return false;
  state_ = Circuit::kOpen;
  successes_in_a_row_ = 0;
  open_until_ = now + std::min(options_.longest_open, options_.open_time * ++openings_);
  return true;
}

void CircuitBreaker::OnProbe(bool healthy, absl::Time now) {
  state_ = Circuit::kClosed;
  if (!healthy) Open(now);
}

void CircuitBreaker::Restore(int openings, absl::Time now) {
  openings_ = openings;
  state_ = Circuit::kOpen;
  open_until_ = now;
}

}  // namespace satudata::sync
