// File: fake_table.h
//
// A table out of a test's own cells, for what takes tables::TableReader; and sheets as they stand in a test.
#ifndef TESTS_FAKES_FAKE_TABLE_H_
#define TESTS_FAKES_FAKE_TABLE_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/tables/table.h"

namespace satudata::tables {

// ---- Cells ----

inline Cell Text(std::string text) {
  return {.kind = text.empty() ? CellKind::kEmpty : CellKind::kText, .text = std::move(text)};
}
inline Cell Number(std::string text, std::string shown = "") {
  return {.kind = CellKind::kNumber, .text = std::move(text), .shown = std::move(shown)};
}
inline Cell Date(std::string text) { return {.kind = CellKind::kDate, .text = std::move(text)}; }
inline Cell Boolean(std::string text) { return {.kind = CellKind::kBoolean, .text = std::move(text)}; }
inline Cell Error(std::string text) { return {.kind = CellKind::kError, .text = std::move(text)}; }
inline Cell Hidden(Cell cell) {
  cell.is_hidden = true;
  return cell;
}
inline Cell Copy(Cell cell) {
  cell.is_merged_copy = true;
  return cell;
}

// ---- Sheets ----

struct FakeSheet {
  Sheet sheet;
  std::vector<Row> rows;
};

// Rows from 1 on. Those without a cell are left out, and cells at a row's end that are empty, as every reader
// does.
inline FakeSheet MakeSheet(std::string name, std::vector<std::vector<Cell>> rows) {
  FakeSheet made = {.sheet = {.name = std::move(name)}};
  int64_t number = 0;
  for (std::vector<Cell>& cells : rows) {
    ++number;
    while (!cells.empty() && cells.back().kind == CellKind::kEmpty) cells.pop_back();
    if (!cells.empty()) made.rows.push_back({.number = number, .cells = std::move(cells)});
  }
  return made;
}

class FakeTable final : public TableReader {
 public:
  explicit FakeTable(std::vector<FakeSheet> sheets) : sheets_(std::move(sheets)) {}

  // What comes in place of the end of the last sheet's rows.
  void FailAtEnd(absl::Status error) { error_ = std::move(error); }

  absl::StatusOr<bool> NextSheet(Sheet& sheet) override {
    if (next_sheet_ >= sheets_.size()) return false;
    sheet = sheets_[next_sheet_++].sheet;
    next_row_ = 0;
    return true;
  }
  absl::StatusOr<bool> NextRow(Row& row) override {
    const std::vector<Row>& rows = sheets_[next_sheet_ - 1].rows;
    if (next_row_ < rows.size()) {
      row = rows[next_row_++];
      return true;
    }
    if (next_sheet_ == sheets_.size() && !error_.ok()) return error_;
    return false;
  }

 private:
  std::vector<FakeSheet> sheets_;
  absl::Status error_;
  size_t next_sheet_ = 0;
  size_t next_row_ = 0;
};

}  // namespace satudata::tables

#endif  // TESTS_FAKES_FAKE_TABLE_H_
