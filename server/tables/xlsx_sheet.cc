#include "server/tables/xlsx_sheet.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "server/tables/cell_reference.h"
#include "server/tables/xlsx_texts.h"

namespace satudata::tables {
namespace {

bool IsZero(absl::string_view number) {
  double value = 1;
  return absl::SimpleAtod(number, &value) && value == 0;
}

void SetText(absl::string_view text, CellKind kind, Cell& cell) {
  text = absl::StripAsciiWhitespace(text);
  if (text.empty()) return;
  cell.kind = kind;
  cell.text.assign(text.data(), text.size());
}

// `2024-01-31T13:45:00Z` as DateText writes it.
std::string IsoDate(absl::string_view text) {
  const size_t mark = text.find('T');
  std::string date(text.substr(0, mark));
  if (mark == absl::string_view::npos) return date;
  const absl::string_view time = text.substr(mark + 1, 8);
  if (time.empty() || absl::StartsWith("00:00:00", time)) return date;
  return absl::StrCat(date, " ", time, time.size() == 5 ? ":00" : "");
}

}  // namespace

const XmlPath<XlsxSheet::Place>::Step XlsxSheet::kSteps[] = {
    {Place::kRow, "c", Place::kCell},           {Place::kCell, "v", Place::kValue},
    {Place::kCell, "f", Place::kFormula},       {Place::kCell, "is", Place::kInline},
    {Place::kData, "row", Place::kRow},         {Place::kInline, "t", Place::kText},
    {Place::kInline, "r", Place::kRun},         {Place::kRun, "t", Place::kText},
    {Place::kColumns, "col", Place::kColumn},   {Place::kSheet, "cols", Place::kColumns},
    {Place::kSheet, "sheetData", Place::kData}, {Place::kDocument, "worksheet", Place::kSheet},
};

XlsxSheet::XlsxSheet(const XlsxWorkbook& workbook, const TextTable& texts, MergedRanges& merges,
                     bool is_hidden, const TableLimits& limits)
    : workbook_(workbook),
      texts_(texts),
      limits_(limits),
      path_(kSteps, Place::kDocument),
      rows_(merges, is_hidden, limits) {}

void XlsxSheet::OnStart(absl::string_view name, const XmlAttributes& attributes) {
  const bool is_root = path_.here() == Place::kDocument;
  const Place place = path_.Enter(name);
  if (is_root && place != Place::kSheet) Fail(absl::DataLossError("no sheet"));
  switch (place) {
    case Place::kColumn:
      return BeginColumn(attributes);
    case Place::kRow:
      return BeginRow(attributes);
    case Place::kCell:
      return BeginCell(attributes);
    case Place::kFormula:
      has_formula_ = true;
      return;
    case Place::kValue:
    case Place::kInline:
      has_value_ = true;
      return;
    default:
      return;
  }
}

void XlsxSheet::OnEnd() {
  const Place left = path_.Leave();
  if (left == Place::kCell) EndCell();
  if (left != Place::kRow) return;
  const absl::StatusOr<bool> ended = rows_.EndRow();
  if (!ended.ok()) {
    Fail(ended.status());
  } else if (*ended) {
    Pause();
  }
}

void XlsxSheet::OnText(absl::string_view piece) {
  if (path_.here() == Place::kValue || path_.here() == Place::kText) {
    AppendUpTo(limits_.max_cell_bytes, piece, value_);
  }
}

void XlsxSheet::BeginColumn(const XmlAttributes& attributes) {
  if (!attributes.IsTrue("hidden") && !IsZero(attributes.Get("width"))) return;
  uint32_t first = 0;
  uint32_t last = 0;
  const bool is_range =
      absl::SimpleAtoi(attributes.Get("min"), &first) && absl::SimpleAtoi(attributes.Get("max"), &last);
  if (is_range && first > 0 && last > 0) rows_.HideColumns(first - 1, last - 1);
}

void XlsxSheet::BeginRow(const XmlAttributes& attributes) {
  int64_t number = rows_.row() + 2;
  const absl::string_view said = attributes.Get("r");
  if (!said.empty() && !absl::SimpleAtoi(said, &number)) {
    Fail(absl::DataLossError(absl::StrCat("row ", said.substr(0, 40))));
    return;
  }
  const bool is_hidden = attributes.IsTrue("hidden") || IsZero(attributes.Get("ht"));
  if (const absl::Status begun = rows_.BeginRow(number - 1, is_hidden); !begun.ok()) Fail(begun);
}

void XlsxSheet::BeginCell(const XmlAttributes& attributes) {
  const absl::string_view said = attributes.Get("r");
  if (!said.empty()) {
    const std::optional<CellReference> at = ParseCellReference(said);
    if (!at.has_value() || at->row != rows_.row() || at->column < rows_.next_column()) {
      Fail(absl::DataLossError(absl::StrCat("row ", rows_.row() + 1, ": cell ", said.substr(0, 40))));
      return;
    }
    rows_.SkipTo(at->column);
  }
  const absl::string_view type = attributes.Get("t").substr(0, 16);
  type_.assign(type.data(), type.size());
  uint32_t style = 0;
  if (!absl::SimpleAtoi(attributes.Get("s"), &style)) style = 0;
  style_ = style;
  value_.clear();
  has_value_ = false;
  has_formula_ = false;
}

void XlsxSheet::EndCell() {
  Cell cell;
  absl::Status judged = Judge(cell);
  if (judged.ok()) judged = rows_.AddCell(rows_.next_column(), std::move(cell));
  if (!judged.ok()) Fail(judged);
}

absl::Status XlsxSheet::Judge(Cell& cell) {
  // Programs that do not calculate write no result, or a zero and the wish to have it calculated.
  const bool is_uncalculated =
      has_formula_ && (!has_value_ || (workbook_.asks_for_calculation && value_ == "0"));
  if (is_uncalculated) {
    cell.kind = CellKind::kError;
    return absl::OkStatus();
  }
  return has_value_ ? JudgeValue(cell) : absl::OkStatus();
}

absl::Status XlsxSheet::JudgeValue(Cell& cell) {
  if (type_ == "s") {
    uint32_t index = 0;
    if (!absl::SimpleAtoi(value_, &index)) return absl::DataLossError("a shared text without a number");
    if (absl::Status got = texts_.Get(index, value_); !got.ok()) return got;
    SetText(value_, CellKind::kText, cell);
  } else if (type_ == "str" || type_ == "inlineStr") {
    SetText(TextOfCell(value_, limits_), CellKind::kText, cell);
  } else if (type_ == "b") {
    cell.kind = CellKind::kBoolean;
    cell.text = value_ == "1" || value_ == "true" ? "TRUE" : "FALSE";
  } else if (type_ == "e") {
    SetText(value_, CellKind::kError, cell);
  } else if (type_ == "d") {
    SetText(IsoDate(absl::StripAsciiWhitespace(value_)), CellKind::kDate, cell);
  } else {
    SetNumberOf(absl::StripAsciiWhitespace(value_), cell);
  }
  return absl::OkStatus();
}

void XlsxSheet::SetNumberOf(absl::string_view written, Cell& cell) const {
  if (written.empty()) {
    if (has_formula_) cell.kind = CellKind::kError;
    return;
  }
  const std::string decimal = DecimalText(written);
  if (decimal.empty()) return SetText(written, CellKind::kError, cell);
  const NumberFormat format = style_ < workbook_.formats.size() ? workbook_.formats[style_] : NumberFormat();
  double number = 0;
  if (format.kind != NumberFormat::Kind::kNumber && !absl::SimpleAtod(written, &number)) number = -1;
  SetNumber(decimal, number, format, workbook_.date_system, cell);
}

}  // namespace satudata::tables
