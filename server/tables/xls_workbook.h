// File: xls_workbook.h
//
// What the first part of an Excel 97 workbook stream says: sheets, number formats, shared texts.
#ifndef SERVER_TABLES_XLS_WORKBOOK_H_
#define SERVER_TABLES_XLS_WORKBOOK_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "server/tables/biff_records.h"
#include "server/tables/limits.h"
#include "server/tables/number_format.h"
#include "server/tables/number_text.h"
#include "server/tables/table.h"
#include "server/tables/text_table.h"

namespace satudata::tables {

struct XlsWorkbook {
  struct SheetPart {
    Sheet sheet;
    int64_t position = 0;
  };
  std::vector<SheetPart> sheets;  // As their tabs stand; without charts and macros.
  DateSystem date_system = DateSystem::k1900;
  std::vector<NumberFormat> formats;  // By a cell's style.
};

// From the beginning of `records`. PERMISSION_DENIED where it is encrypted, UNIMPLEMENTED for what Excel
// wrote before 1997.
absl::StatusOr<XlsWorkbook> ReadXlsWorkbook(BiffRecords& records, const TableLimits& limits,
                                            TextTable& texts);

}  // namespace satudata::tables

#endif  // SERVER_TABLES_XLS_WORKBOOK_H_
