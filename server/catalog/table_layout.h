// File: table_layout.h
//
// Which columns of a table hold what, by their headings and by what a person said of the file. Pure.
#ifndef SERVER_CATALOG_TABLE_LAYOUT_H_
#define SERVER_CATALOG_TABLE_LAYOUT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/strings/string_view.h"
#include "server/base/shared_text.h"
#include "server/catalog/column_names.h"
#include "server/catalog/failure.h"
#include "server/catalog/file_mapping.h"

namespace satudata::catalog {

struct ValueColumn {
  size_t column = 0;
  std::string year;          // Of all its values; empty where each row names its own.
  base::SharedText heading;  // As it is written.
};

struct TableLayout {
  std::optional<size_t> code;  // nullopt: one code for the whole file.
  std::optional<size_t> year;
  std::optional<size_t> kodepemda;
  std::optional<size_t> unit;
  std::vector<ValueColumn> values;  // More than one: a column for each year.
  size_t width = 0;                 // Of the headings.
};

// Not a table of figures, or one that cannot be read.
struct LayoutProblem {
  Failure failure;       // kNone: these are no headings of ours.
  bool is_sure = false;  // It is a table of figures: more than its code column is there.
};

using LayoutOutcome = std::variant<TableLayout, LayoutProblem>;

// `headings` are those of columns A and on, as written; `row` is where they stand, to name them by. Without
// headings, only what the mapping says is known.
//
// A column for each year makes a table wide; else a row has one year and one value. Of two headings that say
// the same as well, neither is chosen: kColumnAmbiguous {column, cells}. kColumnMissing {column}: of what
// `mapping` does not give.
LayoutOutcome FindLayout(const std::vector<std::string>& headings, int64_t row, const ColumnNames& names,
                         const FileMapping& mapping);

}  // namespace satudata::catalog

#endif  // SERVER_CATALOG_TABLE_LAYOUT_H_
