// File: connection.h
//
// One connection to the database, a SQLite file or PostgreSQL, with its prepared statements. Internal to
// store/; one thread at a time; throws what SOCI throws, or PgError. After an exception drop the connection
// and open another: that is what makes everything prepared on it whole again.
#ifndef SERVER_STORE_CONNECTION_H_
#define SERVER_STORE_CONNECTION_H_

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/store/file_identity.h"
#include "server/store/pg_session.h"
#include "server/store/soci.h"
#include "server/store/statement.h"

namespace satudata::store {

enum class Access { kReadOnly, kReadWrite };
// Whether a file that is missing is made. Once the store runs it never is: an empty database in the place of
// a lost one would take writes and know nothing.
enum class Missing { kIsAnError, kIsCreated };

enum class TransactionMode {
  kRead,  // One snapshot for all that is read in it.
  // Takes the write lock at once (BEGIN IMMEDIATE, or the turn of write_turn.h), so that it never fails
  // half-way for want of it, and nobody else writes before it ends.
  kWrite,
};

struct ConnectionOptions {
  std::string path;  // SQLite's.
  Access access = Access::kReadWrite;
  Missing missing = Missing::kIsCreated;
  FileIdentity file;                               // Checked when opening; see CheckInPlace.
  absl::Duration busy_timeout = absl::Seconds(2);  // Default: 2 s.
  int64_t cache_kib = 8 * 1024;                    // Default: 8 MiB of pages.
  std::optional<PgSessionOptions> postgres;        // Then nothing but this counts.
};

class Connection {
 public:
  explicit Connection(const ConnectionOptions& options);  // Opens; throws Misplaced as well.

  // Prepared on first use, then kept. `sql` is always run with the same types.
  template <typename Row, typename Params, typename Each>
  void Select(absl::string_view sql, Params params, Each&& each) {
    Prepared<Params, Row>(sql).ForEach(std::move(params), std::forward<Each>(each));
  }
  template <typename Row, typename Params>
  std::optional<Row> SelectOne(absl::string_view sql, Params params) {
    std::optional<Row> result;
    Select<Row>(sql, std::move(params), [&result](Row& row) {
      if (!result.has_value()) result = std::move(row);
    });
    return result;
  }
  template <typename Row, typename Params>
  std::vector<Row> SelectAll(absl::string_view sql, Params params) {
    std::vector<Row> rows;
    Select<Row>(sql, std::move(params), [&rows](Row& row) { rows.push_back(std::move(row)); });
    return rows;
  }
  // The number of rows that it changed.
  template <typename Params>
  int64_t Execute(absl::string_view sql, Params params) {
    return Prepared<Params, std::tuple<>>(sql).Execute(std::move(params));
  }
  // Execute, without waiting for PostgreSQL's answer; see Statement::Defer.
  template <typename Params>
  void Defer(absl::string_view sql, Params params, const PgExpectation& expectation = {}) {
    Prepared<Params, std::tuple<>>(sql).Defer(std::move(params), expectation);
  }
  // For what is run so often that looking it up by its text would show. Lives as long as the connection.
  template <typename Params>
  Statement<Params, std::tuple<>>& Command(absl::string_view sql) {
    return Prepared<Params, std::tuple<>>(sql);
  }

  // One statement without parameters, not kept; as this engine has it.
  void ExecuteOnce(const std::string& sql);
  int64_t Pragma(const std::string& name);  // SQLite's.

  // SQLite's own, for what SOCI has no words for; null with PostgreSQL.
  sqlite_api::sqlite3* sqlite();
  // Null with SQLite. Waiting for each statement's answer costs more there than running it.
  PgSession* postgres() { return postgres_.get(); }
  // Whether PostgreSQL has closed it meanwhile. Does not block.
  bool IsLost() { return postgres_ != nullptr && !postgres_->IsAlive(); }
  // Waits for what was deferred, and throws what came of it.
  void Flush() {
    if (postgres_ != nullptr) postgres_->Flush();
  }

 private:
  friend class Transaction;
  void OpenSqlite(const ConnectionOptions& options);
  void Begin(TransactionMode mode);
  void BeginPostgresWrite();
  void Commit();
  void Rollback();

  template <typename Params, typename Row>
  Statement<Params, Row>& Prepared(absl::string_view sql) {
    std::unique_ptr<StatementBase>& slot = statements_[sql];
    if (slot == nullptr) slot = Prepare<Params, Row>(std::string(sql));
    auto* statement = dynamic_cast<Statement<Params, Row>*>(slot.get());
    if (statement == nullptr) throw std::logic_error("one SQL text is used with two kinds of rows");
    return *statement;
  }
  template <typename Params, typename Row>
  std::unique_ptr<StatementBase> Prepare(const std::string& sql) {
    if (postgres_ != nullptr) return std::make_unique<Statement<Params, Row>>(*postgres_, sql);
    return std::make_unique<Statement<Params, Row>>(*sqlite_, sql);
  }

  std::unique_ptr<soci::session> sqlite_;  // Of the two one is there.
  std::unique_ptr<PgSession> postgres_;
  // Destroyed before the session that they were prepared on.
  absl::flat_hash_map<std::string, std::unique_ptr<StatementBase>> statements_;
};

// Rolls back unless committed.
class Transaction {
 public:
  // `connection` must outlive the transaction.
  Transaction(Connection& connection, TransactionMode mode);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void Commit();

 private:
  Connection& connection_;
  bool open_ = true;
};

}  // namespace satudata::store

#endif  // SERVER_STORE_CONNECTION_H_
