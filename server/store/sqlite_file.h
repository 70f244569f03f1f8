// File: sqlite_file.h
//
// Where a SQLite database lies, and what is said of one that cannot be used. Internal to store/.
#ifndef SERVER_STORE_SQLITE_FILE_H_
#define SERVER_STORE_SQLITE_FILE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/store/sql_error.h"

namespace satudata::store {

// The path in a URL. INVALID_ARGUMENT for what is none.
absl::StatusOr<std::string> ParseSqlitePath(absl::string_view url);
// Each in one line with the cure. `place`: a path, or another name of the database.
absl::Status DamagedDatabase(const std::string& place, absl::string_view detail);
absl::Status UnusableDatabase(const std::string& place, const SqlError& error);

}  // namespace satudata::store

#endif  // SERVER_STORE_SQLITE_FILE_H_
