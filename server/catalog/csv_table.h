// File: csv_table.h
//
// Delimited text as a table: comma, semicolon or tab, byte-order mark, Excel's line `sep=;`, quotes, UTF-8 or
// Windows-1252.
#ifndef SERVER_CATALOG_CSV_TABLE_H_
#define SERVER_CATALOG_CSV_TABLE_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "server/tables/table.h"

namespace satudata::catalog {

// How many of these cells are known as headings. Pure.
using HeadingRanker = std::function<int(const std::vector<std::string>& cells)>;

// The delimiter is the one under which most headings are known in one of the first rows; of equals the one
// under which most rows are of one width. UNIMPLEMENTED for UTF-16.
absl::StatusOr<std::unique_ptr<tables::TableReader>> OpenCsv(std::string bytes, const HeadingRanker& ranker);

}  // namespace satudata::catalog

#endif  // SERVER_CATALOG_CSV_TABLE_H_
