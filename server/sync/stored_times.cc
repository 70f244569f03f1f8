#include "server/sync/stored_times.h"

#include <algorithm>
#include <optional>

namespace satudata::sync {
namespace {

// Longer than any rung of the ladder and than any hint of a target that is followed.
constexpr absl::Duration kFarthestAttempt = absl::Hours(24);

void NotAfter(absl::Time latest, std::optional<absl::Time>& time) {
  if (time.has_value()) time = std::min(*time, latest);
}

}  // namespace

void AdoptTimes(absl::Time now, LaneDelivery& item) {
  NotAfter(now + kFarthestAttempt, item.delivery.next_attempt_time);
  for (Record& record : item.records) {
    if (record.state == State::kUnknown) record.send_time = now;
    NotAfter(now, record.send_time);
    NotAfter(now, record.accept_time);
  }
}

}  // namespace satudata::sync
