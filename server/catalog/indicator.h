// File: indicator.h
//
// Codes of the national statistics list and of regions, and what must hold before a value may be sent. Pure
// and thread-safe.
#ifndef SERVER_CATALOG_INDICATOR_H_
#define SERVER_CATALOG_INDICATOR_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "server/catalog/catalog_file.h"
#include "server/catalog/failure.h"
#include "server/catalog/number.h"

namespace satudata::catalog {

// `^[1-9]\.\d{2}\.\d{6}$`, e.g. 1.02.000318.
bool IsNationalIndicatorCode(absl::string_view code);
// A region's own code: legitimate in the file, never pushed. `DS.…` and `DG.…`, or a region code with at
// least two more groups of digits (35.07.01.001.01).
bool IsLocalIndicatorCode(absl::string_view code);
// Four digits, the first not 0.
bool IsKodepemda(absl::string_view code);
// 1945 to 2100, four digits.
bool IsYear(absl::string_view year);

// kNone if the value's codes and year are in order.
Failure JudgeKey(const IndicatorValue& value);

// As much of a cell as a failure quotes.
std::string Quoted(absl::string_view text);

// Judges codes, years and numbers of one file's values in place: sets `value` or `finding` of each. A value
// that already has a finding keeps it. What a number leaves open (`1.234`) `declared` settles, or the other
// texts of its column in its sheet; inline values are one column. Where two values have one key (kodepemda,
// kodeindikator, tahun), the second of two equal ones is a duplicate, and different ones contradict each
// other, all of them.
void JudgeValues(std::vector<IndicatorValue>& values, NumberFormat declared = NumberFormat::kUnknown);
// The same for values that were judged by another declaration before.
void JudgeValuesAgain(std::vector<IndicatorValue>& values, NumberFormat declared);

}  // namespace satudata::catalog

#endif  // SERVER_CATALOG_INDICATOR_H_
