#include "server/catalog/csv_reader.h"

#include <algorithm>

#include "absl/strings/ascii.h"

namespace satudata::catalog {
namespace {

// Far wider than any table of indicators; it bounds what one row may hold.
constexpr size_t kMaxCells = 1000;
// After an unpaired quote the lines that it swallowed are read again. A file with more of them than this is
// not worth the time that a hostile one could make that take: from then on reading goes on where the row
// failed.
constexpr int kMaxReturns = 100;

}  // namespace

bool CsvReader::Next(CsvRow& row) {
  row.cells.clear();
  row.defect = CsvDefect::kNone;
  row.line = line_;
  if (at_ >= text_.size()) return false;
  const size_t start = at_;
  CellEnd end = CellEnd::kDelimiter;
  while (end == CellEnd::kDelimiter) end = TakeCell(row);
  if (end == CellEnd::kDefect) RecoverFrom(start, row.line);
  return true;
}

CsvReader::CellEnd CsvReader::TakeCell(CsvRow& row) {
  if (row.cells.size() >= kMaxCells) return Fail(row, CsvDefect::kTooManyCells);
  SkipBlanks();
  return at_ < text_.size() && text_[at_] == '"' ? TakeQuotedCell(row) : TakePlainCell(row);
}

CsvReader::CellEnd CsvReader::TakePlainCell(CsvRow& row) {
  const char ends[] = {format_.delimiter, '\r', '\n'};
  const size_t end = std::min(text_.find_first_of(absl::string_view(ends, sizeof(ends)), at_), text_.size());
  const absl::string_view cell = absl::StripTrailingAsciiWhitespace(text_.substr(at_, end - at_));
  at_ = end;
  if (cell.size() > format_.max_cell_bytes) return Fail(row, CsvDefect::kCellTooLong);
  row.cells.emplace_back(cell);
  if (at_ < text_.size() && text_[at_] == format_.delimiter) {
    ++at_;
    return CellEnd::kDelimiter;
  }
  TakeLineEnd();
  return CellEnd::kRow;
}

CsvReader::CellEnd CsvReader::TakeQuotedCell(CsvRow& row) {
  std::string cell;
  if (!TakeQuoted(cell)) {
    const bool too_long = at_ < text_.size();
    return Fail(row, too_long ? CsvDefect::kCellTooLong : CsvDefect::kQuoteUnpaired);
  }
  SkipBlanks();
  const bool at_end = at_ >= text_.size() || text_[at_] == '\r' || text_[at_] == '\n';
  if (!at_end && text_[at_] != format_.delimiter) return Fail(row, CsvDefect::kQuoteUnpaired);
  row.cells.push_back(std::move(cell));
  if (at_end) {
    TakeLineEnd();
    return CellEnd::kRow;
  }
  ++at_;
  return CellEnd::kDelimiter;
}

CsvReader::CellEnd CsvReader::Fail(CsvRow& row, CsvDefect defect) {
  row.defect = defect;
  return CellEnd::kDefect;
}

// From the opening quote to behind the closing one. False at the end of the text, and where the cell is too
// long.
bool CsvReader::TakeQuoted(std::string& cell) {
  ++at_;
  while (at_ < text_.size() && cell.size() <= format_.max_cell_bytes) {
    const char c = text_[at_++];
    const bool doubled = c == '"' && at_ < text_.size() && text_[at_] == '"';
    if (c == '"' && !doubled) return true;
    if (doubled) ++at_;
    if (c == '\n') ++line_;
    cell.push_back(c);
  }
  return false;
}

void CsvReader::SkipBlanks() {
  const auto is_blank = [this](char c) { return (c == ' ' || c == '\t') && c != format_.delimiter; };
  while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
}

void CsvReader::TakeLineEnd() {
  if (at_ >= text_.size()) return;
  const bool two = text_[at_] == '\r' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n';
  at_ += two ? 2 : 1;
  ++line_;
}

// To the line after the one on which the row began; after too many returns, to the line after this one.
void CsvReader::RecoverFrom(size_t row_start, int64_t row_line) {
  if (returns_ < kMaxReturns) {
    ++returns_;
    at_ = row_start;
    line_ = row_line;
  }
  at_ = std::min(text_.find_first_of("\r\n", at_), text_.size());
  TakeLineEnd();
}

}  // namespace satudata::catalog
