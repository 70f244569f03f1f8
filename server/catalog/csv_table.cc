#include "server/catalog/csv_table.h"

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/strip.h"
#include "server/catalog/csv_reader.h"
#include "server/catalog/text_encoding.h"

namespace satudata::catalog {
namespace {

using tables::Cell;
using tables::CellKind;
using tables::Row;
using tables::RowDefect;

constexpr int kSniffedRows = 50;

// The line that Excel understands: `sep=;`.
std::optional<char> TakeSeparatorLine(absl::string_view& text, int64_t& lines) {
  if (!absl::StartsWithIgnoreCase(text, "sep=") || text.size() < 6) return std::nullopt;
  const char separator = text[4];
  absl::string_view rest = text.substr(5);
  if (!absl::ConsumePrefix(&rest, "\r\n") && !absl::ConsumePrefix(&rest, "\n")) return std::nullopt;
  if (separator != ';' && separator != ',' && separator != '\t') return std::nullopt;
  text = rest;
  ++lines;
  return separator;
}

char SniffDelimiter(absl::string_view text, const HeadingRanker& ranker) {
  std::tuple<int, int, size_t> best = {-1, 0, 0};
  char chosen = ',';
  for (char delimiter : {';', ',', '\t'}) {
    CsvReader reader(text, {.delimiter = delimiter});
    std::map<size_t, int> rows_of_width;
    int known = 0;
    CsvRow row;
    for (int i = 0; i < kSniffedRows && reader.Next(row); ++i) {
      known = std::max(known, ranker(row.cells));
      if (row.cells.size() > 1) ++rows_of_width[row.cells.size()];
    }
    std::tuple<int, int, size_t> rank = {known, 0, 0};
    for (const auto& [width, count] : rows_of_width) rank = std::max(rank, {known, count, width});
    if (rank > best) std::tie(best, chosen) = std::make_tuple(rank, delimiter);
  }
  return chosen;
}

RowDefect DefectOf(CsvDefect defect) {
  switch (defect) {
    case CsvDefect::kNone:
      return RowDefect::kNone;
    case CsvDefect::kQuoteUnpaired:
      return RowDefect::kQuoteUnpaired;
    case CsvDefect::kCellTooLong:
      return RowDefect::kCellTooLong;
    case CsvDefect::kTooManyCells:
      return RowDefect::kTooManyCells;
  }
  return RowDefect::kNone;
}

class CsvTable final : public tables::TableReader {
 public:
  CsvTable(std::string bytes, size_t skipped, int64_t lines_before, char delimiter)
      : bytes_(std::move(bytes)),
        reader_(absl::string_view(bytes_).substr(skipped), {.delimiter = delimiter}),
        lines_before_(lines_before) {}

  absl::StatusOr<bool> NextSheet(tables::Sheet& sheet) override {
    sheet = {};
    return std::exchange(is_new_, false);
  }

  absl::StatusOr<bool> NextRow(Row& row) override {
    while (reader_.Next(csv_row_)) {
      Fill(row);
      if (!row.cells.empty() || row.defect != RowDefect::kNone) return true;
    }
    return false;
  }

 private:
  void Fill(Row& row) {
    row.number = csv_row_.line + lines_before_;
    row.defect = DefectOf(csv_row_.defect);
    row.cells.clear();
    for (std::string& text : csv_row_.cells) {
      Cell& cell = row.cells.emplace_back();
      cell.text = ToUtf8(std::move(text));
      absl::StripAsciiWhitespace(&cell.text);
      cell.kind = cell.text.empty() ? CellKind::kEmpty : CellKind::kText;
    }
    while (!row.cells.empty() && row.cells.back().kind == CellKind::kEmpty) row.cells.pop_back();
  }

  const std::string bytes_;
  CsvReader reader_;
  const int64_t lines_before_;
  CsvRow csv_row_;
  bool is_new_ = true;
};

}  // namespace

absl::StatusOr<std::unique_ptr<tables::TableReader>> OpenCsv(std::string bytes, const HeadingRanker& ranker) {
  absl::string_view text = bytes;
  if (absl::StartsWith(text, "\xFF\xFE") || absl::StartsWith(text, "\xFE\xFF")) {
    return absl::UnimplementedError("UTF-16");
  }
  absl::ConsumePrefix(&text, "\xEF\xBB\xBF");
  int64_t lines_before = 0;
  const std::optional<char> separator = TakeSeparatorLine(text, lines_before);
  const char delimiter = separator.has_value() ? *separator : SniffDelimiter(text, ranker);
  const size_t skipped = bytes.size() - text.size();
  return std::make_unique<CsvTable>(std::move(bytes), skipped, lines_before, delimiter);
}

}  // namespace satudata::catalog
