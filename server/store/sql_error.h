// File: sql_error.h
//
// What an exception of the database library means for us. SOCI throws; inside store/ its exceptions travel up
// to the two edges that call this, Readers and Writer, and no further. SOCI's what() repeats the bound
// values, which may be anything; nothing here does.
#ifndef SERVER_STORE_SQL_ERROR_H_
#define SERVER_STORE_SQL_ERROR_H_

#include <stdexcept>
#include <string>

#include "absl/status/status.h"

namespace satudata::store {

// Thrown by our own code for a change that contradicts what is stored; the same change fails again.
class Refused : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

enum class Cure {
  kWait,     // Busy, full disk, I/O: the same statement may succeed later.
  kNever,    // A violated constraint, a statement that is wrong: our bug.
  kRestore,  // Damaged, or not a database at all: only another file helps.
};

struct SqlError {
  Cure cure = Cure::kWait;
  std::string text;    // For the log; without bound values.
  int code = 0;        // SQLite's primary code; 0 where the fault is not SQLite's.
  std::string state;   // PostgreSQL's SQLSTATE; empty where the fault is not PostgreSQL's.
  bool lost = false;   // The connection broke off.
  std::string unsure;  // A transaction of which nobody knows whether it was committed; see PgSession.

  bool SameCause(const SqlError& other) const { return code == other.code && state == other.state; }
};

// Only inside a catch clause.
SqlError DescribeCurrentException();

// What whoever runs the service does about it, as a clause.
std::string CureText(const SqlError& error);

// UNAVAILABLE with kStoreUnavailable, or INTERNAL with kInternal for Cure::kNever.
absl::Status StatusOf(const SqlError& error);
absl::Status StoreUnavailable();

}  // namespace satudata::store

#endif  // SERVER_STORE_SQL_ERROR_H_
