// File: row_copy.h
//
// The tables of a SQLite database, as its schema has them, and their rows as PostgreSQL's COPY takes them.
// Internal to store/; throws what SOCI throws.
#ifndef SERVER_STORE_ROW_COPY_H_
#define SERVER_STORE_ROW_COPY_H_

#include <cstdint>
#include <string>
#include <vector>

#include "server/store/connection.h"

namespace satudata::store {

// Each after those that it refers to; without SQLite's own.
std::vector<std::string> TablesInOrder(Connection& sqlite);
// `table (column, …)`, as both engines take it.
std::string TableWithColumns(Connection& sqlite, const std::string& table);
// Of either engine.
int64_t CountRows(Connection& connection, const std::string& table);

// Goes through all rows of a table once. `sqlite` must outlive it.
class RowReader {
 public:
  RowReader(Connection& sqlite, const std::string& table);
  ~RowReader();
  RowReader(const RowReader&) = delete;
  RowReader& operator=(const RowReader&) = delete;

  // Appends rows to `lines`, in COPY's text format, up to about 64 KiB; false if there was none left.
  bool Read(std::string& lines);
  int64_t rows() const { return rows_; }

 private:
  bool Step();
  void AppendRow(std::string& lines) const;

  sqlite_api::sqlite3* const database_;
  sqlite_api::sqlite3_stmt* statement_ = nullptr;
  int64_t rows_ = 0;
};

}  // namespace satudata::store

#endif  // SERVER_STORE_ROW_COPY_H_
