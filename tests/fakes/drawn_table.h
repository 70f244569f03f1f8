// File: drawn_table.h
//
// Tables drawn in a test's text, one line a row:
//
//   == Data ==
//   Kode Indikator | Tahun | Nilai
//   1.02.000318    | #2024 | #0.45~45
//
// Before a cell's text: `#` a number (after `~` what it shows), `@` a date, `!` an error, `?` a boolean, and
// before these `^` a copy of a merged cell and `%%` a hidden one. A sheet is named `== x ==`, or `== x ==
// hidden`. A line with nothing in it is an empty row.
#ifndef TESTS_FAKES_DRAWN_TABLE_H_
#define TESTS_FAKES_DRAWN_TABLE_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "tests/fakes/fake_table.h"

namespace satudata::tables {

inline Cell DrawnCell(absl::string_view text) {
  text = absl::StripAsciiWhitespace(text);
  if (absl::ConsumePrefix(&text, "%%")) return Hidden(DrawnCell(text));
  if (absl::ConsumePrefix(&text, "^")) return Copy(DrawnCell(text));
  if (absl::ConsumePrefix(&text, "@")) return Date(std::string(text));
  if (absl::ConsumePrefix(&text, "!")) return Error(std::string(text));
  if (absl::ConsumePrefix(&text, "?")) return Boolean(std::string(text));
  if (!absl::ConsumePrefix(&text, "#")) return Text(std::string(text));
  const std::pair<std::string, std::string> parts = absl::StrSplit(text, absl::MaxSplits('~', 1));
  return Number(parts.first, parts.second);
}

inline std::vector<FakeSheet> DrawnSheets(absl::string_view text) {
  std::vector<FakeSheet> sheets;
  std::vector<std::vector<Cell>> rows;
  Sheet sheet;
  const auto finish = [&] {
    sheets.push_back(MakeSheet(sheet.name, std::exchange(rows, {})));
    sheets.back().sheet = sheet;
  };
  bool is_begun = false;
  for (absl::string_view line : absl::StrSplit(absl::StripPrefix(text, "\n"), '\n')) {
    if (absl::StartsWith(line, "== ")) {
      if (std::exchange(is_begun, true)) finish();
      const size_t end = line.find(" ==", 3);
      sheet = {.name = std::string(line.substr(3, end - 3)), .is_hidden = absl::EndsWith(line, "hidden")};
      continue;
    }
    is_begun = true;
    std::vector<Cell>& cells = rows.emplace_back();
    for (absl::string_view cell : absl::StrSplit(line, '|')) cells.push_back(DrawnCell(cell));
  }
  finish();
  return sheets;
}

}  // namespace satudata::tables

#endif  // TESTS_FAKES_DRAWN_TABLE_H_
