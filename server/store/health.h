// File: health.h
//
// What the store knows of its own state, for readiness and for the log: one line when an outage begins, one
// when its cause changes, one when it is over, however often is tried meanwhile. Thread-safe. Internal to
// store/.
#ifndef SERVER_STORE_HEALTH_H_
#define SERVER_STORE_HEALTH_H_

#include <optional>

#include "absl/status/status.h"
#include "server/base/mutex.h"
#include "server/store/sql_error.h"

namespace satudata::store {

class Health {
 public:
  // A commit failed. Damage (Cure::kRestore) is remembered until the process ends: that some page can be
  // written says nothing about the others.
  void OnWriteFailed(const SqlError& error);
  // A commit succeeded.
  void OnWritten();
  // A read failed. Does not count as an outage, which only a write can end; damage does.
  void OnReadFailed(const SqlError& error);

  // OK, or UNAVAILABLE with a line that says what is wrong and what mends it.
  absl::Status Get() const;
  // Nothing may be written any more, nor tried.
  bool IsDamaged() const;

 private:
  void Begin(const SqlError& error) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);

  mutable base::Mutex mu_;
  std::optional<SqlError> trouble_ ABSL_GUARDED_BY(mu_);
  bool reads_fail_ ABSL_GUARDED_BY(mu_) = false;  // Has been said, and no write succeeded since.
};

}  // namespace satudata::store

#endif  // SERVER_STORE_HEALTH_H_
