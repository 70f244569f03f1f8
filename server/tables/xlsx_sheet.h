// File: xlsx_sheet.h
//
// The rows of one sheet of an XLSX file, one after the other.
#ifndef SERVER_TABLES_XLSX_SHEET_H_
#define SERVER_TABLES_XLSX_SHEET_H_

#include <cstdint>
#include <string>
#include <vector>

#include "server/tables/limits.h"
#include "server/tables/merged_ranges.h"
#include "server/tables/row_builder.h"
#include "server/tables/text_table.h"
#include "server/tables/xlsx_workbook.h"
#include "server/tables/xml_parser.h"

namespace satudata::tables {

// Follows the sheet's XML and pauses behind each row that has cells. Not thread-safe.
class XlsxSheet final : public XmlHandler {
 public:
  // All must outlive it.
  XlsxSheet(const XlsxWorkbook& workbook, const TextTable& texts, MergedRanges& merges, bool is_hidden,
            const TableLimits& limits);

  // After a pause.
  void TakeRow(Row& row) { rows_.TakeRow(row); }

  void OnStart(absl::string_view name, const XmlAttributes& attributes) override;
  void OnEnd() override;
  void OnText(absl::string_view piece) override;

 private:
  enum class Place {
    kNowhere,
    kDocument,
    kSheet,
    kColumns,
    kColumn,
    kData,
    kRow,
    kCell,
    kValue,
    kFormula,
    kInline,
    kRun,
    kText
  };
  static const XmlPath<Place>::Step kSteps[];

  void BeginColumn(const XmlAttributes& attributes);
  void BeginRow(const XmlAttributes& attributes);
  void BeginCell(const XmlAttributes& attributes);
  void EndCell();
  absl::Status Judge(Cell& cell);
  absl::Status JudgeValue(Cell& cell);
  void SetNumberOf(absl::string_view written, Cell& cell) const;

  const XlsxWorkbook& workbook_;
  const TextTable& texts_;
  const TableLimits& limits_;
  XmlPath<Place> path_;
  RowBuilder rows_;

  // The cell that is being read.
  std::string type_;
  size_t style_ = 0;
  std::string value_;
  bool has_value_ = false;
  bool has_formula_ = false;
};

}  // namespace satudata::tables

#endif  // SERVER_TABLES_XLSX_SHEET_H_
