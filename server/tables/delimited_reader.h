// File: delimited_reader.h
//
// Rows of delimited text: comma, semicolon, tab or bar; with a byte-order mark or Excel's line `sep=;` before
// them; UTF-8, marked UTF-16 or, cell by cell, Windows-1252. A file of any length takes some hundred KiB of
// memory, at most a few MiB where its rows are long.
#ifndef SERVER_TABLES_DELIMITED_READER_H_
#define SERVER_TABLES_DELIMITED_READER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "server/tables/delimited_row.h"
#include "server/tables/input_file.h"
#include "server/tables/limits.h"
#include "server/tables/table.h"
#include "server/tables/text_window.h"

namespace satudata::tables {

// How many of these cells the caller would know as headings. Pure.
using HeadingRanker = std::function<int(const std::vector<std::string>& cells)>;

// A cell's kind is kEmpty or kText. A row with a defect has the cells before it, and costs itself alone:
// reading goes on at the line after the one on which it began.
//
// The delimiter is the one that `sep=` says; else the one under which most headings are known, in one of the
// first rows; of equals the one under which most of those rows have the same number of cells, which is not 1.
class DelimitedReader final : public TableReader {
 public:
  // UNIMPLEMENTED for UTF-16 without a byte-order mark. `ranker` may be null.
  static absl::StatusOr<std::unique_ptr<DelimitedReader>> Create(std::shared_ptr<const InputFile> file,
                                                                 const TableLimits& limits,
                                                                 const HeadingRanker& ranker);

  absl::StatusOr<bool> NextSheet(Sheet& sheet) override;
  absl::StatusOr<bool> NextRow(Row& row) override;

  char delimiter() const { return delimiter_; }

 private:
  DelimitedReader(TextWindow window, int64_t first_line, char delimiter, const TableLimits& limits);

  absl::StatusOr<bool> TakeRow(Row& row);
  absl::Status RecoverFrom(int64_t row_line);

  const char delimiter_;
  TextWindow window_;
  RowSplitter splitter_;
  int64_t line_;
  int returns_ = 0;
  bool has_begun_ = false;
  bool is_at_end_ = false;
};

}  // namespace satudata::tables

#endif  // SERVER_TABLES_DELIMITED_READER_H_
