// File: csv_reader.h
//
// Rows of delimited text (RFC 4180 with any delimiter and any kind of line end), each with the line on which
// it begins. Written here rather than taken from libcsv because a row with an unpaired quote must cost itself
// alone (libcsv reads on to the end of the file or stops), because every finding names its line (libcsv tells
// none), and because cells are bounded.
#ifndef SERVER_CATALOG_CSV_READER_H_
#define SERVER_CATALOG_CSV_READER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace satudata::catalog {

struct CsvFormat {
  char delimiter = ',';
  size_t max_cell_bytes = 32 << 10;  // Default: 32 KiB.
};

enum class CsvDefect {
  kNone,
  kQuoteUnpaired,  // A quoted cell has no end, or something follows on its end.
  kCellTooLong,
  kTooManyCells,
};

struct CsvRow {
  int64_t line = 0;  // From 1.
  // Without their quotes, and unquoted ones without surrounding blanks. After a defect: those before it.
  std::vector<std::string> cells;
  CsvDefect defect = CsvDefect::kNone;
};

// Not thread-safe.
class CsvReader {
 public:
  // `text` must outlive the reader.
  CsvReader(absl::string_view text, CsvFormat format) : text_(text), format_(format) {}

  // False at the end, else `row` is the next row; one without a byte in it counts as one empty cell. After a
  // row with a defect reading goes on at the next line.
  bool Next(CsvRow& row);

 private:
  enum class CellEnd { kDelimiter, kRow, kDefect };

  CellEnd TakeCell(CsvRow& row);
  CellEnd TakePlainCell(CsvRow& row);
  CellEnd TakeQuotedCell(CsvRow& row);
  CellEnd Fail(CsvRow& row, CsvDefect defect);
  bool TakeQuoted(std::string& cell);
  void SkipBlanks();
  void TakeLineEnd();
  void RecoverFrom(size_t row_start, int64_t row_line);

  const absl::string_view text_;
  const CsvFormat format_;
  size_t at_ = 0;
  int64_t line_ = 1;
  int returns_ = 0;
};

}  // namespace satudata::catalog

#endif  // SERVER_CATALOG_CSV_READER_H_
