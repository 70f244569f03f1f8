#include "server/tables/text_window.h"

#include <algorithm>
#include <cstdint>

#include "absl/strings/match.h"
#include "server/base/text_encoding.h"

namespace satudata::tables {
namespace {

constexpr size_t kStep = 64 << 10;

}  // namespace

absl::Status TextWindow::Grow() {
  bytes_.erase(0, begin_);
  begin_ = 0;
  const size_t kept = bytes_.size();
  const size_t step = std::max(kStep, kept);
  bytes_.resize(kept + step);
  const absl::StatusOr<size_t> got = file_->ReadAt(offset_, &bytes_[kept], step);
  bytes_.resize(kept + got.value_or(0));
  if (!got.ok()) return got.status();
  is_all_ = *got < step;
  if (offset_ == 0) encoding_ = EncodingOf(bytes_);
  size_t taken = *got;
  if (encoding_ != Encoding::kBytes) {
    const std::string units = bytes_.substr(kept);
    bytes_.resize(kept);
    taken = AppendUtf16(units);
  }
  offset_ += static_cast<int64_t>(taken);
  return absl::OkStatus();
}

// Two zeros behind the mark would be UTF-32, which nobody writes tables in.
TextWindow::Encoding TextWindow::EncodingOf(absl::string_view head) {
  if (absl::StartsWith(head, absl::string_view("\xFF\xFE\0\0", 4))) return Encoding::kBytes;
  if (absl::StartsWith(head, "\xFF\xFE")) return Encoding::kUtf16Little;
  return absl::StartsWith(head, "\xFE\xFF") ? Encoding::kUtf16Big : Encoding::kBytes;
}

// How many bytes that took: half a character is left for the next time, and lost at the end of the file.
size_t TextWindow::AppendUtf16(absl::string_view units) {
  const size_t low = encoding_ == Encoding::kUtf16Little ? 0 : 1;
  const auto unit_at = [&](size_t at) {
    return static_cast<uint32_t>(static_cast<uint8_t>(units[at + low])) |
           static_cast<uint32_t>(static_cast<uint8_t>(units[at + 1 - low])) << 8U;
  };
  size_t at = 0;
  while (at + 2 <= units.size()) {
    const uint32_t unit = unit_at(at);
    const bool is_first_half = unit >= 0xD800 && unit < 0xDC00;
    if (is_first_half && at + 4 > units.size() && !is_all_) break;
    const uint32_t next = is_first_half && at + 4 <= units.size() ? unit_at(at + 2) : 0;
    const bool is_pair = next >= 0xDC00 && next < 0xE000;
    base::AppendUtf8(is_pair ? 0x10000 + ((unit - 0xD800) << 10U) + (next - 0xDC00) : unit, bytes_);
    at += is_pair ? 4 : 2;
  }
  return is_all_ ? units.size() : at;
}

}  // namespace satudata::tables
