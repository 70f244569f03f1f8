// File: xlsx_merges.h
//
// The merged ranges of a sheet, which stand behind its cells, read before them.
#ifndef SERVER_TABLES_XLSX_MERGES_H_
#define SERVER_TABLES_XLSX_MERGES_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "server/tables/limits.h"
#include "server/tables/merged_ranges.h"
#include "server/tables/zip_archive.h"

namespace satudata::tables {

// Unpacks the sheet once, and parses it where it says something of merged cells at all: most do not, and
// looking for the word takes a fifth of the time. `ranges` are those of this sheet afterwards.
absl::Status ReadXlsxMerges(ZipArchive& archive, absl::string_view part, const TableLimits& limits,
                            MergedRanges& ranges);

}  // namespace satudata::tables

#endif  // SERVER_TABLES_XLSX_MERGES_H_
