// File: indicator.h
//
// Codes of the national statistics list and of regions, and what must hold before a value may be sent.
#ifndef SERVER_CATALOG_INDICATOR_H_
#define SERVER_CATALOG_INDICATOR_H_

#include <vector>

#include "absl/strings/string_view.h"
#include "server/catalog/catalog_file.h"

namespace satudata::catalog {

// `^[1-9]\.\d{2}\.\d{6}$`, e.g. 1.02.000318.
bool IsNationalIndicatorCode(absl::string_view code);
// A region's own code (35.07.01.001.01, DS.…, DG.…): legitimate in the file, never pushed.
bool IsLocalIndicatorCode(absl::string_view code);
// Four digits, the first not 0.
bool IsKodepemda(absl::string_view code);
// 1945 to 2100, four digits.
bool IsYear(absl::string_view year);

// Judges codes, years and numbers of one file's values in place: sets `value` or `finding` of each. `format`
// is what the file declares; the cells of the same column settle what it leaves open. `json_numbers[i]` marks
// a value that came as a JSON number: exact as written, never ambiguous.
void JudgeValues(std::vector<IndicatorValue>& values, const std::vector<bool>& json_numbers);

}  // namespace satudata::catalog

#endif  // SERVER_CATALOG_INDICATOR_H_
