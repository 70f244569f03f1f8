// File: pace.h
//
// Whom a Target asks before it makes a request that nobody has counted yet. One that was asked to Send or to
// Read has one request counted; a dataset at CKAN takes four. A target's quota counts each of them.
#ifndef SERVER_SYNC_PACE_H_
#define SERVER_SYNC_PACE_H_

#include "absl/time/time.h"
#include "server/base/deadline.h"

namespace satudata::sync {

struct Permit {
  bool may_go = false;
  // When it would have been, as far as that is known. Wall time.
  absl::Time otherwise_at = absl::InfiniteFuture();
};

// Thread-safe.
class Pace {
 public:
  virtual ~Pace() = default;

  // Waits until one more request may go, and counts it. It does not go, and is not counted, where its turn
  // comes so late that the deadline leaves it no time, where the target was stopped meanwhile, or where the
  // deadline passes. What has begun goes before what has not.
  virtual Permit AwaitTurn(const base::Deadline& deadline) = 0;

  // One goes at once: those after it wait for it.
  virtual void CountRequest() = 0;
};

}  // namespace satudata::sync

#endif  // SERVER_SYNC_PACE_H_
