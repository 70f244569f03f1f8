// File: readers.h
//
// A bounded set of read-only connections. Each read sees one snapshot and never waits for the writer.
// Thread-safe. Internal to store/.
#ifndef SERVER_STORE_READERS_H_
#define SERVER_STORE_READERS_H_

#include <functional>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/base/mutex.h"
#include "server/store/connection.h"
#include "server/store/health.h"

namespace satudata::store {

struct ReadersOptions {
  ConnectionOptions connection;
  int count = 4;                                   // Default: 4 connections.
  absl::Duration lease_limit = absl::Seconds(10);  // Default: UNAVAILABLE after 10 s without a free one.
};

class Readers {
 public:
  // `health` must outlive the readers.
  Readers(ReadersOptions options, Health& health);
  // Opens all of them and keeps them: an open connection is what lets others be read on a disk that has
  // become full, since the log's index need not be made anew. Throws what SOCI throws.
  void Open();

  // Runs `query(connection)` on one snapshot; once more where a connection had been lost since it was last
  // used. `query` returns an absl::StatusOr or a plain value, and may throw what SOCI throws, or PgError:
  // that becomes UNAVAILABLE or INTERNAL, with a line in the log.
  template <typename T>
  absl::StatusOr<T> Read(const std::function<absl::StatusOr<T>(Connection&)>& query) {
    absl::StatusOr<T> result = absl::InternalError("not run");
    const absl::Status status = Run([&](Connection& connection) { result = query(connection); });
    return status.ok() ? std::move(result) : status;
  }

 private:
  absl::Status Run(const std::function<void(Connection&)>& query);
  // False if the connection broke off, which says nothing of the next one.
  bool TryRun(std::unique_ptr<Connection>& connection, const std::function<void(Connection&)>& query,
              absl::Status& status);
  absl::Status Lease(std::unique_ptr<Connection>& connection);
  void GiveBack(std::unique_ptr<Connection> connection);

  const ReadersOptions options_;
  Health& health_;
  base::Mutex mu_;
  base::CondVar freed_;
  // Free places; null where the connection was lost to an error.
  std::vector<std::unique_ptr<Connection>> free_ ABSL_GUARDED_BY(mu_);
};

}  // namespace satudata::store

#endif  // SERVER_STORE_READERS_H_
