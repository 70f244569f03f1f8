#include "server/tables/text_window.h"

#include <algorithm>

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
  offset_ += static_cast<int64_t>(*got);
  is_all_ = *got < step;
  return absl::OkStatus();
}

}  // namespace satudata::tables
