// File: database_file.h
//
// What lies at the database's path, judged from its first bytes before SQLite opens it: opening a database is
// enough to change one that another program left behind in a hurry. Internal to store/.
#ifndef SERVER_STORE_DATABASE_FILE_H_
#define SERVER_STORE_DATABASE_FILE_H_

#include <string>

#include "absl/status/status.h"

namespace satudata::store {

// OK for nothing, an empty file and a database that is marked as ours. FAILED_PRECONDITION, with what to do
// about it, for everything else. Reads only.
absl::Status CheckDatabaseFile(const std::string& path);

// Whether the log beside the file (`-wal`) was left there by another one that lay at this path: a database
// that was never written with a log, as a backup is, has none. Opening it would spoil it. Reads only.
bool HasStaleLog(const std::string& path);

}  // namespace satudata::store

#endif  // SERVER_STORE_DATABASE_FILE_H_
