// File: postgres_start.h
//
// Makes a PostgreSQL database ready to be used. Internal to store/.
#ifndef SERVER_STORE_POSTGRES_START_H_
#define SERVER_STORE_POSTGRES_START_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/store/connection.h"
#include "server/store/pg_session.h"
#include "server/store/sql_error.h"

namespace satudata::store {

// postgresql: or postgres:, whatever follows.
bool IsPostgresUrl(absl::string_view url);

// INVALID_ARGUMENT for a URL that is wrong.
absl::Status CheckPostgresUrl(const std::string& url);
// FAILED_PRECONDITION for a database that cannot keep all texts; throws PgError.
absl::Status CheckPostgresEncoding(Connection& connection);
// What an error comes to, in one line that names the cure.
absl::Status ExplainPostgres(const std::string& place, const SqlError& error);

// Brings its schema up to date, which others may do at the same time. Errors are one line that names the
// cure, and never the password: INVALID_ARGUMENT for a URL that is wrong, FAILED_PRECONDITION for a database
// that cannot be used (not there, not for this user, not ours, of a newer program, not in UTF-8, behind a
// pooler), UNAVAILABLE when it could be later.
absl::Status StartPostgres(const PgSessionOptions& options, absl::Time now);

}  // namespace satudata::store

#endif  // SERVER_STORE_POSTGRES_START_H_
