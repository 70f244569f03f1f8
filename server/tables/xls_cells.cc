#include "server/tables/xls_cells.h"

#include <cstring>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "server/tables/number_text.h"

namespace satudata::tables {
namespace {

constexpr size_t kValueAt = 6;  // Behind row, column and style.

absl::string_view ErrorText(uint8_t code) {
  switch (code) {
    case 0x00:
      return "#NULL!";
    case 0x07:
      return "#DIV/0!";
    case 0x0F:
      return "#VALUE!";
    case 0x17:
      return "#REF!";
    case 0x1D:
      return "#NAME?";
    case 0x24:
      return "#NUM!";
    default:
      return "#N/A";
  }
}

void SetBoolean(uint8_t value, Cell& cell) {
  cell.kind = CellKind::kBoolean;
  cell.text = value != 0 ? "TRUE" : "FALSE";
}

void SetError(absl::string_view text, Cell& cell) {
  cell.kind = CellKind::kError;
  cell.text.assign(text.data(), text.size());
}

void SetStyledNumber(double number, uint16_t style, const XlsWorkbook& workbook, Cell& cell) {
  const std::string decimal = DecimalText(number);
  if (decimal.empty()) return SetError("#NUM!", cell);
  const NumberFormat format = style < workbook.formats.size() ? workbook.formats[style] : NumberFormat();
  SetNumber(decimal, number, format, workbook.date_system, cell);
}

// Thirty bits of a double, or a whole number; either may stand for hundredths.
double ShortNumber(uint32_t bits) {
  double number = 0;
  if ((bits & 2U) != 0) {
    number = static_cast<double>(static_cast<int32_t>(bits) >> 2);  // NOLINT: keeps the sign.
  } else {
    const uint64_t wide = static_cast<uint64_t>(bits & ~3U) << 32U;
    std::memcpy(&number, &wide, sizeof(number));
  }
  return (bits & 1U) != 0 ? number / 100 : number;
}

enum class Result : uint8_t { kText = 0, kBoolean = 1, kError = 2, kNothing = 3, kNumber };

// Programs that cannot calculate store a zero and that it is to be calculated, always and on opening. (Some
// store an empty text and say nothing, as a formula leaves it whose result that is.)
bool IsUncalculated(const BiffRecord& record, Result result) {
  constexpr uint16_t kToBeCalculated = 3;
  return result == Result::kNumber && record.Double(kValueAt) == 0 &&
         (record.U16(14) & kToBeCalculated) == kToBeCalculated;
}

// Whether the text follows behind.
bool SetFormula(const BiffRecord& record, const XlsWorkbook& workbook, Cell& cell) {
  const bool is_number = record.U16(kValueAt + 6) != 0xFFFF;
  const auto result = is_number ? Result::kNumber : static_cast<Result>(record.U8(kValueAt));
  if (IsUncalculated(record, result)) {
    SetError("", cell);
  } else if (result == Result::kNumber) {
    SetStyledNumber(record.Double(kValueAt), record.U16(4), workbook, cell);
  } else if (result == Result::kBoolean) {
    SetBoolean(record.U8(kValueAt + 2), cell);
  } else if (result == Result::kError) {
    SetError(ErrorText(record.U8(kValueAt + 2)), cell);
  }
  return result == Result::kText;
}

void AddManyNumbers(const BiffRecord& record, const XlsWorkbook& workbook, std::vector<XlsCell>& cells) {
  constexpr size_t kStyleAndNumber = 6;
  size_t column = record.U16(2);
  for (size_t at = 4; at + kStyleAndNumber + 2 <= record.bytes.size(); at += kStyleAndNumber) {
    XlsCell& added = cells.emplace_back();
    added.column = column++;
    SetStyledNumber(ShortNumber(record.U32(at + 2)), record.U16(at), workbook, added.cell);
  }
}

}  // namespace

void SetXlsText(absl::string_view text, Cell& cell) {
  text = absl::StripAsciiWhitespace(text);
  if (text.empty()) return;
  cell.kind = CellKind::kText;
  cell.text.assign(text.data(), text.size());
}

bool HoldsCells(BiffType type) {
  switch (type) {
    case BiffType::kFormula:
    case BiffType::kManyNumbers:
    case BiffType::kRichLabel:
    case BiffType::kTextCell:
    case BiffType::kNumber:
    case BiffType::kLabel:
    case BiffType::kBooleanOrError:
    case BiffType::kShortNumber:
      return true;
    default:
      return false;
  }
}

size_t LastColumn(const BiffRecord& record) {
  const size_t first = record.U16(2);
  if (record.type != BiffType::kManyNumbers || record.bytes.size() < 12) return first;
  return first + (record.bytes.size() - 6) / 6 - 1;
}

absl::Status ReadXlsCells(const BiffRecord& record, const XlsWorkbook& workbook, const TextTable& texts,
                          std::vector<XlsCell>& cells, bool& is_text_behind) {
  is_text_behind = false;
  if (record.type == BiffType::kManyNumbers) {
    AddManyNumbers(record, workbook, cells);
    return absl::OkStatus();
  }
  XlsCell& added = cells.emplace_back();
  added.column = record.U16(2);
  std::string text;
  switch (record.type) {
    case BiffType::kTextCell:
      if (absl::Status got = texts.Get(record.U32(kValueAt), text); !got.ok()) return got;
      SetXlsText(text, added.cell);
      break;
    case BiffType::kLabel:
    case BiffType::kRichLabel:
      SetXlsText(BiffText(record.From(kValueAt + 2), record.U16(kValueAt)), added.cell);
      break;
    case BiffType::kNumber:
      SetStyledNumber(record.Double(kValueAt), record.U16(4), workbook, added.cell);
      break;
    case BiffType::kShortNumber:
      SetStyledNumber(ShortNumber(record.U32(kValueAt)), record.U16(4), workbook, added.cell);
      break;
    case BiffType::kBooleanOrError:
      if (record.U8(kValueAt + 1) == 0) {
        SetBoolean(record.U8(kValueAt), added.cell);
      } else {
        SetError(ErrorText(record.U8(kValueAt)), added.cell);
      }
      break;
    default:
      is_text_behind = SetFormula(record, workbook, added.cell);
      break;
  }
  return absl::OkStatus();
}

}  // namespace satudata::tables
