#include "server/tables/xlsx_merges.h"

#include <algorithm>
#include <optional>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "server/tables/cell_reference.h"
#include "server/tables/xml_entry.h"

namespace satudata::tables {
namespace {

constexpr absl::string_view kWord = "mergeCell";
constexpr size_t kPieceBytes = 64 << 10;

// Also where the text is of two bytes per character, which nobody writes.
absl::StatusOr<bool> MayHaveMerges(ZipArchive& archive, absl::string_view part) {
  const absl::StatusOr<std::unique_ptr<ZipEntry>> entry = archive.OpenEntry(part);
  if (!entry.ok()) return entry.status();
  std::string piece(kPieceBytes, '\0');
  size_t kept = 0;
  bool found = false;
  while (true) {
    const absl::StatusOr<size_t> got = (*entry)->Read(&piece[kept], kPieceBytes - kept);
    if (!got.ok()) return got.status();
    // To the end: what is broken is to be known before the first row.
    if (*got == 0) return found;
    const absl::string_view text(piece.data(), kept + *got);
    found = found || absl::StrContains(text, kWord) || absl::StrContains(text.substr(0, 4), '\0') ||
            absl::StartsWith(text, "\xFF\xFE") || absl::StartsWith(text, "\xFE\xFF");
    kept = std::min(text.size(), kWord.size());
    piece.replace(0, kept, piece, text.size() - kept, kept);
  }
}

enum class Place { kNowhere, kDocument, kSheet, kData, kRow, kCell, kContent, kMerges, kMerge };
constexpr XmlPath<Place>::Step kSteps[] = {
    {Place::kDocument, "worksheet", Place::kSheet},
    {Place::kSheet, "sheetData", Place::kData},
    {Place::kData, "row", Place::kRow},
    {Place::kRow, "c", Place::kCell},
    {Place::kCell, "", Place::kContent},
    {Place::kSheet, "mergeCells", Place::kMerges},
    {Place::kMerges, "mergeCell", Place::kMerge},
};

// Finds how wide the sheet is as well: ranges reach beyond what there is.
class MergesHandler final : public XmlHandler {
 public:
  explicit MergesHandler(MergedRanges& ranges) : ranges_(ranges) {}

  void OnStart(absl::string_view name, const XmlAttributes& attributes) override {
    switch (path_.Enter(name)) {
      case Place::kRow:
        column_ = 0;
        break;
      case Place::kCell:
        if (const auto at = ParseCellReference(attributes.Get("r")); at.has_value()) column_ = at->column;
        ++column_;
        break;
      case Place::kContent:
        width_ = std::max(width_, column_);
        break;
      case Place::kMerge:
        AddRange(attributes.Get("ref"));
        break;
      default:
        break;
    }
  }
  void OnEnd() override { path_.Leave(); }

  size_t width() const { return width_; }

 private:
  void AddRange(absl::string_view text) {
    const std::optional<MergedRanges::Range> range = ParseCellRange(text);
    if (!range.has_value()) {
      Fail(absl::DataLossError(absl::StrCat("merged cells ", text.substr(0, 40))));
    } else if (const absl::Status added = ranges_.Add(*range); !added.ok()) {
      Fail(added);
    }
  }

  MergedRanges& ranges_;
  XmlPath<Place> path_{kSteps, Place::kDocument};
  size_t column_ = 0;
  size_t width_ = 0;
};

}  // namespace

absl::Status ReadXlsxMerges(ZipArchive& archive, absl::string_view part, const TableLimits& limits,
                            MergedRanges& ranges) {
  ranges.Clear();
  const absl::StatusOr<bool> may_have = MayHaveMerges(archive, part);
  if (!may_have.ok() || !*may_have) return may_have.status();
  MergesHandler handler(ranges);
  if (absl::Status read = ReadXml(archive, part, handler, limits); !read.ok()) return read;
  ranges.Prepare(handler.width());
  return absl::OkStatus();
}

}  // namespace satudata::tables
