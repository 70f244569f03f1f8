// File: xls_cells.h
//
// The cells that one record of an Excel 97 sheet holds.
#ifndef SERVER_TABLES_XLS_CELLS_H_
#define SERVER_TABLES_XLS_CELLS_H_

#include <cstddef>
#include <vector>

#include "absl/status/status.h"
#include "server/tables/biff_records.h"
#include "server/tables/table.h"
#include "server/tables/text_table.h"
#include "server/tables/xls_workbook.h"

namespace satudata::tables {

struct XlsCell {
  size_t column = 0;
  Cell cell;
};

// Whether the record holds cells with something in them. The row is its first number, the column its second.
bool HoldsCells(BiffType type);

// Appends them. The text of a formula stands in a record of its own behind it: `is_text_behind` then, and the
// cell is still empty.
absl::Status ReadXlsCells(const BiffRecord& record, const XlsWorkbook& workbook, const TextTable& texts,
                          std::vector<XlsCell>& cells, bool& is_text_behind);

// The last column that the record reaches.
size_t LastColumn(const BiffRecord& record);

// Without blanks around it; nothing where nothing is left.
void SetXlsText(absl::string_view text, Cell& cell);

}  // namespace satudata::tables

#endif  // SERVER_TABLES_XLS_CELLS_H_
