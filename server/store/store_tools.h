// File: store_tools.h
//
// What an operator does to a database beside the server: back it up, say that it was restored, move it to
// PostgreSQL. None of them needs a server that runs; all but the backup refuse while there is one. They
// block, and throw nothing.
#ifndef SERVER_STORE_STORE_TOOLS_H_
#define SERVER_STORE_STORE_TOOLS_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace satudata::store {

enum class Obstacle {
  kMissing,      // There is no database of ours at `place`.
  kInUse,        // A server, or another of these tools, has it.
  kStaleLog,     // `detail`, a log of SQLite's, belongs to what was at `place` before.
  kExists,       // The file is there already.
  kNotSqlite,    // It is to be a SQLite database.
  kNotPostgres,  // It is to be a PostgreSQL database.
  kOtherSchema,  // Its schema is not this program's; `detail` is its version.
  kNotEmpty,     // `detail` names a table that has rows.
  kStopped,      // `stop` said so. Nothing was changed.
  kFailed,       // `detail` says what, in English, with the cure where there is one.
};

// Why nothing was done. Never has a password in it.
struct Trouble {
  Obstacle obstacle = Obstacle::kFailed;
  std::string place;
  std::string detail;
};

// Asked now and then; true: enough.
using StopAsked = std::function<bool()>;

struct BackupReport {
  std::optional<Trouble> trouble;
  int64_t size_bytes = 0;
};
// Copies a SQLite database, as it is at one moment, to `file`, which is there whole and on the disk, or not
// at all. A server may go on writing meanwhile.
BackupReport BackUp(const std::string& database_url, const std::string& file, const StopAsked& stop);

struct RestoredReport {
  std::optional<Trouble> trouble;
  std::string place;
  int64_t baseline_count = 0;  // Values that are not proven any more.
  int64_t open_count = 0;      // Deliveries that the next start goes on with.
  int64_t session_count = 0;   // Sessions of people that were ended: some may have signed out since.
};
// To be run once a backup has taken the place of the database, before a server is started on it: from then on
// nothing that was confirmed is believed before the target was read. Brings the schema up to date.
RestoredReport MarkRestored(const std::string& database_url, absl::Time now);

struct TableCount {
  std::string table;
  int64_t rows = 0;
};
struct CopyReport {
  std::optional<Trouble> trouble;
  std::vector<TableCount> tables;
};
// So many rows of all are there by now.
using CopyProgress = std::function<void(absl::string_view table, int64_t rows, int64_t of)>;
// Moves all rows of a SQLite database into a PostgreSQL database that has none: in one transaction, so that
// it can be begun again whatever happens. The SQLite database stays as it is.
CopyReport CopyStore(const std::string& from_url, const std::string& to_url, absl::Time now,
                     const CopyProgress& progress, const StopAsked& stop);

}  // namespace satudata::store

#endif  // SERVER_STORE_STORE_TOOLS_H_
