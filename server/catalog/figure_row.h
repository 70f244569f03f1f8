// File: figure_row.h
//
// The values of one row of a table. What ReadFigures (figures.h) says of rows is done here.
#ifndef SERVER_CATALOG_FIGURE_ROW_H_
#define SERVER_CATALOG_FIGURE_ROW_H_

#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "server/base/shared_text.h"
#include "server/catalog/catalog_file.h"
#include "server/catalog/file_mapping.h"
#include "server/catalog/table_layout.h"
#include "server/tables/table.h"

namespace satudata::catalog {

// For one table. Not thread-safe.
class FigureRows {
 public:
  // All must outlive it. Values go to the end of `values`.
  FigureRows(const TableLayout& layout, const FileMapping& mapping, const base::SharedText& sheet,
             std::vector<IndicatorValue>& values);

  void Read(const tables::Row& row);

 private:
  struct Key;

  Key KeyOf(const tables::Row& row) const;
  bool SaysNothing(const tables::Row& row, const Key& key) const;
  void ReadValue(const tables::Row& row, const Key& key, const ValueColumn& column);
  void ReadDefect(const tables::Row& row);
  Failure FindingOfRow(const tables::Row& row, const Key& key) const;
  Failure FindingOfCell(const tables::Cell& cell, const Key& key) const;
  void AccuseOwner(const tables::Row& row, const ValueColumn& column, const std::string& text);
  IndicatorValue& Add(const tables::Row& row, const Key& key, const ValueColumn& column);
  base::SharedText Unit(const std::string& text);

  const TableLayout& layout_;
  const FileMapping& mapping_;
  const base::SharedText& sheet_;
  std::vector<IndicatorValue>& values_;
  absl::flat_hash_map<std::string, base::SharedText> units_;
  std::vector<size_t>
      owners_;  // By column of values: the last that had a figure of its own, from 1; 0: none.
};

// The row below the headings that numbers the columns: `(1) (2) (3)`.
bool NumbersColumns(const tables::Row& row);

}  // namespace satudata::catalog

#endif  // SERVER_CATALOG_FIGURE_ROW_H_
