// File: biff_records.h
//
// The records of an Excel 97 workbook stream ([MS-XLS]).
#ifndef SERVER_TABLES_BIFF_RECORDS_H_
#define SERVER_TABLES_BIFF_RECORDS_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/tables/compound_file.h"

namespace satudata::tables {

enum class BiffType : uint16_t {
  kFormula = 0x0006,
  kEndOfPart = 0x000A,
  kDateMode = 0x0022,
  kPassword = 0x002F,
  kContinue = 0x003C,
  kColumns = 0x007D,
  kSheet = 0x0085,
  kManyNumbers = 0x00BD,
  kRichLabel = 0x00D6,
  kCellStyle = 0x00E0,
  kMerges = 0x00E5,
  kTexts = 0x00FC,
  kTextCell = 0x00FD,
  kNumber = 0x0203,
  kLabel = 0x0204,
  kBooleanOrError = 0x0205,
  kFormulaText = 0x0207,
  kRow = 0x0208,
  kShortNumber = 0x027E,
  kFormat = 0x041E,
  kBeginOfPart = 0x0809,
};

struct BiffRecord {
  BiffType type = BiffType::kEndOfPart;
  std::string bytes;

  // Zero where the record is too short for it: a lie that costs the file nothing.
  uint8_t U8(size_t at) const;
  uint16_t U16(size_t at) const;
  uint32_t U32(size_t at) const;
  double Double(size_t at) const;
  absl::string_view From(size_t at) const;
};

// Not thread-safe.
class BiffRecords {
 public:
  explicit BiffRecords(std::unique_ptr<CompoundStream> stream) : stream_(std::move(stream)) {}

  void Seek(int64_t position);
  // False at the end of the stream. DATA_LOSS where that is within a record.
  absl::StatusOr<bool> Next(BiffRecord& record);
  // The next record is the same one again.
  void Repeat() { position_ = last_; }

 private:
  absl::StatusOr<absl::string_view> Bytes(size_t length);

  const std::unique_ptr<CompoundStream> stream_;
  int64_t position_ = 0;
  int64_t last_ = 0;
  std::string window_;
  int64_t window_begin_ = 0;
};

// A text of `length` characters at the head of `bytes`, of one or two bytes each, as its first byte says.
// What is missing of it is left out.
std::string BiffText(absl::string_view bytes, size_t length);

// UTF-16 as UTF-8; half a pair becomes U+FFFD.
std::string Utf16Text(const std::u16string& units);

}  // namespace satudata::tables

#endif  // SERVER_TABLES_BIFF_RECORDS_H_
