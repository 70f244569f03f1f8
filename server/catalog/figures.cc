#include "server/catalog/figures.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "server/catalog/failure.h"
#include "server/catalog/figure_row.h"
#include "server/catalog/header_search.h"
#include "server/catalog/indicator.h"
#include "server/catalog/table_layout.h"

namespace satudata::catalog {
namespace {

using tables::Row;
using tables::Sheet;

// Up to here values grow as vectors do; beyond, there is room for all at once, so that they are never there
// twice. Pages that are not written cost nothing.
constexpr size_t kFewValues = 4096;

absl::Status Refused(Failure failure) {
  return FailureStatus(absl::StatusCode::kInvalidArgument, std::move(failure));
}

std::vector<std::string> TextsOf(const Row& row) {
  std::vector<std::string> texts;
  texts.reserve(row.cells.size());
  for (const tables::Cell& cell : row.cells) texts.push_back(cell.text);
  return texts;
}

bool HasName(const Sheet& sheet, absl::string_view name) {
  return absl::EqualsIgnoreCase(absl::StripAsciiWhitespace(sheet.name), name);
}

class FigureReader {
 public:
  FigureReader(tables::TableReader& reader, absl::string_view file_name, const FileMapping& mapping,
               const FigureOptions& options)
      : reader_(reader),
        file_name_(file_name),
        mapping_(mapping),
        options_(options),
        names_(options.aliases) {}

  absl::StatusOr<std::vector<IndicatorValue>> Read() {
    if (absl::Status read = ReadSheets(); !read.ok()) return read;
    if (values_.empty() && problem_.has_value()) return Refused(*std::move(problem_));
    if (values_.size() == doubtful_sheets_ && !values_.empty()) return Refused(values_.front().finding);
    if (values_.size() < values_.capacity() / 2) values_.shrink_to_fit();
    JudgeValues(values_, mapping_.number_format);
    return std::move(values_);
  }

 private:
  absl::Status ReadSheets() {
    bool is_sheet_there = mapping_.sheet.empty();
    while (true) {
      Sheet sheet;
      const absl::StatusOr<bool> more = reader_.NextSheet(sheet);
      if (!more.ok()) return ReaderFailure(more.status(), file_name_);
      if (!*more) break;
      if (!mapping_.sheet.empty() && !HasName(sheet, mapping_.sheet)) continue;
      is_sheet_there = true;
      if (absl::Status read = ReadSheet(sheet); !read.ok()) return read;
    }
    if (is_sheet_there && (has_headings_ || problem_ || doubtful_sheets_ > 0 || mapping_.empty())) {
      return absl::OkStatus();
    }
    const Reason reason = is_sheet_there ? Reason::kColumnMissing : Reason::kSheetMissing;
    return Refused({.reason = reason,
                    .args = {{is_sheet_there ? "column" : "sheet",
                              is_sheet_there ? std::string(RoleName(ColumnRole::kCode)) : mapping_.sheet},
                             {"file_name", std::string(file_name_)}}});
  }

  absl::Status ReadSheet(const Sheet& sheet) {
    const base::SharedText name = sheet.name;
    SheetRows rows(reader_);
    absl::StatusOr<HeaderSearch> search = FindHeader(rows, names_, mapping_);
    if (!search.ok()) return ReaderFailure(search.status(), file_name_);
    while (search->header.has_value()) {
      has_headings_ = true;
      absl::StatusOr<HeaderSearch> next = ReadTable(name, rows, *search->header);
      if (!next.ok()) return next.status();
      search = std::move(next);
    }
    NoteProblem(sheet, name, *std::move(search));
    return absl::OkStatus();
  }

  // Up to the sheet's end, or to other headings: these are the answer.
  absl::StatusOr<HeaderSearch> ReadTable(const base::SharedText& sheet, SheetRows& rows,
                                         const Header& header) {
    FigureRows figures(header.layout, mapping_, sheet, values_);
    bool is_first = true;
    Row row;
    while (true) {
      const absl::StatusOr<bool> taken = rows.Next(row);
      if (!taken.ok()) return ReaderFailure(taken.status(), file_name_);
      if (!*taken) return HeaderSearch();
      const bool is_plain = !MayBeHeadings(row, header);
      if (!is_plain && (ComesAgain(row, header) || (is_first && NumbersColumns(row)))) continue;
      if (!is_plain && NamesCodes(row)) {
        absl::StatusOr<HeaderSearch> other = HeaderAt(row, {}, rows, names_, mapping_);
        if (!other.ok()) return ReaderFailure(other.status(), file_name_);
        if (other->header.has_value() || other->problem.is_sure) return other;
      }
      const size_t before = values_.size();
      figures.Read(row);
      is_first = is_first && values_.size() == before;
      if (static_cast<int64_t>(values_.size()) > options_.max_values) return TooManyValues();
      MakeRoom();
    }
  }

  // Quickly told for the most part: a row with a national code is none.
  static bool MayBeHeadings(const Row& row, const Header& header) {
    if (row.defect != tables::RowDefect::kNone) return false;
    const std::optional<size_t>& code = header.layout.code;
    return !code.has_value() || *code >= row.cells.size() || !IsNationalIndicatorCode(row.cells[*code].text);
  }
  static bool ComesAgain(const Row& row, const Header& header) {
    return absl::c_linear_search(header.rows, TextsOf(row));
  }
  bool NamesCodes(const Row& row) const {
    if (mapping_.header_row != 0) return false;
    return absl::c_any_of(row.cells, [this](const tables::Cell& cell) {
      return names_.Tells(ColumnRole::kCode, NormalHeading(cell.text)) == Telling::kSurely;
    });
  }

  absl::Status TooManyValues() const {
    return Refused(
        {.reason = Reason::kTooManyValues, .args = {{"limit", absl::StrCat(options_.max_values)}}});
  }
  void MakeRoom() {
    const auto most = static_cast<size_t>(options_.max_values);
    if (values_.size() > kFewValues && values_.capacity() < most) values_.reserve(most + kFewValues);
  }

  // What is wrong with the headings of a sheet is one finding among its values. Where they may not be meant
  // as such it counts only if there is nothing else; so it does in a sheet that nobody sees.
  void NoteProblem(const Sheet& sheet, const base::SharedText& name, HeaderSearch search) {
    Failure& failure = search.problem.failure;
    if (failure.ok()) return;
    failure.args.emplace("file_name", std::string(file_name_));
    if (!name.empty()) failure.args.emplace("sheet", name.str());
    if (!search.problem.is_sure || sheet.is_hidden) {
      if (!problem_.has_value() && !has_headings_) problem_ = std::move(failure);
      return;
    }
    IndicatorValue& value = values_.emplace_back();
    value.position = static_cast<int64_t>(values_.size());
    value.line = search.problem_row;
    value.sheet = name;
    value.finding = std::move(failure);
    ++doubtful_sheets_;
  }

  tables::TableReader& reader_;
  const absl::string_view file_name_;
  const FileMapping& mapping_;
  const FigureOptions& options_;
  const ColumnNames names_;
  std::vector<IndicatorValue> values_;
  size_t doubtful_sheets_ = 0;
  bool has_headings_ = false;
  std::optional<Failure> problem_;
};

}  // namespace

absl::StatusOr<std::vector<IndicatorValue>> ReadFigures(tables::TableReader& reader,
                                                        absl::string_view file_name,
                                                        const FileMapping& mapping,
                                                        const FigureOptions& options) {
  return FigureReader(reader, file_name, mapping, options).Read();
}

absl::Status ReaderFailure(const absl::Status& error, absl::string_view file_name) {
  const std::string name(file_name);
  const std::string detail(error.message());
  switch (error.code()) {
    case absl::StatusCode::kPermissionDenied:
      return Refused({.reason = Reason::kContentEncrypted, .args = {{"file_name", name}}});
    case absl::StatusCode::kResourceExhausted:
      return Refused({.reason = Reason::kContentTooLarge, .args = {{"file_name", name}, {"limit", detail}}});
    default:
      return Refused(
          {.reason = Reason::kContentUnreadable, .args = {{"file_name", name}, {"detail", detail}}});
  }
}

}  // namespace satudata::catalog
