#include "server/tables/cell_reference.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/strip.h"

namespace satudata::tables {

std::optional<CellReference> ParseCellReference(absl::string_view text) {
  absl::ConsumePrefix(&text, "$");
  size_t column = 0;
  size_t letters = 0;
  while (letters < text.size() && letters < 4 && absl::ascii_isalpha(text[letters])) {
    column = column * 26 + static_cast<size_t>(absl::ascii_toupper(text[letters]) - 'A') + 1;
    ++letters;
  }
  text.remove_prefix(letters);
  absl::ConsumePrefix(&text, "$");
  int64_t row = 0;
  const bool is_row = !text.empty() && text.size() <= 9 &&
                      std::all_of(text.begin(), text.end(), absl::ascii_isdigit) &&
                      absl::SimpleAtoi(text, &row) && row > 0;
  if (letters == 0 || letters == 4 || !is_row) return std::nullopt;
  return CellReference{row - 1, column - 1};
}

std::optional<MergedRanges::Range> ParseCellRange(absl::string_view text) {
  const size_t colon = text.find(':');
  const std::optional<CellReference> first = ParseCellReference(text.substr(0, colon));
  const std::optional<CellReference> last =
      colon == absl::string_view::npos ? first : ParseCellReference(text.substr(colon + 1));
  if (!first || !last) return std::nullopt;
  return MergedRanges::Range{first->row, last->row, first->column, last->column};
}

}  // namespace satudata::tables
