// File: process_lock.h
//
// One server per database file: a second one would take over the first one's work while that still sends it.
#ifndef SERVER_STORE_PROCESS_LOCK_H_
#define SERVER_STORE_PROCESS_LOCK_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"

namespace satudata::store {

// Held until it is destroyed or the process ends, however it ends.
class ProcessLock {
 public:
  // Locks `<path>.lock`, made where it is missing. FAILED_PRECONDITION when another process holds it,
  // INVALID_ARGUMENT when it cannot be made.
  static absl::StatusOr<std::unique_ptr<ProcessLock>> Take(const std::string& path);
  ~ProcessLock();
  ProcessLock(const ProcessLock&) = delete;
  ProcessLock& operator=(const ProcessLock&) = delete;

 private:
  explicit ProcessLock(int fd) : fd_(fd) {}

  const int fd_;
};

}  // namespace satudata::store

#endif  // SERVER_STORE_PROCESS_LOCK_H_
