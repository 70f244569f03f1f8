// File: units.h
//
// Units of measurement, however they are spelled. Pure and thread-safe.
#ifndef SERVER_CATALOG_UNITS_H_
#define SERVER_CATALOG_UNITS_H_

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"

namespace satudata::catalog {

// Another spelling, and one that is known or that the target uses: {"kab./kot.", "Kabupaten/Kota"}.
using UnitAlias = std::pair<std::string, std::string>;

class Units {
 public:
  Units() : Units(std::vector<UnitAlias>()) {}
  // `more` comes on top of the spellings that are known (units.cc).
  explicit Units(const std::vector<UnitAlias>& more);

  // Whether both spell one unit. Case, blanks and most punctuation do not matter; parts of a quotient
  // (`ku/ha`, `kg per kapita per tahun`) are compared one by one; what stands in parentheses must say the
  // same (`hektare (ha)`), else it is part of the unit (`orang (ribu)`). Nothing is converted.
  bool AreSame(absl::string_view a, absl::string_view b) const;

 private:
  std::string Canonical(absl::string_view unit) const;
  std::string CanonicalPart(const std::string& normal) const;

  std::map<std::string, std::string> canonical_;
};

}  // namespace satudata::catalog

#endif  // SERVER_CATALOG_UNITS_H_
