#include "server/sync/store.h"

#include "server/base/mutex.h"

namespace satudata::sync {
namespace {

class CommitWaiter {
 public:
  void Finish(const absl::Status& status) {
    base::MutexLock lock(&mu_);
    status_ = status;
    done_ = true;
    // Signalled under the lock: the waiter, and this object with it, may be gone once it is released.
    changed_.Signal();
  }
  absl::Status Wait() {
    base::MutexLock lock(&mu_);
    while (!done_) changed_.Wait(&mu_);
    return status_;
  }

 private:
  base::Mutex mu_;
  base::CondVar changed_;
  bool done_ ABSL_GUARDED_BY(mu_) = false;
  absl::Status status_ ABSL_GUARDED_BY(mu_);
};

}  // namespace

absl::Status Store::Commit(Change change) {
  CommitWaiter waiter;
  Submit(std::move(change), [&](const absl::Status& status, const Change&) { waiter.Finish(status); });
  return waiter.Wait();
}

}  // namespace satudata::sync
