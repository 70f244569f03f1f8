// File: statement.h
//
// A prepared statement whose parameters and columns live in two rows of ours. With SQLite they are bound
// once: running it again costs no parsing and no allocation. Internal to store/; not thread-safe; throws what
// SOCI throws, or PgError.
#ifndef SERVER_STORE_STATEMENT_H_
#define SERVER_STORE_STATEMENT_H_

#include <optional>
#include <string>
#include <tuple>
#include <utility>

#include "server/store/conversions.h"
#include "server/store/pg_row.h"
#include "server/store/pg_session.h"
#include "server/store/rows.h"
#include "server/store/soci.h"

namespace satudata::store {

// Calls `visit` for each field of a row, in column order. A row is a struct with VisitFields (rows.h), a
// single value, or a tuple of rows.
template <typename Visitor, typename Row>
void VisitRow(Visitor& visit, Row& row) {
  if constexpr (requires { VisitFields(visit, row); }) {
    VisitFields(visit, row);
  } else {
    visit(row);
  }
}
template <typename Visitor, typename... Rows>
void VisitRow(Visitor& visit, std::tuple<Rows...>& row) {
  std::apply([&visit](Rows&... rows) { (VisitRow(visit, rows), ...); }, row);
}

class StatementBase {
 public:
  virtual ~StatementBase() = default;
};

template <typename Params, typename Row>
class Statement final : public StatementBase {
 public:
  Statement(soci::session& session, const std::string& sql) : sqlite_(std::in_place, session) {
    sqlite_->alloc();
    // Const: read-only to SOCI, which otherwise copies each parameter back after every execution.
    const auto use = [this](const auto& field) { sqlite_->exchange(soci::use(field)); };
    const auto into = [this](auto& field) { sqlite_->exchange(soci::into(field)); };
    VisitRow(use, params_);
    VisitRow(into, row_);
    sqlite_->prepare(sql);
    sqlite_->define_and_bind();
  }
  // `session` must outlive the statement.
  Statement(PgSession& session, const std::string& sql) : postgres_(&session) {
    BindToPostgres();
    name_ = session.Prepare(sql, pg_params_);
  }

  // Calls `each(row)` for every row; it may move from the row. All rows are read even if `each` has no more
  // use for them: an unfinished SELECT would hold its snapshot.
  template <typename Each>
  void ForEach(Params params, Each&& each) {
    params_ = std::move(params);
    if (postgres_ != nullptr) return ForEachOfPostgres(each);
    for (bool more = sqlite_->execute(/*withDataExchange=*/true); more; more = sqlite_->fetch()) {
      each(row_);
    }
  }

  // For statements without rows. The number of rows that it changed. `values` is what Params can be assigned
  // from: a tuple of references costs no allocation, since the texts are copied into place.
  template <typename Values>
  int64_t Execute(Values&& values) {
    params_ = std::forward<Values>(values);
    if (postgres_ != nullptr) {
      BindToPostgres();
      return postgres_->RunPrepared(name_, pg_params_).changed_rows();
    }
    sqlite_->execute(/*withDataExchange=*/true);
    return sqlite_->get_affected_rows();
  }

  // Execute, for many in a row: PostgreSQL answers them together, at the latest when the transaction is
  // committed, and only then are they counted and refused.
  template <typename Values>
  void Defer(Values&& values, const PgExpectation& expectation = {}) {
    if (postgres_ != nullptr) {
      params_ = std::forward<Values>(values);
      BindToPostgres();
      return postgres_->Defer(name_, pg_params_, expectation);
    }
    const int64_t changed = Execute(std::forward<Values>(values));
    if (expectation.count != nullptr) *expectation.count += changed;
    if (changed == 0 && expectation.refuse_if_none != nullptr) throw Refused(expectation.refuse_if_none);
  }

 private:
  void BindToPostgres() {
    pg_params_.Begin();
    const auto bind = [this](const auto& field) { BindPgField(field, pg_params_); };
    VisitRow(bind, params_);
  }
  template <typename Each>
  void ForEachOfPostgres(Each& each) {
    BindToPostgres();
    const PgResult result = postgres_->RunPrepared(name_, pg_params_);
    for (int number = 0; number < result.rows(); ++number) {
      int column = 0;
      const auto read = [&](auto& field) { ReadPgField(result, number, column++, field); };
      VisitRow(read, row_);
      each(row_);
    }
  }

  Params params_{};
  Row row_{};
  std::optional<soci::statement> sqlite_;  // Of the two engines' one is there.
  PgSession* postgres_ = nullptr;
  std::string name_;
  PgParameters pg_params_;
};

}  // namespace satudata::store

#endif  // SERVER_STORE_STATEMENT_H_
