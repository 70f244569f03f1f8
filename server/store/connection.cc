#include "server/store/connection.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "server/store/write_turn.h"

namespace satudata::store {
namespace {

// Of a file that is new; others keep theirs. Our rows are long: twice the usual size makes the trees lower
// and halves the number of writes.
constexpr absl::string_view kPageBytes = "8192";
constexpr absl::string_view kWalPages = "2000";      // 16 MiB of log between two checkpoints.
constexpr absl::string_view kWalBytes = "67108864";  // What a log that has grown is cut back to.

// Each connection is used by one thread at a time, so SQLite need not lock around every call.
bool ConfigureSqlite() {
  sqlite_api::sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
  sqlite_api::sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  sqlite_api::sqlite3_config(SQLITE_CONFIG_URI, 1);
  return true;
}

// A URI is how SQLite is told not to create the file. It comes as one token of SOCI's connect string, which
// knows quotes but no escapes; the factory refuses paths with quotes.
std::string ConnectString(const ConnectionOptions& options) {
  static const bool kConfigured = ConfigureSqlite();  // Once per process, whoever comes first.
  static_cast<void>(kConfigured);
  CheckInPlace(options.file);
  const std::string path = absl::StrReplaceAll(options.path, {{"%", "%25"}, {"?", "%3f"}, {"#", "%23"}});
  return absl::StrCat("db=\"file:", absl::StartsWith(path, "/") ? "//" : "", path,
                      options.missing == Missing::kIsCreated ? "?mode=rwc" : "?mode=rw", "\"");
}

}  // namespace

Connection::Connection(const ConnectionOptions& options) {
  if (!options.postgres.has_value()) {
    OpenSqlite(options);
    return;
  }
  postgres_ = std::make_unique<PgSession>(*options.postgres);
}

void Connection::OpenSqlite(const ConnectionOptions& options) {
  sqlite_ = std::make_unique<soci::session>(soci::sqlite3, ConnectString(options));
  ExecuteOnce(absl::StrCat("PRAGMA busy_timeout = ", absl::ToInt64Milliseconds(options.busy_timeout)));
  ExecuteOnce(absl::StrCat("PRAGMA page_size = ", kPageBytes));
  ExecuteOnce("PRAGMA synchronous = FULL");
  ExecuteOnce("PRAGMA foreign_keys = ON");
  ExecuteOnce("PRAGMA temp_store = MEMORY");
  ExecuteOnce(absl::StrCat("PRAGMA cache_size = -", options.cache_kib));
  ExecuteOnce(absl::StrCat("PRAGMA wal_autocheckpoint = ", kWalPages));
  ExecuteOnce(absl::StrCat("PRAGMA journal_size_limit = ", kWalBytes));
  if (options.access == Access::kReadOnly) ExecuteOnce("PRAGMA query_only = ON");
}

void Connection::ExecuteOnce(const std::string& sql) {
  if (postgres_ != nullptr) {
    postgres_->Run(sql);
  } else {
    sqlite_->once << sql;
  }
}

int64_t Connection::Pragma(const std::string& name) {
  int64_t value = 0;
  sqlite_->once << absl::StrCat("PRAGMA ", name), soci::into(value);
  return value;
}

sqlite_api::sqlite3* Connection::sqlite() {
  if (sqlite_ == nullptr) return nullptr;
  return static_cast<soci::sqlite3_session_backend*>(sqlite_->get_backend())->conn_;
}

void Connection::Begin(TransactionMode mode) {
  const bool writes = mode == TransactionMode::kWrite;
  if (postgres_ == nullptr) {
    Execute(writes ? "BEGIN IMMEDIATE" : "BEGIN", std::tuple<>());
  } else if (writes) {
    BeginPostgresWrite();
  } else {
    postgres_->BeginRead();
  }
}

// Who has the turn for too long is looked at once.
void Connection::BeginPostgresWrite() {
  postgres_->BeginWrite();
  try {
    return TakeWriteTurn(*postgres_);
  } catch (const PgError& error) {
    if (error.state() != kStateHeld) throw;
  }
  postgres_->Rollback();
  EndStalledTurn(*postgres_);
  postgres_->BeginWrite();
  TakeWriteTurn(*postgres_);
}

void Connection::Commit() {
  if (postgres_ != nullptr) return postgres_->Commit();
  Execute("COMMIT", std::tuple<>());
}

void Connection::Rollback() {
  if (postgres_ != nullptr) return postgres_->Rollback();
  ExecuteOnce("ROLLBACK");
}

Transaction::Transaction(Connection& connection, TransactionMode mode) : connection_(connection) {
  connection_.Begin(mode);
}

Transaction::~Transaction() {
  if (!open_) return;
  try {
    connection_.Rollback();
  } catch (const std::exception&) {
    // The database has rolled back by itself (full disk, I/O, a lost connection), or the connection is
    // dropped next, which does it.
  }
}

void Transaction::Commit() {
  connection_.Commit();
  open_ = false;
}

}  // namespace satudata::store
