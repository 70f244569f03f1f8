// File: number.h
//
// Figures as Indonesian agencies write them: `2,24` is 2.24 and `1.234.567` is 1234567, while `54,852` and
// `1.234` can be read two ways and are never guessed. The functions are pure and
// thread-safe.
//
// A figure is an optional minus (`-` or U+2212), digits that may be grouped, and optional decimals. Groups
// have three digits each, all set apart by the same mark: the format's own, or a blank of one kind (space,
// no-break space, thin space: the SI way, which both formats share). The first group has one to three digits
// and does not begin with 0, so `0,123` has one reading. Not figures: percent signs, units, exponents,
// parentheses, a plus, a decimal mark without a digit on either side, more than 40 digits, and leading zeros,
// since `007` is either a code or a figure that lost its decimal mark.
#ifndef SERVER_CATALOG_NUMBER_H_
#define SERVER_CATALOG_NUMBER_H_

#include <string>
#include <variant>

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

// Under kUnknown, a text with one reading is read and one with two different readings is AmbiguousNumber.
// Surrounding blanks are ignored.
ParsedNumber ParseNumber(absl::string_view text, NumberFormat format);

// Gathers what the cells of one column say about its format: a cell that is a number in one format alone
// (`2,24`) is evidence for it. Not thread-safe.
class FormatEvidence {
 public:
  void Note(absl::string_view cell);
  // kUnknown while there is no evidence, or when it is divided.
  NumberFormat Format() const;

 private:
  bool indonesian_ = false;
  bool english_ = false;
};

// The canonical form of plain JSON or API decimal text (`9`, `2.240`, `1e3`): dot decimals, never grouped.
// Empty for anything else, and for what would need more than 80 digits. Values are compared in this form.
std::string CanonicalDecimal(absl::string_view text);

}  // namespace satudata::catalog

#endif  // SERVER_CATALOG_NUMBER_H_
