#include "server/tables/xls_workbook.h"

#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "server/tables/xls_texts.h"

namespace satudata::tables {
namespace {

constexpr uint16_t kExcel97 = 0x0600;
constexpr size_t kMaxStyles = 65'536;

class GlobalsReader {
 public:
  GlobalsReader(BiffRecords& records, const TableLimits& limits, TextTable& texts)
      : records_(records), limits_(limits), texts_(texts) {}

  absl::StatusOr<XlsWorkbook> Read() {
    BiffRecord record;
    absl::StatusOr<bool> more = records_.Next(record);
    if (!more.ok()) return more.status();
    if (!*more || record.type != BiffType::kBeginOfPart) return absl::DataLossError("workbook: no beginning");
    if (record.U16(0) != kExcel97) return absl::UnimplementedError("XLS from before 1997");
    for (more = records_.Next(record); more.ok() && *more; more = records_.Next(record)) {
      if (record.type == BiffType::kEndOfPart) return Finished();
      if (absl::Status taken = Take(record); !taken.ok()) return taken;
    }
    return more.ok() ? absl::DataLossError("workbook: no end") : more.status();
  }

 private:
  absl::Status Take(const BiffRecord& record) {
    switch (record.type) {
      case BiffType::kPassword:
        return absl::PermissionDeniedError("encrypted");
      case BiffType::kDateMode:
        if (record.U16(0) == 1) workbook_.date_system = DateSystem::k1904;
        return absl::OkStatus();
      case BiffType::kFormat:
        if (codes_.size() < kMaxStyles) {
          codes_[record.U16(0)] = ParseNumberFormat(BiffText(record.From(4), record.U16(2)));
        }
        return absl::OkStatus();
      case BiffType::kCellStyle:
        if (styles_.size() < kMaxStyles) styles_.push_back(record.U16(2));
        return absl::OkStatus();
      case BiffType::kSheet:
        return TakeSheet(record);
      case BiffType::kTexts:
        return ReadXlsTexts(record, records_, limits_, texts_);
      default:
        return absl::OkStatus();
    }
  }

  absl::Status TakeSheet(const BiffRecord& record) {
    const bool has_cells = record.U8(5) == 0;
    if (!has_cells) return absl::OkStatus();
    if (workbook_.sheets.size() >= limits_.max_sheets) {
      return absl::ResourceExhaustedError(absl::StrCat("sheets > ", limits_.max_sheets));
    }
    const bool is_hidden = (record.U8(4) & 3U) != 0;
    workbook_.sheets.push_back({{BiffText(record.From(7), record.U8(6)), is_hidden}, record.U32(0)});
    return absl::OkStatus();
  }

  XlsWorkbook Finished() {
    for (const int style : styles_) {
      const auto code = codes_.find(style);
      workbook_.formats.push_back(code == codes_.end() ? BuiltInFormat(style) : code->second);
    }
    return std::move(workbook_);
  }

  BiffRecords& records_;
  const TableLimits& limits_;
  TextTable& texts_;
  XlsWorkbook workbook_;
  absl::flat_hash_map<int, NumberFormat> codes_;
  std::vector<int> styles_;
};

}  // namespace

absl::StatusOr<XlsWorkbook> ReadXlsWorkbook(BiffRecords& records, const TableLimits& limits,
                                            TextTable& texts) {
  records.Seek(0);
  return GlobalsReader(records, limits, texts).Read();
}

}  // namespace satudata::tables
