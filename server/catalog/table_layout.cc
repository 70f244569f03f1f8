#include "server/catalog/table_layout.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/tables/table.h"

namespace satudata::catalog {
namespace {

using Columns = std::vector<size_t>;

// As many as say what is meant; a file may have a thousand.
constexpr size_t kMostCellsNamed = 5;

class LayoutFinder {
 public:
  LayoutFinder(const std::vector<std::string>& headings, int64_t row, const ColumnNames& names,
               const FileMapping& mapping)
      : headings_(headings), row_(row), names_(names), mapping_(mapping) {
    for (const std::string& heading : headings) normals_.push_back(NormalHeading(heading));
  }

  LayoutOutcome Find() {
    layout_.width = headings_.size();
    FindYearsAndValues();
    FindCode();
    layout_.kodepemda = Place(ColumnRole::kKodepemda, mapping_.kodepemda_column);
    layout_.unit = Place(ColumnRole::kUnit, mapping_.unit_column);
    if (!HasCode()) return Problem(mapping_.code_column.empty() ? Failure() : Missing(ColumnRole::kCode));
    if (!failure_.ok()) return Problem(failure_);
    return std::move(layout_);
  }

 private:
  LayoutProblem Problem(Failure failure) const {
    const bool is_table = layout_.year.has_value() || !layout_.values.empty();
    const bool is_found_by_code = !IsOfOneCode() || failure.reason == Reason::kColumnAmbiguous;
    return {.failure = std::move(failure), .is_sure = is_table && HasCode() && is_found_by_code};
  }
  bool HasCode() const { return layout_.code.has_value() || is_code_doubtful_ || IsOfOneCode(); }

  // ---- One column ----

  Columns Saying(ColumnRole role, Telling telling) const {
    Columns columns;
    for (size_t i = 0; i < normals_.size(); ++i) {
      if (names_.Tells(role, normals_[i]) == telling) columns.push_back(i);
    }
    return columns;
  }

  Columns WithHeading(absl::string_view heading) const {
    Columns columns;
    const std::string normal = NormalHeading(heading);
    for (size_t i = 0; i < normals_.size(); ++i) {
      if (!normal.empty() && normals_[i] == normal) columns.push_back(i);
    }
    return columns;
  }

  // The only one of `columns`; more than one is a failure.
  std::optional<size_t> Only(const Columns& columns, absl::string_view name) {
    if (columns.size() > 1) NoteAmbiguous(name, columns);
    return columns.size() == 1 ? std::make_optional(columns.front()) : std::nullopt;
  }

  // Where `mapping` says, else where the best headings are.
  std::optional<size_t> Place(ColumnRole role, const std::string& mapped) {
    if (!mapped.empty()) return Mapped(role, mapped);
    for (Telling telling : {Telling::kSurely, Telling::kLikely}) {
      const Columns columns = Saying(role, telling);
      if (!columns.empty()) return Only(columns, RoleName(role));
    }
    return std::nullopt;
  }

  std::optional<size_t> Mapped(ColumnRole role, const std::string& mapped) {
    if (const std::optional<size_t> column = ColumnOfLetters(mapped)) return column;
    const Columns columns = WithHeading(mapped);
    if (columns.empty()) Note(MissingNamed(mapped));
    return Only(columns, RoleName(role));
  }

  // ---- Failures ----

  // The first counts.
  void Note(Failure failure) {
    if (failure_.ok()) failure_ = std::move(failure);
  }
  void NoteAmbiguous(absl::string_view name, const Columns& columns) {
    std::string cells;
    for (size_t i = 0; i < std::min(columns.size(), kMostCellsNamed); ++i) {
      absl::StrAppend(&cells, i == 0 ? "" : ", ", tables::ColumnLetters(columns[i]), row_);
    }
    if (columns.size() > kMostCellsNamed) cells += ", …";
    Note({.reason = Reason::kColumnAmbiguous, .args = {{"column", std::string(name)}, {"cells", cells}}});
  }
  static Failure MissingNamed(absl::string_view name) {
    return {.reason = Reason::kColumnMissing, .args = {{"column", std::string(name)}}};
  }
  static Failure Missing(ColumnRole role) { return MissingNamed(RoleName(role)); }

  // ---- What a table of figures needs ----

  void FindCode() {
    if (IsOfOneCode()) return;
    const Failure before = std::exchange(failure_, Failure());
    layout_.code = Place(ColumnRole::kCode, mapping_.code_column);
    const bool is_rest_there = before.ok() && !layout_.values.empty();
    if (!layout_.code && failure_.ok() && is_rest_there) {
      layout_.code = Only(Saying(ColumnRole::kCode, Telling::kWeakly), RoleName(ColumnRole::kCode));
    }
    is_code_doubtful_ = failure_.reason == Reason::kColumnAmbiguous;
    if (failure_.ok()) failure_ = before;
  }

  void FindYearsAndValues() {
    if (mapping_.tahun.empty()) layout_.year = Place(ColumnRole::kYear, mapping_.year_column);
    const std::map<std::string, Columns> years = MayBeWide() ? Years() : std::map<std::string, Columns>();
    if (!years.empty() && mapping_.tahun.empty()) {
      FindWide(years);
    } else {
      FindLong(years);
    }
  }

  bool IsOfOneCode() const { return !mapping_.kodeindikator.empty() && mapping_.code_column.empty(); }

  // Without a column of codes, a row of figures may look like one of years.
  bool MayBeWide() const {
    return mapping_.value_column.empty() && (!IsOfOneCode() || mapping_.header_row != 0);
  }

  std::map<std::string, Columns> Years() const {
    std::map<std::string, Columns> years;
    for (size_t i = 0; i < normals_.size(); ++i) {
      if (std::optional<std::string> year = YearOfHeading(normals_[i])) {
        years[*std::move(year)].push_back(i);
      }
    }
    return years;
  }

  // A column for each year. Beside it neither a column of years nor one of values has a meaning.
  void FindWide(const std::map<std::string, Columns>& years) {
    Columns all;
    for (const auto& [year, columns] : years) {
      if (columns.size() > 1) NoteAmbiguous(absl::StrCat("tahun ", year), columns);
      all.insert(all.end(), columns.begin(), columns.end());
    }
    std::sort(all.begin(), all.end());
    const Columns rivals = Saying(ColumnRole::kValue, Telling::kSurely);
    if (!rivals.empty()) AddRival(ColumnRole::kValue, rivals.front(), all);
    if (layout_.year) AddRival(ColumnRole::kYear, *layout_.year, all);
    for (size_t column : all) AddValue(column, YearOfHeading(normals_[column]).value_or(""));
  }

  void AddRival(ColumnRole role, size_t column, Columns columns) {
    columns.insert(columns.begin(), column);
    NoteAmbiguous(RoleName(role), columns);
  }

  // A year and a value in each row. `years` are of use where the file is of one year.
  void FindLong(const std::map<std::string, Columns>& years) {
    std::optional<size_t> value = Place(ColumnRole::kValue, mapping_.value_column);
    if (!value && failure_.ok()) {
      const auto fixed = years.find(mapping_.tahun);
      value = fixed == years.end() ? WeakValue() : Only(fixed->second, RoleName(ColumnRole::kValue));
    }
    if (!value) {
      if (!layout_.year && mapping_.tahun.empty()) Note(Missing(ColumnRole::kYear));
      Note(Missing(ColumnRole::kValue));
      return;
    }
    std::string year = mapping_.tahun;
    if (year.empty() && !layout_.year && *value < normals_.size()) {
      year = YearOfHeading(normals_[*value]).value_or("");
    }
    if (year.empty() && !layout_.year) Note(Missing(ColumnRole::kYear));
    AddValue(*value, std::move(year));
  }

  // A name that tells little is taken where nothing else in the table could be the figure.
  std::optional<size_t> WeakValue() {
    Columns measures;
    for (size_t i = 0; i < normals_.size(); ++i) {
      if (names_.IsMeasure(normals_[i])) measures.push_back(i);
    }
    const std::optional<size_t> only = Only(measures, RoleName(ColumnRole::kValue));
    const bool is_ours = only && names_.Tells(ColumnRole::kValue, normals_[*only]) == Telling::kWeakly;
    return is_ours ? only : std::nullopt;
  }

  void AddValue(size_t column, std::string year) {
    layout_.values.push_back({.column = column, .year = std::move(year), .heading = HeadingOf(column)});
  }
  base::SharedText HeadingOf(size_t column) const {
    if (column < headings_.size() && !headings_[column].empty()) return headings_[column];
    return tables::ColumnLetters(column);
  }

  const std::vector<std::string>& headings_;
  const int64_t row_;
  const ColumnNames& names_;
  const FileMapping& mapping_;
  std::vector<std::string> normals_;
  TableLayout layout_;
  Failure failure_;
  bool is_code_doubtful_ = false;
};

}  // namespace

LayoutOutcome FindLayout(const std::vector<std::string>& headings, int64_t row, const ColumnNames& names,
                         const FileMapping& mapping) {
  return LayoutFinder(headings, row, names, mapping).Find();
}

}  // namespace satudata::catalog
