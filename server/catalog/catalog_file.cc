#include "server/catalog/catalog_file.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "server/catalog/indicator.h"
#include "server/tables/table.h"

namespace satudata::catalog {

absl::string_view VerificationText(Verification verification) {
  switch (verification) {
    case Verification::kUnverified:
      return "Belum Verifikasi";
    case Verification::kVerified:
      return "Sudah Verifikasi";
    case Verification::kRefused:
      return "Ditolak";
  }
  return "Belum Verifikasi";
}

std::optional<Verification> ParseVerification(absl::string_view text) {
  text = absl::StripAsciiWhitespace(text);
  for (Verification candidate :
       {Verification::kUnverified, Verification::kVerified, Verification::kRefused}) {
    if (absl::EqualsIgnoreCase(text, VerificationText(candidate))) return candidate;
  }
  return std::nullopt;
}

const std::string& ContentPath(const CatalogFile& file) {
  return file.content_name.empty() ? file.file_name : file.content_name;
}

std::string CellOf(const IndicatorValue& value) {
  if (value.column_number <= 0) return "";
  return absl::StrCat(tables::ColumnLetters(static_cast<size_t>(value.column_number - 1)), value.line);
}

namespace {

std::string KeyText(const IndicatorValue& value) {
  return absl::StrCat(value.kodepemda, value.kodepemda.empty() ? "" : ".", value.kodeindikator, ".",
                      value.tahun);
}

// Left out of the findings of 100,000 values, which stay in memory together: a third argument of each would
// take as much again as two.
void AddWhatTheValueSays(const IndicatorValue& value, Failure& finding) {
  FailureArgs& args = finding.args;
  switch (finding.reason) {
    case Reason::kValuesContradict:
    case Reason::kDuplicateValue:
      args.emplace("key", KeyText(value));
      return;
    case Reason::kNumberAmbiguous:  // Where a cell shows another figure than it stores, that is there.
      args.emplace("value", Quoted(value.raw_value));
      return;
    case Reason::kRowWidthWrong:
      args.emplace("line", absl::StrCat(value.line));
      return;
    default:
      return;
  }
}

}  // namespace

Failure FindingOf(const IndicatorValue& value) {
  Failure finding = value.finding;
  AddWhatTheValueSays(value, finding);
  if (finding.ok() || value.column_number <= 0) return finding;
  finding.args.emplace("cell", CellOf(value));
  if (!value.sheet.empty()) finding.args.emplace("sheet", value.sheet.str());
  return finding;
}

Failure NotVerified(const CatalogFile& file) {
  return {.reason = Reason::kFileNotVerified,
          .args = {{"file_id", file.file_id},
                   {"verification", std::string(VerificationText(file.verification))}}};
}

}  // namespace satudata::catalog
