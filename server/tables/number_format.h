// File: number_format.h
//
// What a spreadsheet's number format makes of a number: `0.0%`, `#,##0,`, `dd/mm/yyyy`. Pure.
#ifndef SERVER_TABLES_NUMBER_FORMAT_H_
#define SERVER_TABLES_NUMBER_FORMAT_H_

#include "absl/strings/string_view.h"

namespace satudata::tables {

struct NumberFormat {
  enum class Kind { kNumber, kDate, kYear };
  Kind kind = Kind::kNumber;
  // How many places the decimal point moves to the right for what is shown: 2 for a per cent, -3 for
  // thousands.
  int shift = 0;
  // Shows nothing of a number: `;;;`.
  bool is_invisible = false;
};

// The first part of a code, which positive numbers have, says it for all. Quoted text, `[Red]`, `[$-421]`,
// `\ ` and `_)` say nothing; `[h]:mm` is a time as `hh:mm` is.
NumberFormat ParseNumberFormat(absl::string_view code);

// Of the formats that a file names by number and does not spell out.
NumberFormat BuiltInFormat(int id);

}  // namespace satudata::tables

#endif  // SERVER_TABLES_NUMBER_FORMAT_H_
