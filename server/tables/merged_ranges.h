// File: merged_ranges.h
//
// The merged ranges of a sheet: every cell of one says what its first cell says.
#ifndef SERVER_TABLES_MERGED_RANGES_H_
#define SERVER_TABLES_MERGED_RANGES_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "server/tables/limits.h"
#include "server/tables/table.h"

namespace satudata::tables {

// Rows and columns are from 0. Not thread-safe.
class MergedRanges {
 public:
  struct Range {
    int64_t first_row = 0;
    int64_t last_row = 0;
    size_t first_column = 0;
    size_t last_column = 0;
  };

  explicit MergedRanges(const TableLimits& limits) : limits_(limits) {}

  // Forgets the ranges of the sheet before. How much was copied counts for the file.
  void Clear();
  // RESOURCE_EXHAUSTED where there are too many.
  absl::Status Add(const Range& range);
  // After the last Add: columns at or beyond `width` have nothing in any row and are left alone.
  void Prepare(size_t width);
  bool empty() const { return ranges_.empty(); }

  // Puts copies into a row, which comes behind those filled before and has cells of its own. What is hidden
  // by its place is for the caller to mark after it. RESOURCE_EXHAUSTED where copies are too many or too
  // long.
  absl::Status Fill(Row& row);

 private:
  struct Active {
    Range range;
    Cell first;
  };

  absl::Status FillFrom(const Active& active, Row& row);
  absl::Status Begin(const Range& range, const Row& row);

  const TableLimits limits_;
  std::vector<Range> ranges_;  // By their first rows.
  size_t next_ = 0;
  std::vector<Active> active_;
  size_t active_bytes_ = 0;
  size_t row_bytes_ = 0;
  int64_t copies_ = 0;
};

}  // namespace satudata::tables

#endif  // SERVER_TABLES_MERGED_RANGES_H_
