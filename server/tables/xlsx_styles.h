// File: xlsx_styles.h
//
// The number formats of an XLSX file.
#ifndef SERVER_TABLES_XLSX_STYLES_H_
#define SERVER_TABLES_XLSX_STYLES_H_

#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/tables/limits.h"
#include "server/tables/number_format.h"
#include "server/tables/zip_archive.h"

namespace satudata::tables {

// By a cell's style.
absl::StatusOr<std::vector<NumberFormat>> ReadXlsxStyles(ZipArchive& archive, absl::string_view part,
                                                         const TableLimits& limits);

}  // namespace satudata::tables

#endif  // SERVER_TABLES_XLSX_STYLES_H_
