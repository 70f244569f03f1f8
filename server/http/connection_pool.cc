#include "server/http/connection_pool.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace satudata::http {

std::unique_ptr<Connection> ConnectionPool::Take() {
  while (std::unique_ptr<Connection> connection = TakeNewest()) {
    if (connection->IsQuiet()) return connection;
  }
  return nullptr;
}

std::unique_ptr<Connection> ConnectionPool::TakeNewest() {
  base::MutexLock lock(&mu_);
  if (idle_.empty()) return nullptr;
  Idle newest = std::move(idle_.back());
  if (clock_.Monotonic() - newest.since >= max_idle_time_) {  // So are all the others: Prune() closes them.
    idle_.back() = std::move(newest);
    return nullptr;
  }
  idle_.pop_back();
  return std::move(newest.connection);
}

void ConnectionPool::Return(std::unique_ptr<Connection> connection) {
  base::MutexLock lock(&mu_);
  if (idle_.size() >= max_idle_) return;  // `connection` is closed after the lock is gone.
  idle_.push_back({std::move(connection), clock_.Monotonic()});
}

absl::Duration ConnectionPool::Prune() {
  std::vector<Idle> expired;  // Closed without the lock: TLS says goodbye.
  base::MutexLock lock(&mu_);
  const absl::Duration now = clock_.Monotonic();
  while (!idle_.empty() && now - idle_.front().since >= max_idle_time_) {
    expired.push_back(std::move(idle_.front()));
    idle_.pop_front();
  }
  if (idle_.empty()) return absl::InfiniteDuration();
  return idle_.front().since + max_idle_time_ - now;
}

}  // namespace satudata::http
