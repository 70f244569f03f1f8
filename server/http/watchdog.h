// File: watchdog.h
//
// Ends exchanges that take too long or are no longer wanted, by cutting their connection. httplib's timeouts
// restart with every byte; this one thread is what makes a deadline total, whatever drips: the handshake, a
// header or the body. It is also what ends an exchange at once when its deadline's stop is requested.
#ifndef SERVER_HTTP_WATCHDOG_H_
#define SERVER_HTTP_WATCHDOG_H_

#include <functional>
#include <list>
#include <optional>
#include <stop_token>
#include <thread>

#include "absl/time/time.h"
#include "server/base/clock.h"
#include "server/base/deadline.h"
#include "server/base/mutex.h"
#include "server/http/connection.h"

namespace satudata::http {

enum class CutCause { kNone, kDeadline, kAborted };

// Thread-safe.
class Watchdog {
 public:
  // Registers one exchange for its own lifetime.
  class Watch {
   public:
    // `watchdog` and `connection` must outlive the watch.
    Watch(Watchdog& watchdog, Connection& connection, const base::Deadline& deadline);
    ~Watch();
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;
    CutCause cause() const;

   private:
    friend class Watchdog;
    Watchdog& watchdog_;
    Connection& connection_;
    const base::Deadline deadline_;
    CutCause cause_ = CutCause::kNone;  // Guarded by the watchdog's mutex.
    std::list<Watch*>::iterator position_;
    struct WakeUp {
      Watchdog& watchdog;
      void operator()() const { watchdog.WakeWithin(absl::ZeroDuration()); }
    };
    // Last to be made and first to go: it may fire at any time between.
    std::optional<std::stop_callback<WakeUp>> on_stop_;
  };

  // `chore` runs on the watchdog's thread, without its lock, and says when it wants to run again. Starts the
  // thread.
  explicit Watchdog(std::function<absl::Duration()> chore);
  // No watch may be left.
  ~Watchdog();

  // Cuts every exchange that is registered now.
  void CutAll();
  // Makes the thread look around no later than after `limit`.
  void WakeWithin(absl::Duration limit);

 private:
  void Run();
  absl::Duration CutExpired() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void WaitFor(absl::Duration limit) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void WakeWithinLocked(absl::Duration limit) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);

  const std::function<absl::Duration()> chore_;
  base::SystemClock steady_;  // Real time: what the thread sleeps by, whatever clock the deadlines follow.
  base::Mutex mu_;
  base::CondVar changed_;
  std::list<Watch*> watches_ ABSL_GUARDED_BY(mu_);
  // When the thread wakes by itself, on `steady_`; infinite while it is awake, so that a wish that comes
  // meanwhile is not lost.
  absl::Duration wake_at_ ABSL_GUARDED_BY(mu_) = absl::InfiniteDuration();
  bool woken_ ABSL_GUARDED_BY(mu_) = false;
  bool stopping_ ABSL_GUARDED_BY(mu_) = false;
  std::thread thread_;
};

}  // namespace satudata::http

#endif  // SERVER_HTTP_WATCHDOG_H_
