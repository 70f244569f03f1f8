#include "clients/cli/table.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "clients/cli/text.h"

namespace satudata::cli {

Table::Table(std::vector<Column> columns, const Style& style)
    : columns_(std::move(columns)), style_(style), widths_(columns_.size(), 0) {}

void Table::Add(std::vector<Cell> row) {
  for (size_t i = 0; i < row.size(); ++i) {
    row[i].text = Printable(row[i].text);
    if (i + 1 < columns_.size()) row[i].text = Fit(row[i].text, columns_[i].widest);
  }
  rows_.push_back(std::move(row));
}

void Table::Widen(const std::vector<Cell>& row) {
  for (size_t i = 0; i < widths_.size(); ++i) widths_[i] = std::max(widths_[i], DisplayWidth(row[i].text));
}

void Table::AppendRow(const std::vector<Cell>& row, std::string* text) const {
  for (size_t i = 0; i < row.size(); ++i) {
    const bool last = i + 1 == row.size();
    std::string cell = columns_[i].align == Align::kRight ? PadLeft(row[i].text, widths_[i])
                       : last                             ? row[i].text
                                                          : PadRight(row[i].text, widths_[i]);
    *text += Paint(style_, row[i].colour, cell);
    if (!last) *text += "  ";
  }
  absl::StripTrailingAsciiWhitespace(text);
  *text += '\n';
}

std::string Table::Take() {
  if (rows_.empty()) return "";
  std::vector<Cell> headings;
  for (const Column& column : columns_) headings.push_back({column.heading, Colour::kFaint});
  Widen(headings);
  for (const std::vector<Cell>& row : rows_) Widen(row);
  std::string text;
  if (heading_ == Heading::kDue) AppendRow(headings, &text);
  heading_ = Heading::kWritten;
  for (const std::vector<Cell>& row : rows_) AppendRow(row, &text);
  rows_.clear();
  return text;
}

}  // namespace satudata::cli
