// File: csv_values.h
//
// Indicator values out of delimited text: comma, semicolon or tab, byte-order mark, quotes, UTF-8 or
// Windows-1252.
#ifndef SERVER_CATALOG_CSV_VALUES_H_
#define SERVER_CATALOG_CSV_VALUES_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/catalog/catalog_file.h"

namespace satudata::catalog {

struct CsvLimits {
  int64_t max_values = 1'000'000;    // Default: a million values.
  size_t max_cell_bytes = 32 << 10;  // Default: 32 KiB.
};

// The headings stand in the first row that is not empty (an Excel line `sep=;` may come before it), in any
// case, with or without blanks and underscores: kodeindikator (kode dssd, or kode if the others are there),
// tahun (year), nilai (data, value), and optionally kodepemda. The delimiter is the one under which they are
// found. Each further row is a value, judged (JudgeValues); a row that cannot be read is a value with a
// finding (kRowWidthWrong, kQuoteUnpaired, kRowMalformed); empty rows are passed over, and empty cells beyond
// the last heading.
//
// A table without a column of indicator codes is an ordinary dataset: no values. Fails (INVALID_ARGUMENT)
// with kColumnMissing where such a column is there and another is not, kContentUnreadable (a heading twice,
// UTF-16), and kTooManyValues. `file_name` is used in failures alone. Pure and thread-safe.
absl::StatusOr<std::vector<IndicatorValue>> ReadCsvValues(absl::string_view bytes,
                                                          absl::string_view file_name,
                                                          const CsvLimits& limits);

}  // namespace satudata::catalog

#endif  // SERVER_CATALOG_CSV_VALUES_H_
