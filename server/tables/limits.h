// File: limits.h
//
// How much of a file a reader takes before it refuses it. Files come from outside: none of them may cost more
// memory than a reader has, or time without end.
#ifndef SERVER_TABLES_LIMITS_H_
#define SERVER_TABLES_LIMITS_H_

#include <cstddef>
#include <cstdint>

namespace satudata::tables {

struct TableLimits {
  // Default: 32 KiB, what a cell of a spreadsheet holds. A row with a longer one ends before it, with a
  // defect.
  size_t max_cell_bytes = 32 << 10;
  // Default: 1 MiB, of all cells of a row together. A row with more ends where it is reached, with a defect.
  size_t max_row_bytes = 1 << 20;
  // Default: 16,384 cells in a row, the width of a spreadsheet.
  size_t max_cells = 16'384;
  // Default: 1,048,576, the height of a spreadsheet. Text has no such limit.
  int64_t max_rows = 1'048'576;
  // Default: 1,000 sheets.
  size_t max_sheets = 1'000;
  // Default: 10,000 merged ranges in a sheet, and a million cells in a file that repeat another's content.
  size_t max_merged_ranges = 10'000;
  int64_t max_merged_copies = 1'000'000;
  // Default: 4 million texts that cells refer to, 16 MiB of which are kept in memory.
  size_t max_shared_texts = 4'000'000;
  size_t max_texts_in_memory = 16 << 20;
  // Default: 512 MiB of one entry of an archive, 1 GiB of all that are read: a few seconds' work.
  int64_t max_entry_bytes = int64_t{512} << 20;
  int64_t max_archive_bytes = int64_t{1} << 30;
  // Default: an entry beyond 32 MiB that is over 200 times smaller when compressed is a bomb. Sheets come to
  // 20 where all of their rows are alike, what deflate does to zeros is 1,030.
  int64_t max_ratio = 200;
  int64_t ratio_from_bytes = int64_t{32} << 20;
  // Default: 10,000 entries in an archive.
  size_t max_entries = 10'000;
  // Default: 64 elements inside of each other. Sheets have 7.
  size_t max_xml_depth = 64;
};

}  // namespace satudata::tables

#endif  // SERVER_TABLES_LIMITS_H_
