// What the target gives this server, of several at the same store.
#include <algorithm>

#include "server/sync/target_worker.h"

namespace satudata::sync {
namespace {

// How many times as many requests may be under way when the next grant comes.
constexpr int kSlotGrowth = 2;
constexpr int kFewSlots = 8;

}  // namespace

// It asks for what it can use before it asks again: what a server that dies has is nobody's for the time of a
// request. A read may take longer than that, but few are under way at a time.
GrantRequest TargetWorker::AskGrant() {
  const TargetTraits& traits = dependencies_.target->traits();
  base::MutexLock lock(&mu_);
  const absl::Time now = dependencies_.time->Now();
  const bool is_wanted = lane_.WantsGrant(now);
  if (!is_wanted) lane_.SetGrant(Grant(), absl::InfinitePast(), now);  // Before others may have it.
  const Grant held = lane_.control().grant(now);
  return {.target = traits.name,
          .is_wanted = is_wanted,
          .in_flight = lane_.control().in_flight(),
          .held_slots = held.slots,
          .held_rate = held.rate,
          .most_slots = std::min(traits.most_senders(),
                                 std::max(kFewSlots, kSlotGrowth * lane_.control().concurrency_limit())),
          .slot_limit = traits.max_concurrency,
          .rate_limit = traits.rate_limit_per_second,
          .request_time = traits.request_deadline};
}

void TargetWorker::SetGrant(const Grant& grant, absl::Time until) {
  Apply([&](Lane& lane, absl::Time now) { lane.SetGrant(grant, until, now); });
  NoteTurn();
}

void TargetWorker::Adopt(const TargetMemory& memory) {
  Apply([&](Lane& lane, absl::Time now) { lane.Adopt(memory, now); });
}

bool TargetWorker::LacksGrant(absl::Time now) {
  return lane_.control().NeedsGrant(now) && lane_.WantsGrant(now);
}

}  // namespace satudata::sync
