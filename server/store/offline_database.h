// File: offline_database.h
//
// A database that no server has, for the tools of store_tools.h. Internal to store/. What goes wrong is
// thrown: a Trouble, or what SOCI throws, or PgError; TroubleOfCurrentException tells what any of them comes
// to.
#ifndef SERVER_STORE_OFFLINE_DATABASE_H_
#define SERVER_STORE_OFFLINE_DATABASE_H_

#include <memory>
#include <string>

#include "server/store/connection.h"
#include "server/store/process_lock.h"
#include "server/store/store_tools.h"

namespace satudata::store {

// Its members are in the order in which they come and go.
struct OfflineDatabase {
  std::string place;                  // The path, or what PgPlace says.
  std::unique_ptr<ProcessLock> lock;  // Of a SQLite file.
  std::unique_ptr<Connection> connection;
};

// The path of a SQLite database that is there and ours, perhaps with a server on it.
std::string ExistingSqliteFile(const std::string& database_url);
// Opens it, and keeps servers away from a SQLite file for as long as it is open. From PostgreSQL they are
// kept by RefuseOthers.
OfflineDatabase OpenOffline(const std::string& database_url);
// In a transaction that writes: from here to its end no server can begin to use the tables of this PostgreSQL
// database, and none has it; nothing to do with SQLite. Requires a schema that is up to date.
void RefuseOthers(OfflineDatabase& database);
// Whether a connection of ours other than this one is there.
void RefuseConnected(OfflineDatabase& database);

// Only inside a catch clause.
Trouble TroubleOfCurrentException(const std::string& place);

}  // namespace satudata::store

#endif  // SERVER_STORE_OFFLINE_DATABASE_H_
