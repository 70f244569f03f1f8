// File: tables_check.h
//
// What holds for every table that a reader gives, whatever the bytes were.
#ifndef TESTS_FUZZ_TABLES_CHECK_H_
#define TESTS_FUZZ_TABLES_CHECK_H_

#include <sys/mman.h>
#include <unistd.h>

#include <memory>

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "server/base/text_encoding.h"
#include "server/tables/input_file.h"
#include "server/tables/limits.h"
#include "server/tables/number_text.h"
#include "server/tables/table.h"
#include "tests/fuzz/check.h"

namespace satudata::tables {

constexpr TableLimits kFuzzLimits = {.max_cell_bytes = 200,
                                     .max_row_bytes = 2000,
                                     .max_cells = 300,
                                     .max_rows = 5000,
                                     .max_sheets = 10,
                                     .max_merged_ranges = 20,
                                     .max_merged_copies = 2000,
                                     .max_shared_texts = 500,
                                     .max_texts_in_memory = 100};

using fuzz::Check;

inline std::shared_ptr<const InputFile> FuzzFile(absl::string_view bytes) {
  const int fd = memfd_create("fuzz", MFD_CLOEXEC);
  Check(fd >= 0 && write(fd, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
  auto file = InputFile::Create(fd);
  close(fd);
  return *std::move(file);
}

inline void CheckCell(const Cell& cell) {
  Check(base::IsUtf8(cell.text) && base::IsUtf8(cell.shown));
  // A byte of Windows-1252 may become three.
  Check(cell.text.size() <= 3 * kFuzzLimits.max_cell_bytes || cell.kind == CellKind::kNumber);
  Check(absl::StripAsciiWhitespace(cell.text) == cell.text);
  Check(cell.kind != CellKind::kEmpty || cell.text.empty());
  Check(cell.kind != CellKind::kText || !cell.text.empty());
  Check(cell.shown.empty() || cell.kind == CellKind::kNumber);
  if (cell.kind != CellKind::kNumber) return;
  for (const std::string* text : {&cell.text, &cell.shown}) {
    Check(text->find_first_not_of("-0123456789.") == std::string::npos);
  }
  Check(!DecimalText(cell.text).empty());
}

inline void CheckRow(const Row& row, int64_t number_before) {
  Check(row.number > number_before);
  Check(row.cells.size() <= kFuzzLimits.max_cells);
  Check(!row.cells.empty() || row.defect != RowDefect::kNone);
  Check(row.cells.empty() || row.cells.back().kind != CellKind::kEmpty);
  for (const Cell& cell : row.cells) CheckCell(cell);
}

inline void CheckSheet(TableReader& reader) {
  int64_t number = 0;
  Row row;
  absl::StatusOr<bool> more = reader.NextRow(row);
  for (; more.ok() && *more; more = reader.NextRow(row)) {
    CheckRow(row, number);
    number = row.number;
  }
  Check(more.ok() || !reader.NextRow(row).value());
}

// Reads all of it.
inline void CheckTable(TableReader& reader) {
  Sheet sheet;
  size_t sheets = 0;
  absl::StatusOr<bool> more = reader.NextSheet(sheet);
  for (; more.ok() && *more; more = reader.NextSheet(sheet)) {
    Check(base::IsUtf8(sheet.name));
    Check(++sheets <= kFuzzLimits.max_sheets);
    CheckSheet(reader);
  }
  Check(more.ok() || !reader.NextSheet(sheet).value());
}

// Only what the contract names is an error; a machine's disk does not fail here.
inline void CheckError(const absl::Status& status) {
  Check(absl::IsDataLoss(status) || absl::IsPermissionDenied(status) || absl::IsResourceExhausted(status) ||
        absl::IsUnimplemented(status));
}

}  // namespace satudata::tables

#endif  // TESTS_FUZZ_TABLES_CHECK_H_
