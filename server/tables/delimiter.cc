#include "server/tables/delimiter.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/strip.h"
#include "server/base/text_encoding.h"
#include "server/tables/delimited_row.h"

namespace satudata::tables {
namespace {

// In the order in which equals are preferred. Where figures have decimal commas a semicolon parts them.
constexpr absl::string_view kDelimiters = ";,\t|";
// Titles and empty rows stand before headings; behind these rows they are not looked for.
constexpr int kSampledRows = 30;

struct Fitness {
  int known = 0;
  int alike = 0;
  size_t width = 0;

  friend bool operator<(const Fitness& a, const Fitness& b) {
    return std::tie(a.known, a.alike, a.width) < std::tie(b.known, b.alike, b.width);
  }
};

std::vector<std::string> Texts(const Row& row) {
  std::vector<std::string> texts;
  for (const Cell& cell : row.cells) texts.push_back(base::ToUtf8(cell.text));
  while (!texts.empty() && texts.back().empty()) texts.pop_back();
  return texts;
}

// The width that most rows have, and how many have it; the wider of equals.
void RateWidths(const std::map<size_t, int>& widths, Fitness& fitness) {
  for (const auto& [width, rows] : widths) {
    if (width < 2 || rows < fitness.alike) continue;
    fitness.alike = rows;
    fitness.width = width;
  }
}

Fitness Rate(char delimiter, absl::string_view text, bool is_all, const TableLimits& limits,
             const std::function<int(const std::vector<std::string>&)>& ranker) {
  RowSplitter splitter(delimiter, limits);
  Fitness fitness;
  std::map<size_t, int> widths;
  Row row;
  for (int sampled = 0; sampled < kSampledRows && !text.empty() && splitter.Split(text, is_all, row);) {
    const bool is_whole = row.defect == RowDefect::kNone;
    text.remove_prefix(is_whole ? splitter.size() : BehindLine(text, 0));
    const std::vector<std::string> texts = Texts(row);
    if (texts.empty()) continue;
    ++sampled;
    if (is_whole) ++widths[row.cells.size()];
    if (ranker) fitness.known = std::max(fitness.known, ranker(texts));
  }
  RateWidths(widths, fitness);
  return fitness;
}

}  // namespace

std::optional<char> TakeSeparatorLine(absl::string_view& text) {
  if (!absl::StartsWithIgnoreCase(text, "sep=") || text.size() < 6) return std::nullopt;
  const char separator = text[4];
  absl::string_view rest = text.substr(5);
  if (!absl::ConsumePrefix(&rest, "\r\n") && !absl::ConsumePrefix(&rest, "\n")) return std::nullopt;
  if (!absl::StrContains(kDelimiters, separator)) return std::nullopt;
  text = rest;
  return separator;
}

char SniffDelimiter(absl::string_view text, bool is_all, const TableLimits& limits,
                    const std::function<int(const std::vector<std::string>& cells)>& ranker) {
  char best = ',';
  Fitness best_fitness;
  for (const char delimiter : kDelimiters) {
    const Fitness fitness = Rate(delimiter, text, is_all, limits, ranker);
    if (!(best_fitness < fitness)) continue;
    best_fitness = fitness;
    best = delimiter;
  }
  return best;
}

}  // namespace satudata::tables
