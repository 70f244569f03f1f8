// File: open_table.h
//
// The reader for a file, whatever it is called.
#ifndef SERVER_TABLES_OPEN_TABLE_H_
#define SERVER_TABLES_OPEN_TABLE_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "server/tables/delimited_reader.h"
#include "server/tables/file_kind.h"
#include "server/tables/limits.h"
#include "server/tables/table.h"

namespace satudata::tables {

struct OpenOptions {
  TableLimits limits;
  HeadingRanker rank_headings;       // Default: none; the delimiter of a text is then told by its rows alone.
  std::string temp_folder = "/tmp";  // Default: /tmp. For an unnamed file where a workbook has many texts.
};

// Reads by the bytes what kind it is. `fd` stays the caller's, and its position is neither used nor moved.
// UNIMPLEMENTED for what is no table (IsTable), whose message is `no table: ` and the extension of its kind;
// PERMISSION_DENIED for an encrypted workbook.
absl::StatusOr<std::unique_ptr<TableReader>> OpenTable(int fd, const OpenOptions& options);

}  // namespace satudata::tables

#endif  // SERVER_TABLES_OPEN_TABLE_H_
