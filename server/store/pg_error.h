// File: pg_error.h
//
// What PostgreSQL, or the way to it, complains about. Internal to store/.
#ifndef SERVER_STORE_PG_ERROR_H_
#define SERVER_STORE_PG_ERROR_H_

#include <stdexcept>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "server/store/sql_error.h"

namespace satudata::store {

// `what()` is one line without any value that was sent.
class PgError : public std::runtime_error {
 public:
  // `state`: a SQLSTATE, see https://www.postgresql.org/docs/15/errcodes-appendix.html. `lost`: the
  // connection is of no more use.
  PgError(std::string state, const std::string& text, bool lost)
      : std::runtime_error(text), state_(std::move(state)), lost_(lost) {}
  // The connection was lost while this transaction was being committed: it is committed or it is not.
  static PgError Unsure(const PgError& error, std::string transaction_id) {
    PgError unsure(error.state_, error.what(), /*lost=*/true);
    unsure.unsure_ = std::move(transaction_id);
    return unsure;
  }

  const std::string& state() const { return state_; }
  bool lost() const { return lost_; }
  const std::string& unsure() const { return unsure_; }  // Empty where nothing is.

 private:
  std::string state_;
  bool lost_;
  std::string unsure_;
};

// Ours, for a failed way to the server, which PostgreSQL's library tells in words alone.
inline constexpr absl::string_view kStateNoWay = "08001";
inline constexpr absl::string_view kStateLost = "08006";
// Somebody else holds a lock.
inline constexpr absl::string_view kStateHeld = "55P03";

// What the words of a failed connection come to.
absl::string_view StateOfConnectFailure(absl::string_view words);
Cure CureOfState(absl::string_view state);
// What whoever runs the service does about it, as a clause.
std::string CureTextOfState(absl::string_view state);

}  // namespace satudata::store

#endif  // SERVER_STORE_PG_ERROR_H_
