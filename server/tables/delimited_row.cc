#include "server/tables/delimited_row.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"

namespace satudata::tables {
namespace {

bool IsLineEnd(char c) { return c == '\r' || c == '\n'; }

void AddCell(Row& row, absl::string_view text) {
  Cell& cell = row.cells.emplace_back();
  text = absl::StripAsciiWhitespace(text);
  if (text.empty()) return;
  cell.kind = CellKind::kText;
  cell.text.assign(text.data(), text.size());
}

}  // namespace

RowSplitter::RowSplitter(char delimiter, const TableLimits& limits) : delimiter_(delimiter), limits_(limits) {
  for (const char end : {delimiter, '\r', '\n'}) ends_plain_[static_cast<uint8_t>(end)] = true;
}

bool RowSplitter::Split(absl::string_view text, bool is_all, Row& row) {
  row.cells.clear();
  row.defect = RowDefect::kNone;
  text_ = text;
  is_all_ = is_all;
  at_ = 0;
  lines_ = 0;
  CellEnd end = CellEnd::kDelimiter;
  while (end == CellEnd::kDelimiter) end = TakeCell(row);
  if (end == CellEnd::kNeedsMore && text.size() > limits_.max_row_bytes) {
    end = Fail(row, RowDefect::kTooManyCells);
  }
  return end != CellEnd::kNeedsMore;
}

RowSplitter::CellEnd RowSplitter::TakeCell(Row& row) {
  if (row.cells.size() >= limits_.max_cells || at_ > limits_.max_row_bytes) {
    return Fail(row, RowDefect::kTooManyCells);
  }
  SkipBlanks();
  return at_ < text_.size() && text_[at_] == '"' ? TakeQuotedCell(row) : TakePlainCell(row);
}

RowSplitter::CellEnd RowSplitter::TakePlainCell(Row& row) {
  const size_t begin = at_;
  while (at_ < text_.size() && !ends_plain_[static_cast<uint8_t>(text_[at_])]) ++at_;
  const absl::string_view cell = absl::StripTrailingAsciiWhitespace(text_.substr(begin, at_ - begin));
  if (cell.size() > limits_.max_cell_bytes) return Fail(row, RowDefect::kCellTooLong);
  if (IsCut()) return CellEnd::kNeedsMore;
  AddCell(row, cell);
  return TakeEnd();
}

RowSplitter::CellEnd RowSplitter::TakeQuotedCell(Row& row) {
  std::string cell;
  const CellEnd quoted = TakeQuoted(row, cell);
  if (quoted != CellEnd::kDelimiter) return quoted;
  SkipBlanks();
  if (IsCut()) return CellEnd::kNeedsMore;
  const bool at_end = at_ >= text_.size() || IsLineEnd(text_[at_]);
  if (!at_end && text_[at_] != delimiter_) return Fail(row, RowDefect::kQuoteUnpaired);
  AddCell(row, cell);
  return TakeEnd();
}

// From the opening quote to behind the closing one (kDelimiter).
RowSplitter::CellEnd RowSplitter::TakeQuoted(Row& row, std::string& cell) {
  const int64_t lines_before = lines_;
  ++at_;
  while (at_ < text_.size() && cell.size() <= limits_.max_cell_bytes) {
    const char c = text_[at_++];
    const bool closes = c == '"' && !(at_ < text_.size() && text_[at_] == '"');
    // Whether another quote follows must be known.
    if (closes) return IsCut() ? CellEnd::kNeedsMore : CellEnd::kDelimiter;
    if (c == '"') ++at_;
    if (c == '\n' || (c == '\r' && at_ < text_.size() && text_[at_] != '\n')) ++lines_;
    cell.push_back(c);
  }
  if (cell.size() <= limits_.max_cell_bytes) {
    return is_all_ ? Fail(row, RowDefect::kQuoteUnpaired) : CellEnd::kNeedsMore;
  }
  // A cell without end that runs over lines is an open quote rather than a long text.
  return Fail(row, lines_ > lines_before ? RowDefect::kQuoteUnpaired : RowDefect::kCellTooLong);
}

// At a delimiter, a line end or the end of the file.
RowSplitter::CellEnd RowSplitter::TakeEnd() {
  if (at_ >= text_.size()) return CellEnd::kRow;
  if (text_[at_] == delimiter_) {
    ++at_;
    return CellEnd::kDelimiter;
  }
  const bool is_return = text_[at_++] == '\r';
  if (is_return && IsCut()) return CellEnd::kNeedsMore;
  if (is_return && at_ < text_.size() && text_[at_] == '\n') ++at_;
  ++lines_;
  return CellEnd::kRow;
}

RowSplitter::CellEnd RowSplitter::Fail(Row& row, RowDefect defect) {
  row.defect = defect;
  return CellEnd::kDefect;
}

void RowSplitter::SkipBlanks() {
  const auto is_blank = [this](char c) { return (c == ' ' || c == '\t') && c != delimiter_; };
  while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
}

size_t BehindLine(absl::string_view text, size_t at) {
  while (at < text.size() && !IsLineEnd(text[at])) ++at;
  if (at >= text.size()) return text.size();
  const bool two = text[at] == '\r' && at + 1 < text.size() && text[at + 1] == '\n';
  return at + (two ? 2 : 1);
}

}  // namespace satudata::tables
