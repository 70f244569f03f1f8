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
    connection->Pragma("schema_version");  // The file itself is opened by the first read.
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
  absl::Status status;
  try {
    if (connection == nullptr) connection = std::make_unique<Connection>(options_.connection);
    Transaction snapshot(*connection, TransactionMode::kRead);
    query(*connection);
    snapshot.Commit();
  } catch (...) {
    const SqlError error = DescribeCurrentException();
    health_.OnReadFailed(error);
    status = StatusOf(error);
    connection.reset();
  }
  GiveBack(std::move(connection));
  return status;
}

}  // namespace satudata::store
