// File: postgres_start.h
//
// Makes a PostgreSQL database ready to be used, and ours. Internal to store/.
#ifndef SERVER_STORE_POSTGRES_START_H_
#define SERVER_STORE_POSTGRES_START_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/store/ownership.h"

namespace satudata::store {

// postgresql: or postgres:, whatever follows.
bool IsPostgresUrl(absl::string_view url);

// Takes the database and brings its schema up to date. Errors are one line that names the cure, and never the
// password: INVALID_ARGUMENT for a URL that is wrong, FAILED_PRECONDITION for a database that cannot be used
// (not there, not for this user, not ours, of a newer program, not in UTF-8, in use by another server),
// UNAVAILABLE when it could be later.
absl::StatusOr<std::unique_ptr<Ownership>> StartPostgres(const PgSessionOptions& options, absl::Time now);

}  // namespace satudata::store

#endif  // SERVER_STORE_POSTGRES_START_H_
