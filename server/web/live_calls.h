// File: live_calls.h
//
// The calls that are under way for pages: how many there may be, and their end when the server stops.
#ifndef SERVER_WEB_LIVE_CALLS_H_
#define SERVER_WEB_LIVE_CALLS_H_

#include <cstdint>
#include <memory>
#include <set>

#include "absl/base/thread_annotations.h"
#include "absl/time/time.h"
#include "server/base/mutex.h"
#include "server/web/bridged_call.h"

namespace satudata::web {

// Thread-safe. Must outlive its places.
class LiveCalls {
 public:
  explicit LiveCalls(size_t limit) : limit_(limit) {}

  // One of `limit`, until it is destroyed.
  class Place {
   public:
    explicit Place(LiveCalls& calls) : calls_(calls) {}
    ~Place() { calls_.Remove(this); }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
    // Once. A call that comes after Drain gave up is cancelled at once.
    void Hold(std::shared_ptr<BridgedCall> call);

   private:
    friend class LiveCalls;
    LiveCalls& calls_;
    std::shared_ptr<BridgedCall> call_;  // Guarded by calls_.mu_.
  };

  // nullptr when there is none, or the server stops.
  std::shared_ptr<Place> TakePlace();

  // Gives no more places; waits for those given until `grace` has passed, then cancels their calls.
  void Drain(absl::Duration grace);

  size_t limit() const { return limit_; }
  size_t count();
  int64_t refused();  // Since the start.

 private:
  void Remove(Place* place);
  void CancelAll();

  const size_t limit_;
  base::Mutex mu_;
  base::CondVar changed_;
  std::set<Place*> places_ ABSL_GUARDED_BY(mu_);
  int64_t refused_ ABSL_GUARDED_BY(mu_) = 0;
  bool draining_ ABSL_GUARDED_BY(mu_) = false;
  bool gave_up_ ABSL_GUARDED_BY(mu_) = false;
};

}  // namespace satudata::web

#endif  // SERVER_WEB_LIVE_CALLS_H_
