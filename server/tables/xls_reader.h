// File: xls_reader.h
//
// Tables out of Excel 97 to 2003 workbooks: stored results of formulas, merged ranges, number formats, and
// what is hidden. Written here, since libraries for it tell none of the last three, load a workbook as a
// whole, and are not made for files that lie. Takes some 20 MiB of memory at most, for texts that cells
// share.
#ifndef SERVER_TABLES_XLS_READER_H_
#define SERVER_TABLES_XLS_READER_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "server/tables/biff_records.h"
#include "server/tables/input_file.h"
#include "server/tables/limits.h"
#include "server/tables/merged_ranges.h"
#include "server/tables/row_builder.h"
#include "server/tables/table.h"
#include "server/tables/text_table.h"
#include "server/tables/xls_cells.h"
#include "server/tables/xls_workbook.h"

namespace satudata::tables {

// A formula's zero that is marked to be calculated on opening counts as never calculated.
//
// A row with a defect has the cells before it. Rows or cells that are out of their order are DATA_LOSS. A
// file of more than 256 MiB is refused (RESOURCE_EXHAUSTED), UNIMPLEMENTED is what Excel wrote before 1997.
class XlsReader final : public TableReader {
 public:
  // `temp_folder`: see TextTable.
  static absl::StatusOr<std::unique_ptr<XlsReader>> Create(std::shared_ptr<const InputFile> file,
                                                           const TableLimits& limits,
                                                           const std::string& temp_folder);

  absl::StatusOr<bool> NextSheet(Sheet& sheet) override;
  absl::StatusOr<bool> NextRow(Row& row) override;

 private:
  XlsReader(std::unique_ptr<CompoundStream> stream, const TableLimits& limits,
            const std::string& temp_folder);

  absl::Status OpenSheet(const XlsWorkbook::SheetPart& part);
  absl::Status BeginSheet(int64_t position);
  absl::Status Look(const BiffRecord& record, size_t& width);
  absl::Status AddMerges(const BiffRecord& record);
  absl::StatusOr<bool> NextInSheet(BiffRecord& record);
  absl::StatusOr<bool> ReadRow(Row& row);
  absl::Status TakeCells(const BiffRecord& record);
  absl::Status TakeFormulaText(Cell& cell);
  void End();

  const TableLimits limits_;
  BiffRecords records_;
  XlsWorkbook workbook_;
  TextTable texts_;
  MergedRanges merges_;
  size_t next_sheet_ = 0;
  std::vector<bool> is_row_hidden_;
  std::optional<RowBuilder> rows_;  // Of this sheet.
  std::vector<XlsCell> cells_;      // Of one record.
};

}  // namespace satudata::tables

#endif  // SERVER_TABLES_XLS_READER_H_
