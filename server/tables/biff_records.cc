#include "server/tables/biff_records.h"

#include <algorithm>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "server/base/text_encoding.h"
#include "server/tables/little_endian.h"

namespace satudata::tables {
namespace {

constexpr size_t kHeaderBytes = 4;
constexpr size_t kWindowBytes = 128 << 10;  // A record has 64 KiB at most.

}  // namespace

uint8_t BiffRecord::U8(size_t at) const { return at < bytes.size() ? static_cast<uint8_t>(bytes[at]) : 0; }

uint16_t BiffRecord::U16(size_t at) const { return at + 2 <= bytes.size() ? ReadU16(&bytes[at]) : 0; }

uint32_t BiffRecord::U32(size_t at) const { return at + 4 <= bytes.size() ? ReadU32(&bytes[at]) : 0; }

double BiffRecord::Double(size_t at) const {
  const uint64_t bits = at + 8 <= bytes.size() ? ReadU64(&bytes[at]) : 0;
  double number = 0;
  std::memcpy(&number, &bits, sizeof(number));
  return number;
}

absl::string_view BiffRecord::From(size_t at) const {
  return absl::string_view(bytes).substr(std::min(at, bytes.size()));
}

void BiffRecords::Seek(int64_t position) {
  position_ = position;
  last_ = position;
}

absl::StatusOr<bool> BiffRecords::Next(BiffRecord& record) {
  last_ = position_;
  if (position_ >= stream_->size()) return false;
  const absl::StatusOr<absl::string_view> header = Bytes(kHeaderBytes);
  if (!header.ok()) return header.status();
  record.type = static_cast<BiffType>(ReadU16(header->data()));
  const size_t length = ReadU16(header->data() + 2);
  const absl::StatusOr<absl::string_view> whole = Bytes(kHeaderBytes + length);
  if (!whole.ok()) return whole.status();
  record.bytes.assign(whole->data() + kHeaderBytes, length);
  position_ += static_cast<int64_t>(kHeaderBytes + length);
  return true;
}

// From `position_` on.
absl::StatusOr<absl::string_view> BiffRecords::Bytes(size_t length) {
  const auto window_end = window_begin_ + static_cast<int64_t>(window_.size());
  const auto end = position_ + static_cast<int64_t>(length);
  if (position_ < window_begin_ || end > window_end) {
    window_.resize(kWindowBytes);
    const absl::StatusOr<size_t> got = stream_->ReadAt(position_, window_.data(), kWindowBytes);
    window_.resize(got.value_or(0));
    window_begin_ = position_;
    if (!got.ok()) return got.status();
  }
  const absl::string_view bytes =
      absl::string_view(window_).substr(static_cast<size_t>(position_ - window_begin_), length);
  if (bytes.size() < length) return absl::DataLossError("workbook: ends within a record");
  return bytes;
}

std::string BiffText(absl::string_view bytes, size_t length) {
  if (bytes.empty()) return "";
  const bool is_wide = (static_cast<uint8_t>(bytes[0]) & 1U) != 0;
  bytes.remove_prefix(1);
  std::u16string units;
  for (size_t i = 0; i < length; ++i) {
    if (bytes.size() < (i + 1) * (is_wide ? 2 : 1)) break;
    units.push_back(is_wide ? ReadU16(bytes.data() + i * 2) : static_cast<uint8_t>(bytes[i]));
  }
  return Utf16Text(units);
}

std::string Utf16Text(const std::u16string& units) {
  std::string text;
  for (size_t i = 0; i < units.size(); ++i) {
    const uint32_t unit = units[i];
    const uint32_t next = i + 1 < units.size() ? units[i + 1] : 0;
    const bool is_pair = unit >= 0xD800 && unit < 0xDC00 && next >= 0xDC00 && next < 0xE000;
    base::AppendUtf8(is_pair ? 0x10000 + ((unit - 0xD800) << 10U) + (next - 0xDC00) : unit, text);
    i += is_pair ? 1 : 0;
  }
  return text;
}

}  // namespace satudata::tables
