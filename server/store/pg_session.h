// File: pg_session.h
//
// One connection to PostgreSQL, through its own library: it tells the state of an error, takes texts of any
// length, and can send many statements without waiting for each one's answer. Internal to store/; one thread
// at a time; throws PgError. After a PgError that is lost() every call throws: drop it and open another.
#ifndef SERVER_STORE_PG_SESSION_H_
#define SERVER_STORE_PG_SESSION_H_

#include <libpq-fe.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/store/pg_error.h"

namespace satudata::store {

// What our connections call themselves, so that others can see that a server has the database.
inline constexpr char kPgApplication[] = "satudata-integration";

struct PgSessionOptions {
  std::string url;  // postgresql://…; what it says of time limits counts less than what is said here.
  absl::Duration connect_timeout = absl::Seconds(5);     // Default: 5 s for each address of the server.
  absl::Duration statement_timeout = absl::Seconds(60);  // Default: no statement runs longer than a minute.
  absl::Duration lock_timeout = absl::Seconds(2);   // Default: how long what another one holds is waited for.
  absl::Duration idle_timeout = absl::Seconds(60);  // Default: of a transaction in which nothing happens.
};

// The values of a statement's parameters, kept for the next time it is run.
class PgParameters {
 public:
  void Begin() { count_ = 0; }
  // `text` must stay as it is until the statement has been sent. What PostgreSQL cannot keep in a text, NUL
  // and what is not UTF-8, becomes U+FFFD, in what is stored and in what is looked for alike.
  void Text(const std::string& text);
  void OwnText(std::string text);
  void Integer(int64_t value);
  void TextNull() { Put(nullptr, 0, kTextType); }
  void IntegerNull() { Put(nullptr, 0, kIntegerType); }

 private:
  friend class PgSession;
  static constexpr Oid kTextType = 25;     // pg_type's oids of these two never change.
  static constexpr Oid kIntegerType = 20;  // bigint.

  void Put(const char* data, size_t size, Oid type);
  std::string& Buffer();

  size_t count_ = 0;
  std::vector<const char*> data_;
  std::vector<int> sizes_;
  std::vector<int> formats_;  // All binary: a text as its bytes, a bigint as eight.
  std::vector<Oid> types_;
  std::vector<std::unique_ptr<std::string>> buffers_;
};

class PgResult {
 public:
  explicit PgResult(PGresult* result) : result_(result, &PQclear) {}
  int rows() const { return PQntuples(result_.get()); }
  bool IsNull(int row, int column) const { return PQgetisnull(result_.get(), row, column) != 0; }
  absl::string_view Text(int row, int column) const {
    return {PQgetvalue(result_.get(), row, column),
            static_cast<size_t>(PQgetlength(result_.get(), row, column))};
  }
  int64_t Integer(int row, int column) const;
  int64_t changed_rows() const;
  absl::string_view command() const { return PQcmdStatus(result_.get()); }
  const PGresult* get() const { return result_.get(); }

 private:
  std::unique_ptr<PGresult, decltype(&PQclear)> result_;
};

// What becomes of a statement whose answer is not waited for.
struct PgExpectation {
  const char* refuse_if_none = nullptr;  // Refused with these words if it changed no row.
  int64_t* count = nullptr;              // The number of rows that it changed is added here.
};

class PgSession {
 public:
  explicit PgSession(const PgSessionOptions& options);

  // Statements without parameters, in PostgreSQL's own words. Rows are the last one's.
  PgResult Run(const std::string& sql);

  // `sql` as in pg_sql.h. Only the types of `parameters` count.
  std::string Prepare(const std::string& sql, const PgParameters& parameters);
  PgResult RunPrepared(const std::string& name, const PgParameters& parameters);
  // Sends it, and looks at its answer at the next Flush, or sooner. Whatever else is run comes after it.
  void Defer(const std::string& name, const PgParameters& parameters, const PgExpectation& expectation);
  // Waits for all that was deferred; throws the first failure, and Refused.
  void Flush();

  // Runs a COPY FROM STDIN in its text format; how many rows it took. `next` puts more rows into an empty
  // text; false: there are none left. If it throws, the session is of no more use.
  int64_t CopyIn(const std::string& sql, const std::function<bool(std::string&)>& next);

  // A transaction that writes has an id, by which its fate can be told after the connection is lost.
  void BeginWrite();
  void BeginRead();
  // PgError::Unsure if the connection is lost meanwhile.
  void Commit();
  void Rollback();
  // Of a transaction that somebody was unsure about. Throws kStateHeld while it is still under way.
  bool WasCommitted(const std::string& transaction_id);

  // False once the server has closed the connection. Does not block.
  bool IsAlive();
  int ProcessId() const { return PQbackendPID(connection_.get()); }
  std::string Database() const { return PQdb(connection_.get()); }

 private:
  PgResult Checked(PGresult* result);
  PgError ErrorOf(const PGresult* result) const;
  void Configure(const PgSessionOptions& options);
  void EnterPipeline();
  void Await(const PgExpectation& expectation, std::unique_ptr<PgError>& failure, const char*& refusal);
  void AwaitSync();

  std::unique_ptr<PGconn, decltype(&PQfinish)> connection_;
  std::string transaction_id_;
  std::vector<PgExpectation> deferred_;
  bool pipelined_ = false;
  int64_t statements_ = 0;
};

// `text` as PostgreSQL can keep it; see PgParameters::Text.
std::string KeptText(absl::string_view text);

// Where a URL leads, without its password: `satudata at db.example:5432`.
std::string PgPlace(const std::string& url);

}  // namespace satudata::store

#endif  // SERVER_STORE_PG_SESSION_H_
