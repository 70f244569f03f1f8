// File: table.h
//
// Rows of cells out of a spreadsheet or delimited text, whatever program wrote it. A reader streams: its
// memory does not grow with the file. What a row means is not its business (catalog/ decides that); what a
// cell says exactly, and where it stands, is.
#ifndef SERVER_TABLES_TABLE_H_
#define SERVER_TABLES_TABLE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace satudata::tables {

enum class CellKind {
  kEmpty,
  kText,     // Says what its text says: `1.234` in it may still be read two ways.
  kNumber,   // A stored number: exact, whatever the program's language shows for it.
  kDate,     // A stored number under a date format.
  kBoolean,  // TRUE or FALSE.
  kError,    // `#DIV/0!`, or a formula whose result was never calculated (empty text).
};

struct Cell {
  CellKind kind = CellKind::kEmpty;
  // UTF-8, without surrounding blanks. kNumber: plain decimal, `2.24`, never an exponent or grouping, to the
  // 15 digits that spreadsheets guarantee. kDate: `2024-01-31`, with ` 13:45:00` when it has a time, and
  // `2024` alone under a format that shows only the year.
  std::string text;
  // kNumber under a format that shows another figure than the stored one: `45` for 0.45 as a per cent,
  // `1234.567` for 1234567 in thousands (without unit, rounding undone). Empty otherwise.
  std::string shown;
  // Its row, column or sheet is hidden: who verified the file has not seen it.
  bool is_hidden = false;
  // Repeats the first cell of the merged range that it lies in.
  bool is_merged_copy = false;
};

enum class RowDefect {
  kNone,
  kQuoteUnpaired,  // Text: a quoted cell has no end, or something follows on its end.
  kCellTooLong,
  kTooManyCells,
};

struct Row {
  int64_t number = 0;       // From 1. In text: the line on which it begins.
  std::vector<Cell> cells;  // From column A on; shorter where nothing follows.
  RowDefect defect = RowDefect::kNone;
};

struct Sheet {
  std::string name;  // Empty for text.
  bool is_hidden = false;
};

// Not thread-safe; one pass. Blocks on the disk.
//
// Errors, whose message is a short technical detail for `detail` arguments: DATA_LOSS (broken, truncated or
// lying: not what it claims to be), PERMISSION_DENIED (encrypted, needs a password), RESOURCE_EXHAUSTED (a
// limit, which the message names), UNIMPLEMENTED (a kind that is not read: XLSB, unmarked UTF-16),
// UNAVAILABLE (the disk). After an error the reader is at its end.
class TableReader {
 public:
  virtual ~TableReader() = default;

  // Moves on to the next sheet, the first at first. False after the last.
  virtual absl::StatusOr<bool> NextSheet(Sheet& sheet) = 0;
  // The next row of this sheet, those without a cell left out. False at its end.
  virtual absl::StatusOr<bool> NextRow(Row& row) = 0;
};

// `A` for 0, `AA` for 26: how people find a column.
std::string ColumnLetters(size_t column);

}  // namespace satudata::tables

#endif  // SERVER_TABLES_TABLE_H_
