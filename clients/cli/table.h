// File: table.h
//
// Rows in columns, as wide as their widest cell.
#ifndef CLIENTS_CLI_TABLE_H_
#define CLIENTS_CLI_TABLE_H_

#include <string>
#include <vector>

#include "clients/cli/style.h"

namespace satudata::cli {

enum class Align { kLeft, kRight };

struct Column {
  std::string heading;
  Align align = Align::kLeft;
  int widest = 60;  // Columns; longer cells are cut, except in the last column.
};

struct Cell {
  std::string text;  // Made harmless by the table.
  Colour colour = Colour::kNone;
};

// Thread-compatible. Rows may be taken page by page: columns then only become wider, and the heading comes
// once.
class Table {
 public:
  Table(std::vector<Column> columns, const Style& style);

  // As many cells as columns.
  void Add(std::vector<Cell> row);

  // The rows since the last time, with the heading before the first; empties the table. Empty without rows.
  std::string Take();

 private:
  void Widen(const std::vector<Cell>& row);
  void AppendRow(const std::vector<Cell>& row, std::string* text) const;

  const std::vector<Column> columns_;
  const Style style_;
  std::vector<int> widths_;
  std::vector<std::vector<Cell>> rows_;
  enum class Heading { kDue, kWritten } heading_ = Heading::kDue;
};

}  // namespace satudata::cli

#endif  // CLIENTS_CLI_TABLE_H_
