// File: pg_sql.h
//
// Our SQL, which is SQLite's, as PostgreSQL's. Where the two differ in no more than words, they are changed
// here; everything else is written so that both understand it. Pure. Internal to store/.
#ifndef SERVER_STORE_PG_SQL_H_
#define SERVER_STORE_PG_SQL_H_

#include <string>

#include "absl/strings/string_view.h"

namespace satudata::store {

// A statement with parameters:
// - `:name` becomes $1, $2, … by the names' first appearance, as SQLite numbers them;
// - `json_each(:list)` gives the texts of a JSON array in its column `value`;
// - `CROSS JOIN table alias ON`, which SQLite takes for the order to join in, is a plain JOIN: PostgreSQL
//   orders by what it knows of the tables.
std::string ToPgSql(absl::string_view sql);

// A statement of a migration: texts are compared byte by byte, as SQLite does, and tables have no say in how
// they are stored.
std::string ToPgDefinition(absl::string_view sql);

}  // namespace satudata::store

#endif  // SERVER_STORE_PG_SQL_H_
