#include "server/tables/xlsx_styles.h"

#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/numbers.h"
#include "server/tables/xml_entry.h"

namespace satudata::tables {
namespace {

// Spreadsheets allow 65,490.
constexpr size_t kMaxStyles = 65'536;

enum class Place { kNowhere, kDocument, kStyles, kFormats, kFormat, kCells, kCell };
constexpr XmlPath<Place>::Step kSteps[] = {
    {Place::kDocument, "styleSheet", Place::kStyles},
    {Place::kStyles, "numFmts", Place::kFormats},
    {Place::kFormats, "numFmt", Place::kFormat},
    {Place::kStyles, "cellXfs", Place::kCells},
    {Place::kCells, "xf", Place::kCell},
};

class StylesHandler final : public XmlHandler {
 public:
  void OnStart(absl::string_view name, const XmlAttributes& attributes) override {
    const Place place = path_.Enter(name);
    if (place != Place::kFormat && place != Place::kCell) return;
    if (codes_.size() + cells_.size() >= kMaxStyles) {
      Fail(absl::ResourceExhaustedError("styles > 65536"));
      return;
    }
    int id = 0;
    if (!absl::SimpleAtoi(attributes.Get("numFmtId"), &id)) id = 0;
    if (place == Place::kFormat) {
      codes_[id] = ParseNumberFormat(attributes.Get("formatCode"));
    } else {
      cells_.push_back(id);
    }
  }
  void OnEnd() override { path_.Leave(); }

  std::vector<NumberFormat> Formats() const {
    std::vector<NumberFormat> formats;
    for (const int id : cells_) {
      const auto code = codes_.find(id);
      formats.push_back(code == codes_.end() ? BuiltInFormat(id) : code->second);
    }
    return formats;
  }

 private:
  XmlPath<Place> path_{kSteps, Place::kDocument};
  absl::flat_hash_map<int, NumberFormat> codes_;
  std::vector<int> cells_;
};

}  // namespace

absl::StatusOr<std::vector<NumberFormat>> ReadXlsxStyles(ZipArchive& archive, absl::string_view part,
                                                         const TableLimits& limits) {
  StylesHandler handler;
  if (absl::Status read = ReadXml(archive, part, handler, limits); !read.ok()) return read;
  return handler.Formats();
}

}  // namespace satudata::tables
