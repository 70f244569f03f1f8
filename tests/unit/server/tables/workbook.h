// File: workbook.h
//
// Workbooks of either format, out of what a test says of their cells.
#ifndef TESTS_UNIT_SERVER_TABLES_WORKBOOK_H_
#define TESTS_UNIT_SERVER_TABLES_WORKBOOK_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "server/tables/merged_ranges.h"
#include "server/tables/table.h"

namespace satudata::tables {

struct StoredCell {
  enum class Form {
    kPlain,    // A number as it is, or a shared text.
    kOther,    // A number with an exponent or in thirty bits, or a text that only this cell has.
    kFormula,  // The result of a formula.
  };
  CellKind kind = CellKind::kEmpty;  // kText and kNumber besides.
  std::string text;                  // A number's in plain decimals.
  Form form = Form::kPlain;
  size_t format = 0;  // Which of the workbook's, from 1; 0: the general one.
};

// Rows and columns are counted from 0.
struct StoredSheet {
  std::string name;
  bool is_hidden = false;
  std::vector<std::vector<StoredCell>> rows;
  std::vector<size_t> hidden_rows;
  std::vector<size_t> hidden_columns;
  std::vector<MergedRanges::Range> merges;
};

struct StoredBook {
  std::vector<StoredSheet> sheets;
  std::vector<std::string> formats;
};

// Both are written out here and share nothing with what reads them.
std::string WriteXlsx(const StoredBook& book);
// Excel 97: at most some 60 KiB. Its shared texts are cut into short records, in the middle of characters'
// runs.
std::string WriteXls(const StoredBook& book);

std::u16string Utf16Of(absl::string_view utf8);

}  // namespace satudata::tables

#endif  // TESTS_UNIT_SERVER_TABLES_WORKBOOK_H_
