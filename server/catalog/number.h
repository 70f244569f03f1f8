// File: number.h
//
// Figures as Indonesian agencies write them: `2,24` is 2.24 and `1.234.567` is 1234567, while `54,852` and
// `1.234` can be read two ways and are never guessed.
#ifndef SERVER_CATALOG_NUMBER_H_
#define SERVER_CATALOG_NUMBER_H_

#include <string>
#include <variant>
#include <vector>

#include "absl/strings/string_view.h"

namespace satudata::catalog {

// How a column writes its numbers, where that is known.
enum class NumberFormat {
  kUnknown,
  kIndonesian,  // Dot groups, comma decimals.
  kEnglish,     // Comma groups, dot decimals.
};

struct AbsentNumber {};   // A nothing-here marker.
struct InvalidNumber {};  // Not a number in any reading.
struct AmbiguousNumber {  // Two readings, as canonical text.
  std::string indonesian;
  std::string english;
};
// The string is canonical: optional minus, no leading zeros, no grouping, no trailing fractional zeros, no
// exponent.
using ParsedNumber = std::variant<std::string, AbsentNumber, AmbiguousNumber, InvalidNumber>;

// Empty, `-`, `*`, `**`, `***`, `n/a`, `NULL`, "Tidak dipublikasikan" (any case, surrounding blanks ignored).
bool IsAbsentMarker(absl::string_view text);

// Pure. Under kUnknown, a text with one reading is read, one with two is AmbiguousNumber.
ParsedNumber ParseNumber(absl::string_view text, NumberFormat format);

// What the unambiguous cells of a column say about its format: kUnknown if nothing, or if they disagree.
NumberFormat InferNumberFormat(const std::vector<std::string>& cells);

// The canonical form of plain JSON or API decimal text (`9`, `2.240`, `1e3`): dot decimals, never grouped.
// Empty for anything else. Values are compared in this form.
std::string CanonicalDecimal(absl::string_view text);

}  // namespace satudata::catalog

#endif  // SERVER_CATALOG_NUMBER_H_
