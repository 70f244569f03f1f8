// File: column_names.h
//
// What columns of figures are called. Headings are compared without case, blanks and punctuation (but for
// `%`, `/` and the like, which change what a column holds). Pure and thread-safe.
#ifndef SERVER_CATALOG_COLUMN_NAMES_H_
#define SERVER_CATALOG_COLUMN_NAMES_H_

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace satudata::catalog {

enum class ColumnRole { kCode, kYear, kValue, kKodepemda, kUnit };

// `kodeindikator`, `tahun`, `nilai`, `kodepemda`, `satuan`: what a failure calls the column.
absl::string_view RoleName(ColumnRole role);

// Headings that a region uses beside those that are known, each as good as the best of them.
struct ColumnAliases {
  std::vector<std::string> code;
  std::vector<std::string> year;
  std::vector<std::string> value;
  std::vector<std::string> kodepemda;
  std::vector<std::string> unit;

  // Changes whenever an alias does.
  std::string Fingerprint() const;
};

// How much a heading says; the lower, the more. kNotThis: nothing about the role.
enum class Telling { kSurely, kLikely, kWeakly, kNotThis };

class ColumnNames {
 public:
  explicit ColumnNames(const ColumnAliases& aliases);

  // `normal` is a NormalHeading.
  //
  // A code is kWeakly a `kode`: many tables have one of something else. A value is kSurely `nilai`, kLikely
  // `data`, and kWeakly `jumlah` or `angka`, which may stand beside the figure that is meant; `capaian`,
  // `realisasi` and `persentase` are never taken for it, since they may be a share of a target.
  Telling Tells(ColumnRole role, absl::string_view normal) const;
  // A heading of some figure, be it ours or a neighbour that makes a weak name doubtful.
  bool IsMeasure(absl::string_view normal) const;
  // How many of these headings are known: what tells a row of headings, and the delimiter of a text.
  int CountKnown(const std::vector<std::string>& headings) const;

 private:
  std::map<std::string, Telling> names_[5];
};

// Lower case, without blanks and punctuation.
std::string NormalHeading(absl::string_view heading);
// The year that a heading names: `2024`, `Tahun 2024`, `2024*` (provisional figures are figures). `normal` is
// a NormalHeading.
std::optional<std::string> YearOfHeading(absl::string_view normal);
// Whether a heading speaks of what is planned and not of what is.
bool SpeaksOfPlans(absl::string_view heading);

}  // namespace satudata::catalog

#endif  // SERVER_CATALOG_COLUMN_NAMES_H_
