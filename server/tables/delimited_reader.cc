#include "server/tables/delimited_reader.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/strip.h"
#include "server/base/text_encoding.h"
#include "server/tables/delimiter.h"
#include "server/tables/file_kind.h"

namespace satudata::tables {
namespace {

constexpr absl::string_view kByteOrderMark = "\xEF\xBB\xBF";
// After an unpaired quote the lines that it swallowed are read again. A file with more of them than this is
// not worth the time that a hostile one could make that take: from then on reading goes on where the row
// failed.
constexpr int kMaxReturns = 100;

// Cells are bytes until the row is handed out: few rows have bytes that say something else in UTF-8.
void MakeUtf8(Row& row) {
  for (Cell& cell : row.cells) {
    if (!base::IsUtf8(cell.text)) cell.text = base::ToUtf8(std::move(cell.text));
  }
}

}  // namespace

absl::StatusOr<std::unique_ptr<DelimitedReader>> DelimitedReader::Create(
    std::shared_ptr<const InputFile> file, const TableLimits& limits, const HeadingRanker& ranker) {
  TextWindow window(std::move(file));
  if (absl::Status read = window.Grow(); !read.ok()) return read;
  absl::string_view head = window.text();
  if (IsUtf16(head)) return absl::UnimplementedError("UTF-16 without a byte-order mark");
  absl::ConsumePrefix(&head, kByteOrderMark);
  const std::optional<char> separator = TakeSeparatorLine(head);
  const char delimiter =
      separator.has_value() ? *separator : SniffDelimiter(head, window.is_all(), limits, ranker);
  window.Skip(window.text().size() - head.size());
  return std::unique_ptr<DelimitedReader>(
      new DelimitedReader(std::move(window), separator.has_value() ? 2 : 1, delimiter, limits));
}

DelimitedReader::DelimitedReader(TextWindow window, int64_t first_line, char delimiter,
                                 const TableLimits& limits)
    : delimiter_(delimiter), window_(std::move(window)), splitter_(delimiter, limits), line_(first_line) {}

absl::StatusOr<bool> DelimitedReader::NextSheet(Sheet& sheet) {
  sheet = Sheet();
  is_at_end_ = is_at_end_ || has_begun_;
  return !std::exchange(has_begun_, true);
}

absl::StatusOr<bool> DelimitedReader::NextRow(Row& row) {
  absl::StatusOr<bool> taken = !is_at_end_ && has_begun_;
  while (taken.ok() && *taken) {
    taken = TakeRow(row);
    if (!taken.ok() || !*taken) break;
    while (!row.cells.empty() && row.cells.back().kind == CellKind::kEmpty) row.cells.pop_back();
    if (!row.cells.empty() || row.defect != RowDefect::kNone) {
      MakeUtf8(row);
      return true;
    }
  }
  is_at_end_ = true;
  return taken;
}

absl::StatusOr<bool> DelimitedReader::TakeRow(Row& row) {
  const auto is_split = [&] {
    return !window_.text().empty() && splitter_.Split(window_.text(), window_.is_all(), row);
  };
  while (!is_split()) {
    if (window_.is_all()) return false;
    if (absl::Status grown = window_.Grow(); !grown.ok()) return grown;
  }
  row.number = line_;
  if (row.defect != RowDefect::kNone) {
    const absl::Status recovered = RecoverFrom(row.number);
    return recovered.ok() ? absl::StatusOr<bool>(true) : recovered;
  }
  window_.Skip(splitter_.size());
  line_ += splitter_.lines();
  return true;
}

// To the line after the one on which the row began; after too many returns, to the line after this one.
absl::Status DelimitedReader::RecoverFrom(int64_t row_line) {
  size_t at = 0;
  line_ = row_line;
  if (returns_ < kMaxReturns) {
    ++returns_;
  } else {
    at = splitter_.size();
    line_ += splitter_.lines();
  }
  window_.Skip(at);
  // One byte more than the line end: whether `\r` is all of it must be known.
  while (BehindLine(window_.text(), 0) >= window_.text().size() && !window_.is_all()) {
    window_.Skip(window_.text().size() - std::min<size_t>(1, window_.text().size()));
    if (absl::Status grown = window_.Grow(); !grown.ok()) return grown;
  }
  const size_t end = BehindLine(window_.text(), 0);
  window_.Skip(end);
  ++line_;
  return absl::OkStatus();
}

}  // namespace satudata::tables
