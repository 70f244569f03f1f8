// File: xlsx_reader.h
//
// Tables out of Office Open XML workbooks: the results that were stored with their formulas, merged ranges,
// number formats, and what is hidden. Sheets of charts are left out. A file of any size takes some 30 MiB of
// memory at most, most of them for texts that cells share.
#ifndef SERVER_TABLES_XLSX_READER_H_
#define SERVER_TABLES_XLSX_READER_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "server/tables/input_file.h"
#include "server/tables/limits.h"
#include "server/tables/merged_ranges.h"
#include "server/tables/table.h"
#include "server/tables/text_table.h"
#include "server/tables/xlsx_sheet.h"
#include "server/tables/xlsx_workbook.h"
#include "server/tables/xml_entry.h"
#include "server/tables/zip_archive.h"

namespace satudata::tables {

// A formula whose result is a zero, in a workbook that asks to be calculated when it is opened, counts as
// never calculated: so write programs that cannot calculate.
//
// A row with a defect has the cells before it. Rows or cells that are out of their order are DATA_LOSS.
class XlsxReader final : public TableReader {
 public:
  // `temp_folder`: see TextTable.
  static absl::StatusOr<std::unique_ptr<XlsxReader>> Create(std::shared_ptr<const InputFile> file,
                                                            const TableLimits& limits,
                                                            const std::string& temp_folder);

  absl::StatusOr<bool> NextSheet(Sheet& sheet) override;
  absl::StatusOr<bool> NextRow(Row& row) override;

 private:
  XlsxReader(std::unique_ptr<ZipArchive> archive, const TableLimits& limits, const std::string& temp_folder);

  absl::Status OpenSheet(const XlsxWorkbook::SheetPart& part);
  void End();

  const TableLimits limits_;
  const std::unique_ptr<ZipArchive> archive_;
  XlsxWorkbook workbook_;
  TextTable texts_;
  MergedRanges merges_;
  size_t next_sheet_ = 0;
  std::unique_ptr<XlsxSheet> sheet_;
  std::unique_ptr<XmlEntry> entry_;  // Of `sheet_`, which outlives it.
};

}  // namespace satudata::tables

#endif  // SERVER_TABLES_XLSX_READER_H_
