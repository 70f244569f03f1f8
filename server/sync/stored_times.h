// File: stored_times.h
//
// What the times of a stored delivery are worth to a process that did not write them. They are wall times,
// and between that process and this one the wall clock may have been set, either way: what is decided by
// waiting must not be decided by them.
#ifndef SERVER_SYNC_STORED_TIMES_H_
#define SERVER_SYNC_STORED_TIMES_H_

#include "absl/time/time.h"
#include "server/sync/lane_entry.h"

namespace satudata::sync {

// Puts `item`, as an earlier process left it, into the time of this one:
// - an UNKNOWN record counts as sent now. A clock that was set forward would prove that what was sent just
//   before has not arrived, and it would be sent again; waiting once more costs minutes.
// - no time lies in the future, and no next attempt more than a day ahead: a clock that was set back would
//   hold up what is due for as long.
void AdoptTimes(absl::Time now, LaneDelivery& item);

}  // namespace satudata::sync

#endif  // SERVER_SYNC_STORED_TIMES_H_
