#include "server/tables/xlsx_workbook.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/tables/ooxml_relations.h"
#include "server/tables/xlsx_styles.h"
#include "server/tables/xml_entry.h"

namespace satudata::tables {
namespace {

// Programs allow 31 characters.
constexpr size_t kMaxSheetNameBytes = 1024;

enum class Place { kNowhere, kDocument, kWorkbook, kProperties, kCalculation, kSheets, kSheet };
constexpr XmlPath<Place>::Step kSteps[] = {
    {Place::kDocument, "workbook", Place::kWorkbook},  {Place::kWorkbook, "workbookPr", Place::kProperties},
    {Place::kWorkbook, "calcPr", Place::kCalculation}, {Place::kWorkbook, "sheets", Place::kSheets},
    {Place::kSheets, "sheet", Place::kSheet},
};

class WorkbookHandler final : public XmlHandler {
 public:
  WorkbookHandler(XlsxWorkbook& workbook, const std::vector<OoxmlRelation>& relations, size_t max_sheets)
      : workbook_(workbook), relations_(relations), max_sheets_(max_sheets) {}

  void OnStart(absl::string_view name, const XmlAttributes& attributes) override {
    switch (path_.Enter(name)) {
      case Place::kProperties:
        if (attributes.IsTrue("date1904")) workbook_.date_system = DateSystem::k1904;
        break;
      case Place::kCalculation:
        workbook_.asks_for_calculation = attributes.IsTrue("fullCalcOnLoad");
        break;
      case Place::kSheet:
        AddSheet(attributes);
        break;
      default:
        break;
    }
  }
  void OnEnd() override { path_.Leave(); }

 private:
  void AddSheet(const XmlAttributes& attributes) {
    if (workbook_.sheets.size() >= max_sheets_) {
      Fail(absl::ResourceExhaustedError(absl::StrCat("sheets > ", max_sheets_)));
      return;
    }
    const absl::string_view name = attributes.Get("name").substr(0, kMaxSheetNameBytes);
    const absl::string_view id = attributes.GetPrefixed("id");
    const auto relation = std::find_if(relations_.begin(), relations_.end(),
                                       [id](const OoxmlRelation& r) { return r.id == id; });
    if (relation == relations_.end() || relation->part.empty()) {
      Fail(absl::DataLossError(absl::StrCat("the sheet ", name, " leads nowhere")));
      return;
    }
    if (relation->kind != "worksheet") return;
    const absl::string_view state = attributes.Get("state");
    const bool is_hidden = state == "hidden" || state == "veryHidden";
    workbook_.sheets.push_back({{std::string(name), is_hidden}, relation->part});
  }

  XlsxWorkbook& workbook_;
  const std::vector<OoxmlRelation>& relations_;
  const size_t max_sheets_;
  XmlPath<Place> path_{kSteps, Place::kDocument};
};

}  // namespace

absl::StatusOr<XlsxWorkbook> ReadXlsxWorkbook(ZipArchive& archive, const TableLimits& limits) {
  const auto package = ReadRelations(archive, "", limits);
  if (!package.ok()) return package.status();
  std::string part = PartOfKind(*package, "officeDocument");
  if (part.empty()) part = "xl/workbook.xml";
  const auto relations = ReadRelations(archive, part, limits);
  if (!relations.ok()) return relations.status();
  XlsxWorkbook workbook;
  WorkbookHandler handler(workbook, *relations, limits.max_sheets);
  if (absl::Status read = ReadXml(archive, part, handler, limits); !read.ok()) return read;
  workbook.shared_texts_part = PartOfKind(*relations, "sharedStrings");
  const std::string styles = PartOfKind(*relations, "styles");
  if (styles.empty()) return workbook;
  absl::StatusOr<std::vector<NumberFormat>> formats = ReadXlsxStyles(archive, styles, limits);
  if (!formats.ok()) return formats.status();
  workbook.formats = *std::move(formats);
  return workbook;
}

}  // namespace satudata::tables
