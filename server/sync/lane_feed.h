// File: lane_feed.h
//
// From rows in the store to deliveries in a lane: each record gets what it is sent with, made from its file
// as it is.
#ifndef SERVER_SYNC_LANE_FEED_H_
#define SERVER_SYNC_LANE_FEED_H_

#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/sync/lane_entry.h"
#include "server/sync/run.h"
#include "server/sync/store.h"
#include "server/sync/target.h"

namespace satudata::sync {

// `detail` as a delivery of `run`, without what its records are sent with.
LaneDelivery MakeLaneDelivery(const Run& run, DeliveryDetail detail);

// Gives each record what it is sent with; false if the file would no longer be sent as it was planned:
// another revision, not verified any more, or a record that came out different.
bool Equip(const catalog::FileWithValues& file, const Projection& projection, LaneDelivery& item);

// The same for a withdrawal: `projected` is what would be sent now.
bool Equip(const ProjectedRecord& projected, LaneDelivery& item);

// What became known since these were planned, by another run or another process: what is proven to be there
// is not sent again, and what another delivery's request may have brought is read back first. A request of
// which only the claim is known counts as sent at `now`.
absl::Status AddKnown(Store& store, absl::string_view target, absl::Time now,
                      std::vector<LaneDelivery>& items);

}  // namespace satudata::sync

#endif  // SERVER_SYNC_LANE_FEED_H_
