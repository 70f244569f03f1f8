#include "server/catalog/csv_values.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "server/catalog/csv_reader.h"
#include "server/catalog/failure.h"
#include "server/catalog/indicator.h"
#include "server/catalog/text_encoding.h"

namespace satudata::catalog {
namespace {

constexpr absl::string_view kByteOrderMark = "\xEF\xBB\xBF";

absl::Status Refused(Reason reason, FailureArgs args) {
  return FailureStatus(absl::StatusCode::kInvalidArgument,
                       Failure{.reason = reason, .args = std::move(args)});
}

// ---- Headings ----

// Lower case, without blanks and underscores.
std::string Normalized(absl::string_view heading) {
  return absl::AsciiStrToLower(absl::StrReplaceAll(
      heading, {{" ", ""}, {"_", ""}, {"\t", ""}, {"\n", ""}, {"\r", ""}, {"\xC2\xA0", ""}}));
}

// Names of a column, the most telling first.
using Names = std::vector<absl::string_view>;

const Names& CodeNames() {
  static const auto* const names = new Names{"kodeindikator", "kodedssd"};
  return *names;
}
const Names& WeakCodeNames() {  // Many tables have a column `kode` of something else.
  static const auto* const names = new Names{"kode"};
  return *names;
}
const Names& YearNames() {
  static const auto* const names = new Names{"tahun", "year"};
  return *names;
}
const Names& ValueNames() {
  static const auto* const names = new Names{"nilai", "data", "value"};
  return *names;
}
const Names& RegionNames() {
  static const auto* const names = new Names{"kodepemda"};
  return *names;
}

// The first row, under one delimiter.
struct Heading {
  char delimiter = ',';
  std::vector<std::string> cells;       // As written.
  std::vector<std::string> normalized;  // The same, to look up.

  // The column of the first of `names` that there is.
  std::optional<size_t> Find(const Names& names) const {
    for (absl::string_view name : names) {
      const auto found = std::find(normalized.begin(), normalized.end(), name);
      if (found != normalized.end()) return static_cast<size_t>(found - normalized.begin());
    }
    return std::nullopt;
  }

  // Every column that we know, whatever it is: what tells the right delimiter.
  int KnownColumns() const {
    int known = 0;
    for (const Names* names : {&CodeNames(), &WeakCodeNames(), &YearNames(), &ValueNames(), &RegionNames()}) {
      known += Find(*names).has_value() ? 1 : 0;
    }
    return known;
  }
};

struct Columns {
  size_t code = 0;
  size_t year = 0;
  size_t value = 0;
  std::optional<size_t> region;
};

bool IsEmptyRow(const CsvRow& row) {
  return row.defect == CsvDefect::kNone && std::all_of(row.cells.begin(), row.cells.end(),
                                                       [](const std::string& cell) { return cell.empty(); });
}

// Empty cells at the end, beyond `width`, are what spreadsheets leave behind.
void DropEmptyTail(std::vector<std::string>& cells, size_t width) {
  while (cells.size() > width && cells.back().empty()) cells.pop_back();
}

// Reads on to the first row that is not empty.
Heading ReadHeading(CsvReader& reader, char delimiter) {
  CsvRow row;
  bool found = reader.Next(row);
  while (found && IsEmptyRow(row)) found = reader.Next(row);
  DropEmptyTail(row.cells, /*width=*/0);
  Heading heading;
  heading.delimiter = delimiter;
  for (std::string& cell : row.cells) {
    heading.cells.push_back(ToUtf8(std::move(cell)));
    heading.normalized.push_back(Normalized(heading.cells.back()));
  }
  return heading;
}

CsvFormat FormatOf(char delimiter, const CsvLimits& limits) {
  return CsvFormat{.delimiter = delimiter, .max_cell_bytes = limits.max_cell_bytes};
}

// The delimiter under which most columns are known; of equals the one that gives most columns.
char SniffDelimiter(absl::string_view text, const CsvLimits& limits) {
  Heading best;
  for (char delimiter : {';', ',', '\t'}) {
    CsvReader reader(text, FormatOf(delimiter, limits));
    Heading heading = ReadHeading(reader, delimiter);
    const auto rank = [](const Heading& h) { return std::make_pair(h.KnownColumns(), h.cells.size()); };
    if (rank(heading) > rank(best)) best = std::move(heading);
  }
  return best.delimiter;
}

// The line that Excel understands: `sep=;`.
std::optional<char> TakeSeparatorLine(absl::string_view& text, int64_t& line) {
  if (!absl::StartsWithIgnoreCase(text, "sep=") || text.size() < 6) return std::nullopt;
  const char separator = text[4];
  absl::string_view rest = text.substr(5);
  if (!absl::ConsumePrefix(&rest, "\r\n") && !absl::ConsumePrefix(&rest, "\n")) return std::nullopt;
  if (separator != ';' && separator != ',' && separator != '\t') return std::nullopt;
  text = rest;
  ++line;
  return separator;
}

// A heading that stands there twice; which of them is meant we do not guess.
std::optional<absl::string_view> HeadingTwice(const Heading& heading, const Columns& columns) {
  for (size_t column : {columns.code, columns.year, columns.value, columns.region.value_or(columns.code)}) {
    const std::string& name = heading.normalized[column];
    if (std::count(heading.normalized.begin(), heading.normalized.end(), name) > 1) {
      return heading.cells[column];
    }
  }
  return std::nullopt;
}

// nullopt for an ordinary dataset.
absl::StatusOr<std::optional<Columns>> FindColumns(const Heading& heading, absl::string_view file_name) {
  const std::optional<size_t> year = heading.Find(YearNames());
  const std::optional<size_t> value = heading.Find(ValueNames());
  std::optional<size_t> code = heading.Find(CodeNames());
  if (!code && year && value) code = heading.Find(WeakCodeNames());
  if (!code) return std::optional<Columns>();
  if (!year || !value) {
    return Refused(Reason::kColumnMissing,
                   {{"column", year ? "nilai" : "tahun"}, {"file_name", std::string(file_name)}});
  }
  const Columns columns = {*code, *year, *value, heading.Find(RegionNames())};
  if (const auto twice = HeadingTwice(heading, columns)) {
    return Refused(Reason::kContentUnreadable,
                   {{"file_name", std::string(file_name)}, {"detail", absl::StrCat(*twice, " × 2")}});
  }
  return std::make_optional(columns);
}

// ---- Rows ----

Failure RowFinding(const CsvRow& row, size_t width, const CsvLimits& limits) {
  const std::string line = absl::StrCat(row.line);
  switch (row.defect) {
    case CsvDefect::kQuoteUnpaired:
      return Failure{.reason = Reason::kQuoteUnpaired, .args = {{"line", line}}};
    case CsvDefect::kCellTooLong:
      return Failure{
          .reason = Reason::kRowMalformed,
          .args = {{"line", line}, {"detail", absl::StrCat("> ", limits.max_cell_bytes, " byte")}}};
    case CsvDefect::kTooManyCells:
    case CsvDefect::kNone:
      break;
  }
  if (row.defect == CsvDefect::kNone && row.cells.size() == width) return Failure();
  return Failure{
      .reason = Reason::kRowWidthWrong,
      .args = {{"line", line}, {"found", absl::StrCat(row.cells.size())}, {"expected", absl::StrCat(width)}}};
}

// The cells of one row, taken from it.
class Cells {
 public:
  explicit Cells(CsvRow& row) : row_(row) {}
  // Empty where the row ends before `column`.
  std::string Take(size_t column) {
    if (column >= row_.cells.size()) return "";
    std::string text = ToUtf8(std::move(row_.cells[column]));
    absl::StripAsciiWhitespace(&text);
    return text;
  }

 private:
  CsvRow& row_;
};

IndicatorValue ReadRow(CsvRow& row, const Columns& columns, Failure finding) {
  IndicatorValue value;
  value.line = row.line;
  Cells cells(row);
  value.kodeindikator = cells.Take(columns.code);
  value.tahun = cells.Take(columns.year);
  if (columns.region) value.kodepemda = cells.Take(*columns.region);
  // In a row of the wrong width the cell may be half a figure.
  if (finding.ok()) value.raw_value = cells.Take(columns.value);
  value.finding = std::move(finding);
  return value;
}

}  // namespace

absl::StatusOr<std::vector<IndicatorValue>> ReadCsvValues(absl::string_view bytes,
                                                          absl::string_view file_name,
                                                          const CsvLimits& limits) {
  if (absl::StartsWith(bytes, "\xFF\xFE") || absl::StartsWith(bytes, "\xFE\xFF")) {
    return Refused(Reason::kContentUnreadable, {{"file_name", std::string(file_name)}, {"detail", "UTF-16"}});
  }
  absl::ConsumePrefix(&bytes, kByteOrderMark);
  int64_t lines_before = 0;
  const std::optional<char> separator = TakeSeparatorLine(bytes, lines_before);
  const char delimiter = separator.has_value() ? *separator : SniffDelimiter(bytes, limits);
  CsvReader reader(bytes, FormatOf(delimiter, limits));
  const Heading heading = ReadHeading(reader, delimiter);
  absl::StatusOr<std::optional<Columns>> columns = FindColumns(heading, file_name);
  if (!columns.ok()) return std::move(columns).status();

  std::vector<IndicatorValue> values;
  if (!columns->has_value()) return values;
  CsvRow row;
  while (reader.Next(row)) {
    if (IsEmptyRow(row)) continue;
    if (static_cast<int64_t>(values.size()) >= limits.max_values) {
      return Refused(Reason::kTooManyValues, {{"limit", absl::StrCat(limits.max_values)}});
    }
    row.line += lines_before;
    DropEmptyTail(row.cells, heading.cells.size());
    Failure finding = RowFinding(row, heading.cells.size(), limits);
    values.push_back(ReadRow(row, **columns, std::move(finding)));
    values.back().position = static_cast<int64_t>(values.size());
    values.back().column = heading.cells[(*columns)->value];
  }
  JudgeValues(values);
  return values;
}

}  // namespace satudata::catalog
