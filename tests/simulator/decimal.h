// File: decimal.h
//
// Numbers as text, compared by what they are worth. Pure functions.
#ifndef TESTS_SIMULATOR_DECIMAL_H_
#define TESTS_SIMULATOR_DECIMAL_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace satudata::simulator {

// The shortest spelling of a plain decimal ("009.50" → "9.5", "-0" → "0"); nothing when `text` is none
// (a comma, grouping, an exponent, blanks).
std::optional<std::string> CanonicalDecimal(absl::string_view text);

// Same worth; texts that are no decimals are the same only when they are equal.
bool SameValue(absl::string_view a, absl::string_view b);

// `text` with zeros behind its fraction, up to six digits ("9" → "9.000000"); anything else unchanged.
std::string PaddedDecimal(absl::string_view text);

}  // namespace satudata::simulator

#endif  // TESTS_SIMULATOR_DECIMAL_H_
