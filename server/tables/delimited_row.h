// File: delimited_row.h
//
// One row out of delimited text (RFC 4180 with any delimiter and any kind of line end). Written here rather
// than taken from libcsv because a row with an unpaired quote must cost itself alone (libcsv reads on to the
// end of the file or stops), because every finding names its line (libcsv tells none), and because cells are
// bounded.
#ifndef SERVER_TABLES_DELIMITED_ROW_H_
#define SERVER_TABLES_DELIMITED_ROW_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "server/tables/limits.h"
#include "server/tables/table.h"

namespace satudata::tables {

// Splits the row at the head of `text`. Not thread-safe.
class RowSplitter {
 public:
  RowSplitter(char delimiter, const TableLimits& limits);

  // False where the row may go on behind the end of `text`, which is not the end of the file: ask again with
  // more. Else `row` has its cells, as bytes of whatever encoding, and its defect; those of a row with a
  // defect are the ones before it.
  bool Split(absl::string_view text, bool is_all, Row& row);

  // Of the row that was split: how many bytes it took, its line end included, or up to where a defect is; and
  // how many lines begin in them.
  size_t size() const { return at_; }
  int64_t lines() const { return lines_; }

 private:
  enum class CellEnd { kDelimiter, kRow, kDefect, kNeedsMore };

  CellEnd TakeCell(Row& row);
  CellEnd TakePlainCell(Row& row);
  CellEnd TakeQuotedCell(Row& row);
  CellEnd TakeQuoted(Row& row, std::string& cell);
  CellEnd TakeEnd();
  CellEnd Fail(Row& row, RowDefect defect);
  void SkipBlanks();
  bool IsCut() const { return at_ >= text_.size() && !is_all_; }

  const char delimiter_;
  const TableLimits limits_;
  bool ends_plain_[256] = {};
  absl::string_view text_;
  bool is_all_ = false;
  size_t at_ = 0;
  int64_t lines_ = 0;
};

// The position behind the next line end at or after `at`, and the end of `text` without one.
size_t BehindLine(absl::string_view text, size_t at);

}  // namespace satudata::tables

#endif  // SERVER_TABLES_DELIMITED_ROW_H_
