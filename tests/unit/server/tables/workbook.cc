#include "tests/unit/server/tables/workbook.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <optional>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "tests/unit/server/tables/package.h"

namespace satudata::tables {
namespace {

using Form = StoredCell::Form;

double NumberOf(const StoredCell& cell) { return std::strtod(cell.text.c_str(), nullptr); }

std::string Escaped(absl::string_view text) {
  return absl::StrReplaceAll(text, {{"&", "&amp;"}, {"<", "&lt;"}, {">", "&gt;"}, {"\"", "&quot;"}});
}

// ---- XLSX ----

class XlsxWriter {
 public:
  explicit XlsxWriter(const StoredBook& book) : book_(book) {}

  std::string Write() {
    constexpr absl::string_view kKinds =
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships/";
    Parts parts;
    std::string sheets, relations;
    for (size_t i = 0; i < book_.sheets.size(); ++i) {
      const StoredSheet& sheet = book_.sheets[i];
      const std::string name = absl::StrCat("worksheets/sheet", i + 1, ".xml");
      absl::StrAppend(&sheets, "<sheet name=\"", Escaped(sheet.name), "\" sheetId=\"", i + 1,
                      sheet.is_hidden ? "\" state=\"hidden" : "", "\" r:id=\"s", i, "\"/>");
      absl::StrAppend(&relations, "<Relationship Id=\"s", i, "\" Type=\"", kKinds, "worksheet\" Target=\"",
                      name, "\"/>");
      parts.emplace_back(absl::StrCat("xl/", name), SheetOf(sheet));
    }
    absl::StrAppend(&relations, "<Relationship Id=\"t\" Type=\"", kKinds,
                    "sharedStrings\" Target=\"sharedStrings.xml\"/><Relationship Id=\"f\" Type=\"", kKinds,
                    "styles\" Target=\"styles.xml\"/>");
    parts.emplace_back("xl/workbook.xml",
                       absl::StrCat("<workbook xmlns:r=\"u\"><sheets>", sheets, "</sheets></workbook>"));
    parts.emplace_back("xl/_rels/workbook.xml.rels",
                       absl::StrCat("<Relationships>", relations, "</Relationships>"));
    parts.push_back(SharedTexts(texts_));
    std::vector<std::string> formats;
    for (const std::string& format : book_.formats) formats.push_back(Escaped(format));
    parts.push_back(Styles(formats));
    return MakeXlsx("", parts);
  }

 private:
  std::string SheetOf(const StoredSheet& sheet) {
    std::string columns, rows, merges;
    for (const size_t column : sheet.hidden_columns) {
      absl::StrAppend(&columns, "<col min=\"", column + 1, "\" max=\"", column + 1, "\" hidden=\"1\"/>");
    }
    for (size_t row = 0; row < sheet.rows.size(); ++row) {
      absl::StrAppend(&rows, "<row r=\"", row + 1,
                      absl::c_linear_search(sheet.hidden_rows, row) ? "\" hidden=\"1\">" : "\">");
      for (size_t column = 0; column < sheet.rows[row].size(); ++column) {
        absl::StrAppend(&rows, CellOf(sheet.rows[row][column], absl::StrCat(ColumnLetters(column), row + 1)));
      }
      absl::StrAppend(&rows, "</row>");
    }
    for (const MergedRanges::Range& range : sheet.merges) {
      absl::StrAppend(&merges, "<mergeCell ref=\"", ColumnLetters(range.first_column), range.first_row + 1,
                      ":", ColumnLetters(range.last_column), range.last_row + 1, "\"/>");
    }
    return absl::StrCat("<worksheet>", columns.empty() ? "" : absl::StrCat("<cols>", columns, "</cols>"),
                        "<sheetData>", rows, "</sheetData>",
                        merges.empty() ? "" : absl::StrCat("<mergeCells>", merges, "</mergeCells>"),
                        "</worksheet>");
  }

  std::string CellOf(const StoredCell& cell, const std::string& place) {
    const std::string head = absl::StrCat("<c r=\"", place, "\" s=\"", cell.format, "\"");
    const std::string formula = cell.form == Form::kFormula ? "<f>A1</f>" : "";
    if (cell.kind == CellKind::kEmpty) return absl::StrCat(head, "/>");
    if (cell.kind == CellKind::kNumber) {
      // As Excel does, to the last bit.
      const std::string number =
          cell.form == Form::kOther ? absl::StrFormat("%.16E", NumberOf(cell)) : cell.text;
      return absl::StrCat(head, ">", formula, "<v>", number, "</v></c>");
    }
    const std::string text = Escaped(cell.text);
    if (cell.form == Form::kFormula)
      return absl::StrCat(head, " t=\"str\">", formula, "<v>", text, "</v></c>");
    if (cell.form == Form::kOther) {
      return absl::StrCat(head, " t=\"inlineStr\"><is><t>", text, "</t></is></c>");
    }
    return absl::StrCat(head, " t=\"s\"><v>", AddText(cell.text), "</v></c>");
  }

  // Every other one in pieces of several fonts.
  size_t AddText(absl::string_view text) {
    const size_t cut = count_ % 2 == 1 && text.size() > 1 && absl::ascii_isalnum(text[0]) ? 1 : 0;
    if (cut == 0) {
      absl::StrAppend(&texts_, "<si><t>", Escaped(text), "</t></si>");
    } else {
      absl::StrAppend(&texts_, "<si><r><t>", text.substr(0, cut), "</t></r><r><rPr><b/></rPr><t>",
                      Escaped(text.substr(cut)), "</t></r></si>");
    }
    return count_++;
  }

  const StoredBook& book_;
  std::string texts_;
  size_t count_ = 0;
};

// ---- XLS ----

std::string Number16(size_t number) { return U16(static_cast<uint32_t>(number)); }
std::string Number32(size_t number) { return U32(static_cast<uint32_t>(number)); }

bool IsWide(const std::u16string& units) {
  return absl::c_any_of(units, [](char16_t unit) { return unit > 0xFF; });
}

std::string UnitOf(char16_t unit, bool is_wide) {
  return is_wide ? U16(unit) : std::string(1, static_cast<char>(unit));
}

// Its length, the width of its characters, and these.
std::string TextOf(absl::string_view text) {
  const std::u16string units = Utf16Of(text);
  const bool is_wide = IsWide(units);
  std::string bytes = Number16(units.size()) + (is_wide ? '\1' : '\0');
  for (const char16_t unit : units) bytes += UnitOf(unit, is_wide);
  return bytes;
}

class SharedTextsWriter {
 public:
  size_t Add(absl::string_view text) {
    const std::u16string units = Utf16Of(text);
    const char flags = IsWide(units) ? '\1' : '\0';
    if (record_.size() + 4 > kRecordBytes) Cut();
    record_ += Number16(units.size()) + flags;
    for (const char16_t unit : units) {
      if (record_.size() + 2 > kRecordBytes) {
        Cut();
        record_ += flags;
      }
      record_ += UnitOf(unit, flags != 0);
    }
    return count_++;
  }

  std::string Records() {
    Cut();
    std::string records;
    for (size_t i = 0; i < cut_.size(); ++i) {
      const std::string counts = i == 0 ? Number32(count_) + Number32(count_) : "";
      records += Biff(i == 0 ? 0xFC : 0x3C, counts + cut_[i]);
    }
    return records;
  }

 private:
  static constexpr size_t kRecordBytes = 50;

  void Cut() {
    cut_.push_back(record_);
    record_.clear();
  }

  std::string record_;
  std::vector<std::string> cut_;
  size_t count_ = 0;
};

std::string Bits(double number) {
  std::string bytes(sizeof(number), '\0');
  std::memcpy(bytes.data(), &number, sizeof(number));
  return bytes;
}

// A whole number, or hundredths, where these say it exactly.
std::optional<uint32_t> ShortNumber(double number) {
  constexpr double kEnd = 1 << 29;
  for (const uint32_t hundredths : {0U, 1U}) {
    const double whole = std::round(hundredths == 1 ? number * 100 : number);
    if (std::abs(whole) >= kEnd || (hundredths == 1 ? whole / 100 : whole) != number) continue;
    return static_cast<uint32_t>(static_cast<int32_t>(whole)) << 2U | 2U | hundredths;
  }
  return std::nullopt;
}

class XlsWriter {
 public:
  explicit XlsWriter(const StoredBook& book) : book_(book) {}

  std::string Write() {
    std::vector<std::string> sheets;
    for (const StoredSheet& sheet : book_.sheets) sheets.push_back(SheetOf(sheet));
    const std::string texts = texts_.Records();
    // Where sheets stand is known when it is known how long the globals are.
    std::string globals = Globals(sheets, texts, 0);
    globals = Globals(sheets, texts, globals.size());
    for (const std::string& sheet : sheets) globals += sheet;
    return MakeCompound({{"Workbook", globals}});
  }

 private:
  static std::string Begin(uint32_t type) {
    return Biff(0x809, U16(0x600) + U16(type) + std::string(12, '\0'));
  }
  static std::string End() { return Biff(0x0A, ""); }

  std::string Globals(const std::vector<std::string>& sheets, const std::string& texts,
                      size_t position) const {
    std::string globals = Begin(5);
    for (size_t i = 0; i < book_.formats.size(); ++i) {
      globals += Biff(0x41E, Number16(200 + i) + TextOf(book_.formats[i]));
    }
    globals += Biff(0xE0, U16(0) + U16(0));
    for (size_t i = 0; i < book_.formats.size(); ++i) globals += Biff(0xE0, U16(0) + Number16(200 + i));
    for (size_t i = 0; i < sheets.size(); ++i) {
      const StoredSheet& sheet = book_.sheets[i];
      globals +=
          Biff(0x85, absl::StrCat(Number32(position), std::string(1, sheet.is_hidden ? '\1' : '\0'),
                                  std::string(1, '\0'), std::string(1, static_cast<char>(sheet.name.size())),
                                  std::string(1, '\0'), sheet.name));
      position += sheets[i].size();
    }
    return globals + texts + End();
  }

  std::string SheetOf(const StoredSheet& sheet) {
    std::string records = Begin(0x10);
    for (const size_t column : sheet.hidden_columns) {
      records += Biff(0x7D, Number16(column) + Number16(column) + U16(2000) + U16(0) + U16(1) + U16(0));
    }
    for (const size_t row : sheet.hidden_rows) {
      records += Biff(0x208, Number16(row) + U16(0) + U16(9) + U16(300) + U32(0) + U32(0x20));
    }
    for (size_t row = 0; row < sheet.rows.size(); ++row) {
      for (size_t column = 0; column < sheet.rows[row].size(); ++column) {
        const StoredCell& cell = sheet.rows[row][column];
        records += CellOf(cell, Number16(row) + Number16(column) + Number16(cell.format));
      }
    }
    std::string ranges;
    for (const MergedRanges::Range& range : sheet.merges) {
      ranges += U16(static_cast<uint32_t>(range.first_row)) + U16(static_cast<uint32_t>(range.last_row)) +
                Number16(range.first_column) + Number16(range.last_column);
    }
    return records + Biff(0xE5, Number16(sheet.merges.size()) + ranges) + End();
  }

  std::string CellOf(const StoredCell& cell, const std::string& place) {
    if (cell.kind == CellKind::kEmpty) return Biff(0x201, place);
    return cell.kind == CellKind::kNumber ? NumberCell(cell, place) : TextCell(cell, place);
  }

  static std::string NumberCell(const StoredCell& cell, const std::string& place) {
    const double number = NumberOf(cell);
    if (cell.form == Form::kFormula) return Biff(0x06, place + Bits(number) + U16(0) + U32(0));
    const std::optional<uint32_t> bits = ShortNumber(number);
    if (cell.form == Form::kOther && bits.has_value()) return Biff(0x27E, place + U32(*bits));
    return Biff(0x203, place + Bits(number));
  }

  std::string TextCell(const StoredCell& cell, const std::string& place) {
    if (cell.form == Form::kFormula) {
      const std::string no_number("\0\0\0\0\0\0\xFF\xFF", 8);
      return Biff(0x06, place + no_number + U16(0) + U32(0)) + Biff(0x207, TextOf(cell.text));
    }
    if (cell.form == Form::kOther) return Biff(0x204, place + TextOf(cell.text));
    return Biff(0xFD, place + Number32(texts_.Add(cell.text)));
  }

  const StoredBook& book_;
  SharedTextsWriter texts_;
};

}  // namespace

std::string WriteXlsx(const StoredBook& book) { return XlsxWriter(book).Write(); }

std::string WriteXls(const StoredBook& book) { return XlsWriter(book).Write(); }

std::u16string Utf16Of(absl::string_view utf8) {
  std::u16string units;
  for (size_t at = 0; at < utf8.size();) {
    const auto lead = static_cast<uint8_t>(utf8[at++]);
    uint32_t code = lead < 0x80U   ? lead
                    : lead < 0xE0U ? lead & 0x1FU
                    : lead < 0xF0U ? lead & 0x0FU
                                   : lead & 7U;
    for (size_t more = lead < 0xC0U ? 0 : lead < 0xE0U ? 1 : lead < 0xF0U ? 2 : 3; more > 0; --more) {
      code = code << 6U | (static_cast<uint8_t>(utf8[at++]) & 0x3FU);
    }
    if (code < 0x10000U) {
      units.push_back(static_cast<char16_t>(code));
    } else {
      units.push_back(static_cast<char16_t>(0xD800U + ((code - 0x10000U) >> 10U)));
      units.push_back(static_cast<char16_t>(0xDC00U + (code & 0x3FFU)));
    }
  }
  return units;
}

}  // namespace satudata::tables
