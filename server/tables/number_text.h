// File: number_text.h
//
// Stored numbers as texts. Pure.
#ifndef SERVER_TABLES_NUMBER_TEXT_H_
#define SERVER_TABLES_NUMBER_TEXT_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "server/tables/number_format.h"
#include "server/tables/table.h"

namespace satudata::tables {

// Days that numbers count from.
enum class DateSystem { k1900, k1904 };

// To the 15 digits that spreadsheets guarantee, without an exponent. Empty for infinity and what is no
// number.
std::string DecimalText(double number);
// Digits as they are written where they are a whole number, else as above. Empty for anything else.
std::string DecimalText(absl::string_view written);

// `decimal`, which DecimalText made, with its point moved to the right: (`0.45`, 2) is `45`.
std::string Shifted(absl::string_view decimal, int places);

// `2024-01-31`, ` 13:45:00` behind it if it is not midnight. nullopt where spreadsheets show no date: before
// their first day and after the year 9999. 1900-02-29 is a day in them.
std::optional<std::string> DateText(double days, DateSystem system);

// A number's cell under a format. `number` is the one that `decimal` says.
void SetNumber(absl::string_view decimal, double number, const NumberFormat& format, DateSystem system,
               Cell& cell);

}  // namespace satudata::tables

#endif  // SERVER_TABLES_NUMBER_TEXT_H_
