#include "server/tables/row_builder.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

namespace satudata::tables {

RowBuilder::RowBuilder(MergedRanges& merges, bool is_sheet_hidden, const TableLimits& limits)
    : merges_(merges), is_sheet_hidden_(is_sheet_hidden), limits_(limits) {}

// In steps up and down, since files may hide the same columns again and again.
void RowBuilder::HideColumns(size_t first, size_t last) {
  last = std::min(last, limits_.max_cells - 1);
  if (first > last) return;
  hiding_.resize(limits_.max_cells + 1);
  ++hiding_[first];
  --hiding_[last + 1];
}

bool RowBuilder::IsColumnHidden(size_t column) {
  if (hiding_.empty()) return false;
  if (is_column_hidden_.empty()) {
    int hiders = 0;
    for (const int step : hiding_) is_column_hidden_.push_back((hiders += step) > 0);
  }
  return is_column_hidden_[column];
}

absl::Status RowBuilder::BeginRow(int64_t row, bool is_hidden) {
  if (row <= at_) return absl::DataLossError(absl::StrCat("row ", row + 1, " behind row ", at_ + 1));
  if (row >= limits_.max_rows) return absl::ResourceExhaustedError(absl::StrCat("rows > ", limits_.max_rows));
  at_ = row;
  is_row_hidden_ = is_hidden;
  next_column_ = 0;
  row_bytes_ = 0;
  row_.cells.clear();
  row_.defect = RowDefect::kNone;
  row_.number = row + 1;
  return absl::OkStatus();
}

absl::Status RowBuilder::AddCell(size_t column, Cell cell) {
  if (column < next_column_) {
    return absl::DataLossError(absl::StrCat("row ", at_ + 1, ": cell ", ColumnLetters(column), " twice"));
  }
  next_column_ = column + 1;
  if (cell.kind == CellKind::kEmpty || row_.defect != RowDefect::kNone) return absl::OkStatus();
  row_bytes_ += cell.text.size();
  if (column >= limits_.max_cells) {
    row_.defect = RowDefect::kTooManyCells;
  } else if (cell.text.size() > limits_.max_cell_bytes || row_bytes_ > limits_.max_row_bytes) {
    row_.defect = RowDefect::kCellTooLong;
  } else {
    row_.cells.resize(column + 1);
    row_.cells.back() = std::move(cell);
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> RowBuilder::EndRow() {
  if (row_.cells.empty() && row_.defect == RowDefect::kNone) return false;
  if (!merges_.empty()) {
    if (absl::Status filled = merges_.Fill(row_); !filled.ok()) return filled;
  }
  for (size_t column = 0; column < row_.cells.size(); ++column) {
    Cell& cell = row_.cells[column];
    cell.is_hidden = cell.is_hidden || is_sheet_hidden_ || is_row_hidden_ || IsColumnHidden(column);
  }
  return true;
}

}  // namespace satudata::tables
