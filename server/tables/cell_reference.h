// File: cell_reference.h
//
// `B12` and `A1:C3`. Pure.
#ifndef SERVER_TABLES_CELL_REFERENCE_H_
#define SERVER_TABLES_CELL_REFERENCE_H_

#include <cstddef>
#include <cstdint>
#include <optional>

#include "absl/strings/string_view.h"
#include "server/tables/merged_ranges.h"

namespace satudata::tables {

// From 0.
struct CellReference {
  int64_t row = 0;
  size_t column = 0;
};

// nullopt for anything else, also for what is far outside of any sheet.
std::optional<CellReference> ParseCellReference(absl::string_view text);
// A cell alone is a range of one.
std::optional<MergedRanges::Range> ParseCellRange(absl::string_view text);

}  // namespace satudata::tables

#endif  // SERVER_TABLES_CELL_REFERENCE_H_
