// File: xlsx_workbook.h
//
// What the parts of an XLSX file beside its sheets say.
#ifndef SERVER_TABLES_XLSX_WORKBOOK_H_
#define SERVER_TABLES_XLSX_WORKBOOK_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "server/tables/limits.h"
#include "server/tables/number_format.h"
#include "server/tables/number_text.h"
#include "server/tables/table.h"
#include "server/tables/zip_archive.h"

namespace satudata::tables {

struct XlsxWorkbook {
  struct SheetPart {
    Sheet sheet;
    std::string part;
  };
  std::vector<SheetPart> sheets;  // As their tabs stand; without sheets of charts.
  DateSystem date_system = DateSystem::k1900;
  // Who wrote it asks for the formulas to be calculated on opening: their results are not known.
  bool asks_for_calculation = false;
  std::vector<NumberFormat> formats;  // By a cell's style.
  std::string shared_texts_part;      // Empty without any.
};

absl::StatusOr<XlsxWorkbook> ReadXlsxWorkbook(ZipArchive& archive, const TableLimits& limits);

}  // namespace satudata::tables

#endif  // SERVER_TABLES_XLSX_WORKBOOK_H_
