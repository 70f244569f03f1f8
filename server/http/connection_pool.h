// File: connection_pool.h
//
// Connections that wait for their next request. Thread-safe.
#ifndef SERVER_HTTP_CONNECTION_POOL_H_
#define SERVER_HTTP_CONNECTION_POOL_H_

#include <deque>
#include <memory>

#include "absl/time/time.h"
#include "server/base/clock.h"
#include "server/base/mutex.h"
#include "server/http/connection.h"

namespace satudata::http {

class ConnectionPool {
 public:
  // `clock` must outlive the pool.
  ConnectionPool(base::Clock& clock, size_t max_idle, absl::Duration max_idle_time)
      : clock_(clock), max_idle_(max_idle), max_idle_time_(max_idle_time) {}

  // The one that came back last and is fit for use; null if there is none.
  std::unique_ptr<Connection> Take();
  // Keeps it, or closes it if the pool is full.
  void Return(std::unique_ptr<Connection> connection);
  // Closes what has waited too long. Returns when to prune again: infinite if nothing waits.
  absl::Duration Prune();

 private:
  struct Idle {
    std::unique_ptr<Connection> connection;
    absl::Duration since;  // Monotonic.
  };
  std::unique_ptr<Connection> TakeNewest();

  base::Clock& clock_;
  const size_t max_idle_;
  const absl::Duration max_idle_time_;
  base::Mutex mu_;
  std::deque<Idle> idle_ ABSL_GUARDED_BY(mu_);  // Oldest first.
};

}  // namespace satudata::http

#endif  // SERVER_HTTP_CONNECTION_POOL_H_
