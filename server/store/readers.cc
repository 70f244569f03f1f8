#include "server/store/readers.h"

#include <chrono>
#include <utility>

#include "server/base/log.h"
#include "server/store/sql_error.h"

namespace satudata::store {

Readers::Readers(ReadersOptions options, Health& health)
    : options_(std::move(options)), health_(health), free_(options_.count) {}

void Readers::Open() {
  base::MutexLock lock(&mu_);
  for (std::unique_ptr<Connection>& connection : free_) {
    connection = std::make_unique<Connection>(options_.connection);
    // The file itself is opened by the first read.
    if (connection->postgres() == nullptr) connection->Pragma("schema_version");
  }
}

absl::Status Readers::Lease(std::unique_ptr<Connection>& connection) {
  const auto give_up = std::chrono::steady_clock::now() + absl::ToChronoNanoseconds(options_.lease_limit);
  base::MutexLock lock(&mu_);
  while (free_.empty()) {
    const auto left = give_up - std::chrono::steady_clock::now();
    if (left <= std::chrono::nanoseconds::zero()) {
      base::Log(base::Severity::kWarning, "no database connection was free in time");
      return StoreUnavailable();
    }
    freed_.WaitFor(&mu_, left);
  }
  connection = std::move(free_.back());
  free_.pop_back();
  return absl::OkStatus();
}

void Readers::GiveBack(std::unique_ptr<Connection> connection) {
  base::MutexLock lock(&mu_);
  free_.push_back(std::move(connection));
  freed_.Signal();
}

absl::Status Readers::Run(const std::function<void(Connection&)>& query) {
  std::unique_ptr<Connection> connection;
  if (absl::Status status = Lease(connection); !status.ok()) return status;
  const bool was_open = connection != nullptr;
  absl::Status status;
  if (!TryRun(connection, query, status) && was_open) TryRun(connection, query, status);
  GiveBack(std::move(connection));
  return status;
}

bool Readers::TryRun(std::unique_ptr<Connection>& connection, const std::function<void(Connection&)>& query,
                     absl::Status& status) {
  const bool was_open = connection != nullptr;
  try {
    if (!was_open) connection = std::make_unique<Connection>(options_.connection);
    Transaction snapshot(*connection, TransactionMode::kRead);
    query(*connection);
    snapshot.Commit();
    status = absl::OkStatus();
    return true;
  } catch (...) {
    const SqlError error = DescribeCurrentException();
    status = StatusOf(error);
    connection.reset();
    if (was_open && error.lost) return false;
    health_.OnReadFailed(error);
    return true;
  }
}

}  // namespace satudata::store
