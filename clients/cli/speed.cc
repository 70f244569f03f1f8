#include "clients/cli/speed.h"

#include <algorithm>

namespace satudata::cli {
namespace {

constexpr absl::Duration kWindow = absl::Seconds(10);
constexpr absl::Duration kSpacing = absl::Milliseconds(500);

}  // namespace

void Speed::Add(absl::Duration now, int64_t count) {
  const size_t size = samples_.size();
  if (size >= 2 && now - samples_[size - 2].time < kSpacing) {
    samples_.back() = {now, count};
  } else {
    samples_.push_back({now, count});
  }
  // One sample before the window stays: it is where the window begins.
  while (samples_.size() > 2 && now - samples_[1].time > kWindow) samples_.pop_front();
}

double Speed::PerSecond(absl::Duration now) const {
  if (samples_.size() < 2 || now - samples_.back().time > kWindow) return 0;
  const double seconds = absl::ToDoubleSeconds(now - samples_.front().time);
  const auto gained = static_cast<double>(samples_.back().count - samples_.front().count);
  return seconds <= 0 ? 0 : std::max(gained / seconds, 0.0);
}

}  // namespace satudata::cli
