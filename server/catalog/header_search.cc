#include "server/catalog/header_search.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "server/catalog/indicator.h"
#include "server/catalog/number.h"

namespace satudata::catalog {
namespace {

using tables::Cell;
using tables::Row;

constexpr int kMostRows = 50;
// `Tahun` above 2024 above `Target`: what goes deeper is no table that we know.
constexpr size_t kMostHeaderRows = 4;
// Longer cells are prose; the head of it is enough to see that.
constexpr size_t kHeadingBytes = 250;

struct HeadCell {
  std::string text;
  bool is_copy = false;
};
using HeadRow = std::vector<HeadCell>;

std::string Shortened(const std::string& text) {
  if (text.size() <= kHeadingBytes) return text;
  size_t end = kHeadingBytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;  // Inside a character.
  return text.substr(0, end);
}

HeadRow HeadRowOf(const Row& row) {
  HeadRow head;
  head.reserve(row.cells.size());
  for (const Cell& cell : row.cells) head.push_back({Shortened(cell.text), cell.is_merged_copy});
  return head;
}

std::vector<std::string> TextsOf(const HeadRow& head) {
  std::vector<std::string> texts;
  texts.reserve(head.size());
  for (const HeadCell& cell : head) texts.push_back(cell.text);
  return texts;
}

const HeadCell& At(const HeadRow& head, size_t column) {
  static const auto* const kNothing = new HeadCell();
  return column < head.size() ? head[column] : *kNothing;
}

bool IsKnownAlone(absl::string_view text, const ColumnNames& names) {
  const std::string normal = NormalHeading(text);
  for (ColumnRole role : {ColumnRole::kCode, ColumnRole::kYear, ColumnRole::kValue, ColumnRole::kKodepemda,
                          ColumnRole::kUnit}) {
    if (names.Tells(role, normal) != Telling::kNotThis) return true;
  }
  return false;
}

bool IsAnyKnown(const HeadRow& head, const ColumnNames& names) {
  return std::any_of(head.begin(), head.end(),
                     [&names](const HeadCell& cell) { return IsKnownAlone(cell.text, names); });
}

// `upper` and `lower` read together, column by column. What stands above a column also stands above those to
// its right where nothing else does, unless these are known by themselves.
HeadRow Combined(const HeadRow& upper, const HeadRow& lower, const ColumnNames& names) {
  HeadRow combined;
  std::string group;
  for (size_t i = 0; i < std::max(upper.size(), lower.size()); ++i) {
    const HeadCell& above = At(upper, i);
    const HeadCell& below = At(lower, i);
    if (!above.text.empty()) group = below.text.empty() ? "" : above.text;
    const bool is_grouped = above.text.empty() && !below.text.empty() && !IsKnownAlone(below.text, names);
    const std::string& title = is_grouped ? group : above.text;
    if (title.empty()) {
      combined.push_back(below);
    } else if (title == below.text) {
      combined.push_back({title, above.is_copy});
    } else {
      const absl::string_view blank = below.text.empty() ? "" : " ";
      combined.push_back({absl::StrCat(title, blank, below.text), above.is_copy});
    }
  }
  return combined;
}

bool NamesCodes(const HeadCell& cell, const ColumnNames& names) {
  return names.Tells(ColumnRole::kCode, NormalHeading(cell.text)) != Telling::kNotThis;
}

// Headings with those cells of the row above that speak of plans. What stands above the codes is a title.
HeadRow WithPlansAbove(const HeadRow& head, const std::vector<std::string>& above, const ColumnNames& names) {
  HeadRow plans;
  bool has_plans = false;
  for (size_t i = 0; i < above.size(); ++i) {
    if (!above[i].empty() && NamesCodes(At(head, i), names)) return head;
    plans.push_back({SpeaksOfPlans(above[i]) ? above[i] : "", false});
    has_plans = has_plans || !plans.back().text.empty();
  }
  return has_plans ? Combined(plans, head, names) : head;
}

bool IsYearCell(const std::string& text) { return YearOfHeading(NormalHeading(text)).has_value(); }

// Whether `next` can be part of the headings at all: no code in it, and no figure but years.
bool MayContinue(const HeadRow& head, const Row& next, const ColumnNames& names) {
  if (next.defect != tables::RowDefect::kNone) return false;
  for (size_t i = 0; i < next.cells.size(); ++i) {
    const Cell& cell = next.cells[i];
    if (cell.text.empty()) continue;
    if (NamesCodes(At(head, i), names) && !cell.is_merged_copy) return false;
    if (IsNationalIndicatorCode(cell.text)) return false;
    if (HoldsFigure(cell) && !IsYearCell(cell.text)) return false;
  }
  return true;
}

// Whether `next` names columns that the headings so far leave open.
bool NamesOpenColumns(const HeadRow& head, const Row& next) {
  for (size_t i = 0; i < next.cells.size(); ++i) {
    const HeadCell& above = At(head, i);
    const bool is_open = above.text.empty() || above.is_copy;
    if (is_open && !next.cells[i].text.empty() && next.cells[i].text != above.text) return true;
  }
  return false;
}

// Whether `next` still belongs to the headings because that of the codes reaches down to it.
bool LiesBesideHeading(const HeadRow& head, const Row& next, const ColumnNames& names) {
  for (size_t i = 0; i < next.cells.size(); ++i) {
    if (NamesCodes(At(head, i), names) && next.cells[i].is_merged_copy) return true;
  }
  return false;
}

bool IsComplete(const LayoutOutcome& outcome) { return std::holds_alternative<TableLayout>(outcome); }

HeaderSearch Found(LayoutOutcome outcome, int64_t row, std::vector<std::vector<std::string>> texts) {
  HeaderSearch search;
  search.problem_row = row;
  if (IsComplete(outcome)) {
    search.header = Header{std::get<TableLayout>(std::move(outcome)), std::move(texts)};
  } else {
    search.problem = std::get<LayoutProblem>(std::move(outcome));
  }
  return search;
}

// Nothing in the file has to be found by its heading.
bool NeedsNoHeadings(const FileMapping& mapping) {
  const auto is_given = [](const std::string& column, const std::string& fixed) {
    return ColumnOfLetters(column).has_value() || (column.empty() && !fixed.empty());
  };
  return mapping.header_row == 0 && is_given(mapping.code_column, mapping.kodeindikator) &&
         is_given(mapping.year_column, mapping.tahun) && ColumnOfLetters(mapping.value_column).has_value() &&
         (mapping.kodepemda_column.empty() || ColumnOfLetters(mapping.kodepemda_column).has_value()) &&
         (mapping.unit_column.empty() || ColumnOfLetters(mapping.unit_column).has_value());
}

// Reads on to the row that a person called the headings.
absl::StatusOr<HeaderSearch> HeaderInRow(SheetRows& rows, const ColumnNames& names,
                                         const FileMapping& mapping) {
  Row row;
  while (true) {
    const absl::StatusOr<const Row*> next = rows.Peek(0);
    if (!next.ok()) return next.status();
    if (*next == nullptr || (*next)->number > mapping.header_row) row = Row();
    if (*next == nullptr || (*next)->number > mapping.header_row) break;
    if (const absl::StatusOr<bool> taken = rows.Next(row); !taken.ok()) return taken.status();
    if (row.number == mapping.header_row) break;
  }
  std::vector<std::string> texts = TextsOf(HeadRowOf(row));
  LayoutOutcome outcome = FindLayout(texts, mapping.header_row, names, mapping);
  return Found(std::move(outcome), mapping.header_row, {std::move(texts)});
}

}  // namespace

bool HoldsFigure(const Cell& cell) {
  switch (cell.kind) {
    case tables::CellKind::kEmpty:
      return false;
    case tables::CellKind::kText: {
      const ParsedNumber number = ParseNumber(cell.text, NumberFormat::kUnknown);
      return std::holds_alternative<std::string>(number) || std::holds_alternative<AmbiguousNumber>(number);
    }
    case tables::CellKind::kNumber:
    case tables::CellKind::kDate:
    case tables::CellKind::kBoolean:
    case tables::CellKind::kError:
      return true;
  }
  return true;
}

absl::StatusOr<bool> SheetRows::Next(Row& row) {
  if (!ahead_.empty()) {
    row = std::move(ahead_.front());
    ahead_.pop_front();
    return true;
  }
  if (is_at_end_) return false;
  absl::StatusOr<bool> taken = reader_.NextRow(row);
  is_at_end_ = !taken.ok() || !*taken;
  return taken;
}

absl::StatusOr<const Row*> SheetRows::Peek(size_t ahead) {
  while (ahead_.size() <= ahead && !is_at_end_) {
    Row row;
    const absl::StatusOr<bool> taken = reader_.NextRow(row);
    if (!taken.ok()) return taken.status();
    is_at_end_ = !*taken;
    if (*taken) ahead_.push_back(std::move(row));
  }
  return ahead < ahead_.size() ? &ahead_[ahead] : nullptr;
}

absl::StatusOr<HeaderSearch> HeaderAt(const Row& row, const std::vector<std::string>& above, SheetRows& rows,
                                      const ColumnNames& names, const FileMapping& mapping) {
  HeadRow head = WithPlansAbove(HeadRowOf(row), above, names);
  std::vector<std::vector<std::string>> texts = {TextsOf(HeadRowOf(row))};
  LayoutOutcome outcome = FindLayout(TextsOf(head), row.number, names, mapping);
  const bool is_ours =
      IsComplete(outcome) || (!std::get<LayoutProblem>(outcome).failure.ok() && IsAnyKnown(head, names));
  while (is_ours && texts.size() < kMostHeaderRows) {
    const absl::StatusOr<const Row*> next = rows.Peek(0);
    if (!next.ok()) return next.status();
    if (*next == nullptr || !MayContinue(head, **next, names)) break;
    const bool is_needed = NamesOpenColumns(head, **next);
    const bool is_enough = !is_needed && IsComplete(outcome);
    if (is_enough && !LiesBesideHeading(head, **next, names)) break;
    if (!is_enough) {
      HeadRow combined = Combined(head, HeadRowOf(**next), names);
      LayoutOutcome longer = FindLayout(TextsOf(combined), row.number, names, mapping);
      if (!is_needed && !IsComplete(longer)) break;
      head = std::move(combined);
      outcome = std::move(longer);
    }
    texts.push_back(TextsOf(HeadRowOf(**next)));
    Row taken;
    if (const absl::StatusOr<bool> status = rows.Next(taken); !status.ok()) return status.status();
  }
  return Found(std::move(outcome), row.number, std::move(texts));
}

absl::StatusOr<HeaderSearch> FindHeader(SheetRows& rows, const ColumnNames& names,
                                        const FileMapping& mapping) {
  if (mapping.header_row != 0) return HeaderInRow(rows, names, mapping);
  if (NeedsNoHeadings(mapping)) return Found(FindLayout({}, 0, names, mapping), 0, {});
  HeaderSearch nearest;
  std::vector<std::string> above;
  Row row;
  for (int i = 0; i < kMostRows; ++i) {
    const absl::StatusOr<bool> taken = rows.Next(row);
    if (!taken.ok()) return taken.status();
    if (!*taken) break;
    if (row.defect != tables::RowDefect::kNone) continue;
    absl::StatusOr<HeaderSearch> search = HeaderAt(row, above, rows, names, mapping);
    if (!search.ok() || search->header.has_value() || search->problem.is_sure) return search;
    if (nearest.problem.failure.ok()) nearest = *std::move(search);
    above = TextsOf(HeadRowOf(row));
  }
  return nearest;
}

}  // namespace satudata::catalog
