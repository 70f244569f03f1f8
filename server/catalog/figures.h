// File: figures.h
//
// Figures out of tables: from the rows of a spreadsheet or a text to indicator values, each with its place
// and with what is wrong with it. Nothing is guessed: what can be meant in two ways is a finding.
#ifndef SERVER_CATALOG_FIGURES_H_
#define SERVER_CATALOG_FIGURES_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/catalog/catalog_file.h"
#include "server/catalog/column_names.h"
#include "server/catalog/file_mapping.h"
#include "server/tables/table.h"

namespace satudata::catalog {

struct FigureOptions {
  ColumnAliases aliases;
  int64_t max_values = 100'000;  // Default: 100,000 values of one file, each about 400 bytes.
};

// Reads every sheet, each by its own headings (header_search.h, table_layout.h). A row has one value, or one
// for each column of a year. The values are judged (JudgeValues).
//
// - Passed over: titles; rows without a code that hold remarks alone; headings that come again, and the row
//   of column numbers below them; sheets without headings of ours, if another has them. Other headings
//   further down begin another table.
// - Findings: a figure without a code (kIndicatorCodeMissing; kTotalRow where the row is a sum), a text row
// of
//   the wrong width (kRowWidthWrong) or that cannot be read (kQuoteUnpaired, kRowMalformed), an error in a
//   cell (kCellError), a figure that is hidden or whose key is (kValueHidden), one that shows as another than
//   it is (kNumberAmbiguous), a date or TRUE (kNumberInvalid), and a cell merged with another row's or
//   year's (kValueMerged): whose figure it is nobody can tell. Merged codes, years, regions and units count
//   for all their rows; a row that is nothing but the lower half of merged cells is passed over.
// - A sheet whose headings are doubtful is one finding, if another sheet has values.
//
// No values: an ordinary dataset. Fails (INVALID_ARGUMENT) with kColumnMissing where a table of figures lacks
// a column, or `mapping` names one that is not there, kColumnAmbiguous, kSheetMissing and kTooManyValues; and
// with what the reader says: kContentUnreadable, kContentEncrypted, kContentTooLarge (ReaderFailure).
// `file_name` is used in failures alone. Thread-safe; blocks as the reader does.
absl::StatusOr<std::vector<IndicatorValue>> ReadFigures(tables::TableReader& reader,
                                                        absl::string_view file_name,
                                                        const FileMapping& mapping,
                                                        const FigureOptions& options);

// What a reader's error means for `file_name`.
absl::Status ReaderFailure(const absl::Status& error, absl::string_view file_name);

}  // namespace satudata::catalog

#endif  // SERVER_CATALOG_FIGURES_H_
