// File: statement.h
//
// A prepared statement whose parameters and columns live in two rows of ours, bound once: running it again
// costs no parsing and no allocation. Internal to store/; not thread-safe; throws what SOCI throws.
#ifndef SERVER_STORE_STATEMENT_H_
#define SERVER_STORE_STATEMENT_H_

#include <string>
#include <tuple>
#include <utility>

#include "server/store/conversions.h"
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
  Statement(soci::session& session, const std::string& sql) : statement_(session) {
    statement_.alloc();
    // Const: read-only to SOCI, which otherwise copies each parameter back after every execution.
    const auto use = [this](const auto& field) { statement_.exchange(soci::use(field)); };
    const auto into = [this](auto& field) { statement_.exchange(soci::into(field)); };
    VisitRow(use, params_);
    VisitRow(into, row_);
    statement_.prepare(sql);
    statement_.define_and_bind();
  }

  // Calls `each(row)` for every row; it may move from the row. All rows are read even if `each` has no more
  // use for them: an unfinished SELECT would hold its snapshot.
  template <typename Each>
  void ForEach(Params params, Each&& each) {
    params_ = std::move(params);
    for (bool more = statement_.execute(/*withDataExchange=*/true); more; more = statement_.fetch()) {
      each(row_);
    }
  }

  // For statements without rows. The number of rows that it changed. `values` is what Params can be assigned
  // from: a tuple of references costs no allocation, since the texts are copied into place.
  template <typename Values>
  int64_t Execute(Values&& values) {
    params_ = std::forward<Values>(values);
    statement_.execute(/*withDataExchange=*/true);
    return statement_.get_affected_rows();
  }

 private:
  Params params_{};
  Row row_{};
  soci::statement statement_;
};

}  // namespace satudata::store

#endif  // SERVER_STORE_STATEMENT_H_
