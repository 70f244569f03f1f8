#include "server/catalog/figure_row.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "server/catalog/header_search.h"
#include "server/catalog/indicator.h"
#include "server/catalog/number.h"

namespace satudata::catalog {
namespace {

using tables::Cell;
using tables::CellKind;
using tables::Row;
using tables::RowDefect;

// Beyond so many spellings of units a file is not one of figures; they are then no longer shared.
constexpr size_t kMostUnits = 1000;

constexpr absl::string_view kTotals[] = {"total",       "jumlah",          "grandtotal",       "subtotal",
                                         "jumlahtotal", "totaljumlah",     "jumlahseluruhnya", "ratarata",
                                         "rerata",      "totalkeseluruhan"};

const Cell& CellAt(const Row& row, size_t column) {
  static const auto* const kNothing = new Cell();
  return column < row.cells.size() ? row.cells[column] : *kNothing;
}

const Cell* CellAt(const Row& row, const std::optional<size_t>& column) {
  return column.has_value() ? &CellAt(row, *column) : nullptr;
}

std::string TextOf(const Cell* cell) { return cell == nullptr ? "" : cell->text; }

// Written as a code is, if perhaps wrongly: no blanks, and a digit.
bool IsLikeCode(absl::string_view text) {
  return absl::c_any_of(text, absl::ascii_isdigit) && !absl::c_any_of(text, absl::ascii_isspace);
}

// The year in a cell: `2024`, the number 2024 however it is stored, `2024.0` of programs that know no
// integers, `2024*` of provisional figures.
std::string YearOf(const Cell& cell) {
  absl::string_view text = cell.text;
  while (absl::ConsumeSuffix(&text, "*")) text = absl::StripTrailingAsciiWhitespace(text);
  for (absl::string_view tail : {".0", ",0"}) {
    absl::string_view year = text;
    if (absl::ConsumeSuffix(&year, tail) && IsYear(year)) return std::string(year);
  }
  return std::string(IsYear(text) ? text : absl::string_view(cell.text));
}

// The region in a cell: `1612`; `16.12`, as the ministry lists it; `1612.0` of programs that know no
// integers. A stored number that lost a zero, 32.1, is none of them.
std::string RegionOf(const Cell* cell) {
  const std::string text = TextOf(cell);
  const bool is_dotted = text.size() == 5 && text[2] == '.';
  const std::string code = is_dotted ? absl::StrCat(text.substr(0, 2), text.substr(3))
                                     : std::string(absl::StripSuffix(text, ".0"));
  return IsKodepemda(code) ? code : text;
}

bool IsTotal(const Row& row) {
  return absl::c_any_of(row.cells, [](const Cell& cell) {
    return cell.kind == CellKind::kText && absl::c_linear_search(kTotals, NormalHeading(cell.text));
  });
}

bool IsNothing(const Cell& cell) {
  return cell.kind == CellKind::kEmpty || (cell.kind == CellKind::kText && IsAbsentMarker(cell.text));
}

Failure Finding(Reason reason, const std::string& value) {
  return {.reason = reason, .args = {{"value", Quoted(value)}}};
}

}  // namespace

// What a row says of all its values.
struct FigureRows::Key {
  const Cell* code = nullptr;  // Null where the file says it once for all.
  const Cell* year = nullptr;  // Null where headings or the file say it.
  const Cell* kodepemda = nullptr;
  const Cell* unit = nullptr;
  std::string tahun;

  bool AllOf(bool Cell::*flag) const {
    return (code == nullptr || code->*flag) && (year == nullptr || year->*flag);
  }
  bool AnyOf(bool Cell::*flag) const {
    return (code != nullptr && code->*flag) || (year != nullptr && year->*flag) ||
           (kodepemda != nullptr && kodepemda->*flag);
  }
  const Cell* Error() const {
    for (const Cell* cell : {code, year, kodepemda}) {
      if (cell != nullptr && cell->kind == CellKind::kError) return cell;
    }
    return nullptr;
  }
};

FigureRows::FigureRows(const TableLayout& layout, const FileMapping& mapping, const base::SharedText& sheet,
                       std::vector<IndicatorValue>& values)
    : layout_(layout), mapping_(mapping), sheet_(sheet), values_(values), owners_(layout.values.size()) {}

FigureRows::Key FigureRows::KeyOf(const Row& row) const {
  Key key = {.code = CellAt(row, layout_.code),
             .year = CellAt(row, layout_.year),
             .kodepemda = CellAt(row, layout_.kodepemda),
             .unit = CellAt(row, layout_.unit)};
  if (key.year != nullptr) key.tahun = YearOf(*key.year);
  return key;
}

// Titles, remarks and what else has neither a code nor a figure.
bool FigureRows::SaysNothing(const Row& row, const Key& key) const {
  const bool has_figure = absl::c_any_of(
      layout_.values, [&row](const ValueColumn& column) { return HoldsFigure(CellAt(row, column.column)); });
  if (has_figure) return false;
  if (key.code != nullptr) return !IsLikeCode(key.code->text) && key.code->kind != CellKind::kError;
  return !IsYear(key.tahun);
}

void FigureRows::Read(const Row& row) {
  if (row.defect != RowDefect::kNone) {
    ReadDefect(row);
    return;
  }
  const Key key = KeyOf(row);
  if (SaysNothing(row, key)) return;
  if (Failure finding = FindingOfRow(row, key); !finding.ok()) {
    Add(row, key, layout_.values.front()).finding = std::move(finding);
    return;
  }
  for (const ValueColumn& column : layout_.values) ReadValue(row, key, column);
}

// kNone if its values can be looked at one by one.
Failure FigureRows::FindingOfRow(const Row& row, const Key& key) const {
  // What is too much may be half a figure. In a spreadsheet it is a remark beside the table.
  const bool is_too_wide = sheet_.empty() && layout_.width > 0 && row.cells.size() > layout_.width;
  if (is_too_wide) {
    return {.reason = Reason::kRowWidthWrong,
            .args = {{"found", absl::StrCat(row.cells.size())}, {"expected", absl::StrCat(layout_.width)}}};
  }
  const bool has_key = key.code == nullptr ? IsYear(key.tahun) : IsLikeCode(key.code->text);
  if (!has_key && IsTotal(row)) {
    return {.reason = Reason::kTotalRow, .args = {{"line", absl::StrCat(row.number)}}};
  }
  return Failure();
}

void FigureRows::ReadDefect(const Row& row) {
  IndicatorValue& value = Add(row, KeyOf(row), layout_.values.front());
  const std::string line = absl::StrCat(row.number);
  switch (row.defect) {
    case RowDefect::kQuoteUnpaired:
      value.finding = {.reason = Reason::kQuoteUnpaired, .args = {{"line", line}}};
      return;
    case RowDefect::kCellTooLong:
      value.finding = {.reason = Reason::kRowMalformed, .args = {{"line", line}, {"detail", "cell > limit"}}};
      return;
    case RowDefect::kTooManyCells:
    case RowDefect::kNone:
      value.finding = {.reason = Reason::kRowMalformed,
                       .args = {{"line", line}, {"detail", "cells > limit"}}};
  }
}

IndicatorValue& FigureRows::Add(const Row& row, const Key& key, const ValueColumn& column) {
  IndicatorValue& value = values_.emplace_back();
  value.position = static_cast<int64_t>(values_.size());
  value.kodeindikator = key.code == nullptr ? mapping_.kodeindikator : key.code->text;
  value.kodepemda = RegionOf(key.kodepemda);
  value.tahun = key.tahun.empty() ? column.year : key.tahun;
  value.satuan = key.unit == nullptr ? base::SharedText() : Unit(key.unit->text);
  value.line = row.number;
  value.column_number = static_cast<int32_t>(column.column) + 1;
  value.column = column.heading;
  value.sheet = sheet_;
  return value;
}

void FigureRows::ReadValue(const Row& row, const Key& key, const ValueColumn& column) {
  const Cell& cell = CellAt(row, column.column);
  const bool has_code = key.code == nullptr || !key.code->text.empty() || key.Error() != nullptr;
  if (!has_code && !HoldsFigure(cell)) return;
  const bool is_copy = cell.is_merged_copy && !IsNothing(cell);
  if (is_copy && key.AllOf(&Cell::is_merged_copy)) return;
  if (is_copy) AccuseOwner(row, column, cell.text);
  IndicatorValue& value = Add(row, key, column);
  value.raw_value = cell.text;
  value.is_exact = cell.kind == CellKind::kNumber;
  if (!has_code) {
    value.finding = Finding(Reason::kIndicatorCodeMissing, cell.text);
  } else if (const Cell* error = key.Error(); error != nullptr) {
    value.finding = Finding(Reason::kCellError, error->text);
  } else if (Failure finding = FindingOfCell(cell, key); !finding.ok() && JudgeKey(value).ok()) {
    value.finding = std::move(finding);
  }
  if (!is_copy) owners_[static_cast<size_t>(&column - layout_.values.data())] = values_.size();
}

Failure FigureRows::FindingOfCell(const Cell& cell, const Key& key) const {
  if (IsNothing(cell)) return Failure();
  if (cell.is_hidden || key.AnyOf(&Cell::is_hidden)) return Finding(Reason::kValueHidden, cell.text);
  if (cell.is_merged_copy) return Finding(Reason::kValueMerged, cell.text);
  switch (cell.kind) {
    case CellKind::kError:
      return Finding(Reason::kCellError, cell.text);
    case CellKind::kDate:
    case CellKind::kBoolean:
      return Finding(Reason::kNumberInvalid, cell.text);
    case CellKind::kNumber:
      if (cell.shown.empty() || cell.shown == cell.text) return Failure();
      return {.reason = Reason::kNumberAmbiguous,
              .args = {{"value", cell.shown}, {"reading_a", cell.shown}, {"reading_b", cell.text}}};
    case CellKind::kEmpty:
    case CellKind::kText:
      break;
  }
  return Failure();
}

// The figure that stands in a merged cell counts for its first row or year no more than for this one. It is
// above or to the left; where both say the same, both are doubtful.
void FigureRows::AccuseOwner(const Row& row, const ValueColumn& column, const std::string& text) {
  const auto place = static_cast<size_t>(&column - layout_.values.data());
  for (size_t i = 0; i <= place; ++i) {
    if (owners_[i] == 0) continue;
    IndicatorValue& owner = values_[owners_[i] - 1];
    const bool is_beside = i == place || owner.line == row.number;
    if (is_beside && owner.finding.ok() && owner.raw_value == text) {
      owner.finding = Finding(Reason::kValueMerged, text);
    }
  }
}

base::SharedText FigureRows::Unit(const std::string& text) {
  if (IsAbsentMarker(text)) return base::SharedText();
  const auto known = units_.find(text);
  if (known != units_.end()) return known->second;
  if (units_.size() >= kMostUnits) return text;
  return units_.emplace(text, text).first->second;
}

bool NumbersColumns(const Row& row) {
  int count = 0;
  for (const Cell& cell : row.cells) {
    if (cell.text.empty() || cell.is_merged_copy) continue;
    absl::string_view text = cell.text;
    absl::ConsumePrefix(&text, "(");
    absl::ConsumeSuffix(&text, ")");
    text = absl::StripAsciiWhitespace(text.substr(0, text.find('=')));  // `5=4/3`: how it is computed.
    int number = 0;
    if (!absl::SimpleAtoi(text, &number) || number != ++count) return false;
  }
  return count > 1;
}

}  // namespace satudata::catalog
