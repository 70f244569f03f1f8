// File: random_book.h
//
// A random table as people keep it in a workbook: on several sheets, with numbers under formats and among
// texts, some of it hidden, some merged; and why a figure must not be read then.
#ifndef TESTS_UNIT_SERVER_CATALOG_RANDOM_BOOK_H_
#define TESTS_UNIT_SERVER_CATALOG_RANDOM_BOOK_H_

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "server/catalog/failure.h"
#include "tests/unit/server/catalog/random_table.h"
#include "tests/unit/server/tables/workbook.h"

namespace satudata::catalog {

// A figure as a program shows it: 1234567.5 as 1.234.567,5 where these are the marks.
inline std::string Shown(const std::string& canonical, const std::string& group, const std::string& decimal) {
  const size_t point = std::min(canonical.find('.'), canonical.size());
  std::string whole = canonical.substr(0, point);
  const size_t first = whole[0] == '-' ? 1 : 0;
  for (size_t at = whole.size(); !group.empty() && at > first + 3;) whole.insert(at -= 3, group);
  return point == canonical.size() ? whole : absl::StrCat(whole, decimal, canonical.substr(point + 1));
}

// Why a figure may be refused, and whether it has to be.
struct Doubt {
  std::set<Reason> reasons;
  bool is_sure = false;
};

class RandomBook {
 public:
  RandomBook(const RandomTable& table, Dice& dice) : table_(table), dice_(dice) {
    for (const Format& format : kFormats) book_.formats.emplace_back(format.code);
    if (dice_.OneIn(3)) AddNotes();
    const size_t rows = table_.rows.size();
    const size_t end = rows > 3 && dice_.OneIn(3) ? 2 + dice_.Below(rows - 3) : rows;
    AddSheet("Data", 1, end);
    if (end < rows) AddSheet("Lanjutan", end, rows);
  }

  const tables::StoredBook& book() const { return book_; }
  const std::map<std::string, Doubt>& doubts() const { return doubts_; }  // By RandomTable::KeyOf.

 private:
  enum class Effect { kNone, kShowsAnother, kShowsNothing };
  struct Format {
    const char* code;
    Effect effect;
  };
  static constexpr Format kFormats[] = {{"0", Effect::kNone},
                                        {"#,##0.00", Effect::kNone},
                                        {"[$-421]#,##0.0", Effect::kNone},
                                        {"\"Rp\"\\ #,##0;[Red]-#,##0", Effect::kNone},
                                        {"0.00E+00", Effect::kNone},
                                        {"0.00%", Effect::kShowsAnother},
                                        {"#,##0,", Effect::kShowsAnother},
                                        {";;;", Effect::kShowsNothing}};

  void AddNotes() {
    book_.sheets.push_back(
        {.name = "Catatan",
         .is_hidden = dice_.OneIn(2),
         .rows = {{TextCell("Catatan")}, {TextCell("Nilai 2023 direvisi"), TextCell("12,5")}}});
  }

  // The headings and these rows of the table.
  void AddSheet(const std::string& name, size_t first, size_t last) {
    tables::StoredSheet sheet = {.name = name, .is_hidden = dice_.OneIn(10)};
    has_commas_ = dice_.OneIn(2);
    is_grouped_ = dice_.OneIn(2);
    for (const std::string& title : table_.titles) sheet.rows.push_back({TextCell(title)});
    const size_t headings = sheet.rows.size();
    sheet.rows.push_back(CellsOf(0));
    for (size_t row = first; row < last; ++row) sheet.rows.push_back(CellsOf(row));
    if (sheet.is_hidden) DoubtRows(first, last, Reason::kValueHidden);
    // Where the table's rows are on the sheet: `row + headings + 1 - first`.
    if (dice_.OneIn(4)) HideRow(sheet, first + dice_.Below(last - first), headings + 1 - first);
    if (dice_.OneIn(6)) HideColumn(sheet, first, last);
    if (dice_.OneIn(3) && last - first > 1) {
      MergeDown(sheet, first + dice_.Below(last - first - 1), first, last, headings + 1 - first);
    }
    book_.sheets.push_back(std::move(sheet));
  }

  // ---- Cells ----

  tables::StoredCell::Form AnyForm() {
    using Form = tables::StoredCell::Form;
    static constexpr Form kForms[] = {Form::kPlain, Form::kOther, Form::kFormula};
    return dice_.Of(kForms);
  }
  tables::StoredCell TextCell(const std::string& text) {
    if (text.empty()) return {};
    return {.kind = tables::CellKind::kText, .text = text, .form = AnyForm()};
  }
  tables::StoredCell NumberCell(const std::string& text, size_t format = 0) {
    return {.kind = tables::CellKind::kNumber, .text = text, .form = AnyForm(), .format = format};
  }

  std::vector<tables::StoredCell> CellsOf(size_t row) {
    std::vector<tables::StoredCell> cells;
    for (size_t column = 0; column < table_.rows[row].size(); ++column) {
      const std::string& text = table_.rows[row][column].text;
      const bool is_year = text.size() == 4 && text[0] == '2';
      if (table_.IsFigure(row, column)) {
        cells.push_back(FigureCell(text, table_.KeyOf(row, column)));
      } else {
        cells.push_back(is_year && dice_.OneIn(2) ? NumberCell(text) : TextCell(text));
      }
    }
    return cells;
  }

  tables::StoredCell FigureCell(const std::string& figure, const std::string& key) {
    if (dice_.OneIn(6)) {
      AddDoubt(key, Reason::kNumberAmbiguous, false);
      return TextCell(Shown(figure, is_grouped_ ? Mark(!has_commas_) : "", Mark(has_commas_)));
    }
    if (dice_.OneIn(2)) return NumberCell(figure);
    // The odd ones are at the end.
    const size_t place = dice_.OneIn(4) ? dice_.Below(std::size(kFormats)) : dice_.Below(5);
    const Effect effect = kFormats[place].effect;
    if (effect == Effect::kShowsAnother && figure != "0") AddDoubt(key, Reason::kNumberAmbiguous, true);
    if (effect == Effect::kShowsNothing) AddDoubt(key, Reason::kValueHidden, true);
    return NumberCell(figure, place + 1);
  }
  static std::string Mark(bool is_comma) { return is_comma ? "," : "."; }

  // ---- What makes them doubtful ----

  void AddDoubt(const std::string& key, Reason reason, bool is_sure) {
    Doubt& doubt = doubts_[key];
    doubt.reasons.insert(reason);
    doubt.is_sure = doubt.is_sure || is_sure;
  }
  void DoubtRows(size_t first, size_t last, Reason reason) {
    for (size_t row = first; row < last; ++row) {
      for (size_t column = 0; column < table_.rows[row].size(); ++column) DoubtCell(row, column, reason);
    }
  }
  void DoubtCell(size_t row, size_t column, Reason reason) {
    if (table_.IsFigure(row, column)) AddDoubt(table_.KeyOf(row, column), reason, true);
  }

  void HideRow(tables::StoredSheet& sheet, size_t row, size_t shift) {
    sheet.hidden_rows.push_back(row + shift);
    DoubtRows(row, row + 1, Reason::kValueHidden);
  }

  void HideColumn(tables::StoredSheet& sheet, size_t first, size_t last) {
    const size_t hidden = dice_.Below(table_.rows[0].size());
    sheet.hidden_columns.push_back(hidden);
    if (hidden == table_.code_column || hidden == table_.year_column) {
      DoubtRows(first, last, Reason::kValueHidden);
    }
    for (size_t row = first; row < last; ++row) DoubtCell(row, hidden, Reason::kValueHidden);
  }

  // A figure with the one below it, which programs leave in its cell or take away. Whose the figure is that
  // is left nobody can tell, nor whether a like one beside it is meant.
  void MergeDown(tables::StoredSheet& sheet, size_t row, size_t first, size_t last, size_t shift) {
    const size_t column = table_.rows[0].size() - (table_.year_column ? 2 : 1);
    if (!table_.IsFigure(row, column) || !table_.IsFigure(row + 1, column)) return;
    const auto at = static_cast<int64_t>(row + shift);
    sheet.merges.push_back({at, at + 1, column, column});
    if (dice_.OneIn(2)) sheet.rows[row + shift + 1][column] = {};
    DoubtCell(row, column, Reason::kValueMerged);
    DoubtCell(row + 1, column, Reason::kValueMerged);
    // What its own format hides is hidden in the copy, too.
    for (const Reason reason : doubts_[table_.KeyOf(row, column)].reasons) DoubtCell(row + 1, column, reason);
    const std::string& merged = table_.rows[row][column].text;
    for (size_t other = first; other < last; ++other) {
      for (size_t c = 0; c < table_.rows[other].size(); ++c) {
        const bool is_like = table_.IsFigure(other, c) && table_.rows[other][c].text == merged;
        if (is_like) AddDoubt(table_.KeyOf(other, c), Reason::kValueMerged, false);
      }
    }
  }

  const RandomTable& table_;
  Dice& dice_;
  tables::StoredBook book_;
  std::map<std::string, Doubt> doubts_;
  bool has_commas_ = false;
  bool is_grouped_ = false;
};

}  // namespace satudata::catalog

#endif  // TESTS_UNIT_SERVER_CATALOG_RANDOM_BOOK_H_
