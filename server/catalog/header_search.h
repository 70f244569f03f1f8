// File: header_search.h
//
// Finds the headings of a table of figures: below titles, in one row or over several.
#ifndef SERVER_CATALOG_HEADER_SEARCH_H_
#define SERVER_CATALOG_HEADER_SEARCH_H_

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "server/catalog/column_names.h"
#include "server/catalog/file_mapping.h"
#include "server/catalog/table_layout.h"
#include "server/tables/table.h"

namespace satudata::catalog {

// Whether something stands in `cell` that is, or was meant as, a figure: what no heading or remark is.
bool HoldsFigure(const tables::Cell& cell);

// The rows of one sheet, some of which may be looked at before they are taken. Not thread-safe.
class SheetRows {
 public:
  // `reader` must outlive it and stand at the sheet's beginning.
  explicit SheetRows(tables::TableReader& reader) : reader_(reader) {}

  // False at the sheet's end.
  absl::StatusOr<bool> Next(tables::Row& row);
  // The row that comes after `ahead` others; null where the sheet ends before it.
  absl::StatusOr<const tables::Row*> Peek(size_t ahead);

 private:
  tables::TableReader& reader_;
  std::deque<tables::Row> ahead_;
  bool is_at_end_ = false;
};

// The headings of one table.
struct Header {
  TableLayout layout;
  // Its rows, to know them again further down.
  std::vector<std::vector<std::string>> rows;
};

struct HeaderSearch {
  std::optional<Header> header;
  // Why there is none, from the row that came nearest to one; kNone where none came near.
  LayoutProblem problem;
  int64_t problem_row = 0;
};

// Takes rows up to and with the headings, which are looked for in the first 50 rows, or in `mapping`'s.
//
// Headings may go on in the rows below: where a row without a code names columns that the one above it left
// empty or merged (`Tahun` above 2020, 2021), they are read together, column by column. A row above that
// speaks of plans (`Target` above 2024) is part of them as well.
absl::StatusOr<HeaderSearch> FindHeader(SheetRows& rows, const ColumnNames& names,
                                        const FileMapping& mapping);

// The headings that begin with `row`, which was taken from `rows`; what they go on in is taken from them.
absl::StatusOr<HeaderSearch> HeaderAt(const tables::Row& row, const std::vector<std::string>& above,
                                      SheetRows& rows, const ColumnNames& names, const FileMapping& mapping);

}  // namespace satudata::catalog

#endif  // SERVER_CATALOG_HEADER_SEARCH_H_
