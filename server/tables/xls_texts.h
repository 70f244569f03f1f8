// File: xls_texts.h
//
// The texts that the cells of an Excel 97 workbook share.
#ifndef SERVER_TABLES_XLS_TEXTS_H_
#define SERVER_TABLES_XLS_TEXTS_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/tables/biff_records.h"
#include "server/tables/limits.h"
#include "server/tables/text_table.h"

namespace satudata::tables {

// `first` is the record of shared texts, and `records` are those behind it, which continue it: texts run on
// over their ends. Where they end before their number is reached, the others are missing. One that is longer
// than a cell may be becomes TooLongText.
absl::Status ReadXlsTexts(const BiffRecord& first, BiffRecords& records, const TableLimits& limits,
                          TextTable& texts);

// One text, which `first` begins with.
absl::StatusOr<std::string> ReadXlsText(const BiffRecord& first, BiffRecords& records,
                                        const TableLimits& limits);

}  // namespace satudata::tables

#endif  // SERVER_TABLES_XLS_TEXTS_H_
