// File: reading.h
//
// Bytes as a file, and a table as texts, for the tests of readers.
#ifndef TESTS_UNIT_SERVER_TABLES_READING_H_
#define TESTS_UNIT_SERVER_TABLES_READING_H_

#include <sys/mman.h>
#include <unistd.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "server/tables/input_file.h"
#include "server/tables/table.h"

namespace satudata::tables {

// A file without a name that holds `bytes`.
inline std::shared_ptr<const InputFile> FileOf(absl::string_view bytes) {
  const int fd = memfd_create("table", MFD_CLOEXEC);
  size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t written = write(fd, bytes.data() + done, bytes.size() - done);
    if (written <= 0) break;
    done += static_cast<size_t>(written);
  }
  std::shared_ptr<const InputFile> file = InputFile::Create(fd).value();
  close(fd);
  return file;
}

// The bytes of a text in two per character.
inline std::string Utf16Bytes(const std::u16string& units, bool is_little) {
  std::string bytes;
  for (const char16_t unit : units) {
    const char low = static_cast<char>(unit & 0xFFU);
    const char high = static_cast<char>(unit >> 8U);
    bytes += is_little ? low : high;
    bytes += is_little ? high : low;
  }
  return bytes;
}

inline absl::string_view MarkOf(RowDefect defect) {
  switch (defect) {
    case RowDefect::kNone:
      return "";
    case RowDefect::kQuoteUnpaired:
      return "!quote";
    case RowDefect::kCellTooLong:
      return "!long";
    case RowDefect::kTooManyCells:
      return "!many";
  }
  return "!";
}

// Text as it is; `n:`, `d:`, `b:`, `e:` before other kinds, `{45}` behind what is shown otherwise, `?` behind
// what is hidden and `^` behind a copy.
inline std::string TextOf(const Cell& cell) {
  static constexpr absl::string_view kMarks[] = {"", "", "n:", "d:", "b:", "e:"};
  return absl::StrCat(kMarks[static_cast<int>(cell.kind)], cell.text,
                      cell.shown.empty() ? "" : absl::StrCat("{", cell.shown, "}"), cell.is_hidden ? "?" : "",
                      cell.is_merged_copy ? "^" : "");
}

// `line:cell|cell` and the defect.
inline std::string TextOf(const Row& row) {
  return absl::StrCat(
      row.number, ":",
      absl::StrJoin(row.cells, "|",
                    [](std::string* out, const Cell& cell) { absl::StrAppend(out, TextOf(cell)); }),
      MarkOf(row.defect));
}

// The rows of this sheet, and at their end an error, if there is one.
inline std::vector<std::string> RowsOf(TableReader& reader) {
  std::vector<std::string> rows;
  Row row;
  absl::StatusOr<bool> more = reader.NextRow(row);
  for (; more.ok() && *more; more = reader.NextRow(row)) rows.push_back(TextOf(row));
  if (!more.ok()) rows.push_back(absl::StrCat("! ", more.status().ToString()));
  return rows;
}

// All sheets, each after a line `# name` with `?` for a hidden one.
inline std::vector<std::string> SheetsOf(TableReader& reader) {
  std::vector<std::string> lines;
  Sheet sheet;
  absl::StatusOr<bool> more = reader.NextSheet(sheet);
  for (; more.ok() && *more; more = reader.NextSheet(sheet)) {
    lines.push_back(absl::StrCat("# ", sheet.name, sheet.is_hidden ? "?" : ""));
    for (std::string& row : RowsOf(reader)) lines.push_back(std::move(row));
  }
  if (!more.ok()) lines.push_back(absl::StrCat("! ", more.status().ToString()));
  return lines;
}

}  // namespace satudata::tables

#endif  // TESTS_UNIT_SERVER_TABLES_READING_H_
