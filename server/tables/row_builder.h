// File: row_builder.h
//
// Makes rows of cells that a spreadsheet has one after the other: what is hidden, what is merged, and what is
// too much.
#ifndef SERVER_TABLES_ROW_BUILDER_H_
#define SERVER_TABLES_ROW_BUILDER_H_

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/tables/limits.h"
#include "server/tables/merged_ranges.h"
#include "server/tables/table.h"

namespace satudata::tables {

// Of one sheet. Rows and columns are from 0. Not thread-safe.
class RowBuilder {
 public:
  // Both must outlive it.
  RowBuilder(MergedRanges& merges, bool is_sheet_hidden, const TableLimits& limits);

  // Before the first row: these columns are hidden.
  void HideColumns(size_t first, size_t last);

  // RESOURCE_EXHAUSTED behind the last row that a sheet may have. DATA_LOSS where it does not come behind the
  // one before.
  absl::Status BeginRow(int64_t row, bool is_hidden);
  // DATA_LOSS where it does not come behind the one before. An empty cell, or text without anything but
  // blanks, need not be added.
  absl::Status AddCell(size_t column, Cell cell);
  // Whether there is a row: one without a cell is left out.
  absl::StatusOr<bool> EndRow();
  // The row that has ended.
  void TakeRow(Row& row) { std::swap(row, row_); }

  int64_t row() const { return at_; }
  // Behind the last cell.
  size_t next_column() const { return next_column_; }
  void SkipTo(size_t column) { next_column_ = column; }

 private:
  bool IsColumnHidden(size_t column);

  MergedRanges& merges_;
  const bool is_sheet_hidden_;
  const TableLimits& limits_;
  std::vector<int> hiding_;  // By how much more is hidden from this column on.
  std::vector<bool> is_column_hidden_;
  Row row_;
  int64_t at_ = -1;
  bool is_row_hidden_ = false;
  size_t next_column_ = 0;
  size_t row_bytes_ = 0;
};

}  // namespace satudata::tables

#endif  // SERVER_TABLES_ROW_BUILDER_H_
