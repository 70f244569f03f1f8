#include "server/tables/merged_ranges.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

namespace satudata::tables {
namespace {

// Texts of ranges that go on in the rows below.
constexpr size_t kMaxActiveBytes = 4 << 20;

}  // namespace

void MergedRanges::Clear() {
  ranges_.clear();
  active_.clear();
  active_bytes_ = 0;
  next_ = 0;
}

absl::Status MergedRanges::Add(const Range& range) {
  if (ranges_.size() >= limits_.max_merged_ranges) {
    return absl::ResourceExhaustedError(absl::StrCat("merged ranges > ", limits_.max_merged_ranges));
  }
  ranges_.push_back(range);
  return absl::OkStatus();
}

void MergedRanges::Prepare(size_t width) {
  for (Range& range : ranges_) {
    range.last_column = std::min(range.last_column, width == 0 ? 0 : width - 1);
  }
  // Those of one cell, and what lies outside, have nothing to copy.
  const auto is_idle = [](const Range& r) {
    return r.last_column < r.first_column || r.last_row < r.first_row ||
           (r.last_column == r.first_column && r.last_row == r.first_row);
  };
  ranges_.erase(std::remove_if(ranges_.begin(), ranges_.end(), is_idle), ranges_.end());
  std::stable_sort(ranges_.begin(), ranges_.end(),
                   [](const Range& a, const Range& b) { return a.first_row < b.first_row; });
}

absl::Status MergedRanges::Fill(Row& row) {
  const int64_t number = row.number - 1;
  const auto is_over = [&](const Active& active) {
    if (active.range.last_row >= number) return false;
    active_bytes_ -= active.first.text.size();
    return true;
  };
  active_.erase(std::remove_if(active_.begin(), active_.end(), is_over), active_.end());
  for (; next_ < ranges_.size() && ranges_[next_].first_row <= number; ++next_) {
    // Where the first row has no cells there is nothing to repeat.
    if (ranges_[next_].first_row < number) continue;
    if (absl::Status begun = Begin(ranges_[next_], row); !begun.ok()) return begun;
  }
  row_bytes_ = 0;
  for (const Active& active : active_) {
    if (absl::Status filled = FillFrom(active, row); !filled.ok()) return filled;
  }
  return absl::OkStatus();
}

absl::Status MergedRanges::Begin(const Range& range, const Row& row) {
  if (range.first_column >= row.cells.size()) return absl::OkStatus();
  const Cell& first = row.cells[range.first_column];
  if (first.kind == CellKind::kEmpty) return absl::OkStatus();
  active_bytes_ += first.text.size();
  if (active_bytes_ > kMaxActiveBytes) return absl::ResourceExhaustedError("texts of merged ranges > 4 MiB");
  active_.push_back({range, first});
  return absl::OkStatus();
}

absl::Status MergedRanges::FillFrom(const Active& active, Row& row) {
  const Range& range = active.range;
  if (row.cells.size() <= range.last_column) row.cells.resize(range.last_column + 1);
  const bool is_first_row = range.first_row == row.number - 1;
  for (size_t column = range.first_column + (is_first_row ? 1 : 0); column <= range.last_column; ++column) {
    if (++copies_ > limits_.max_merged_copies) {
      return absl::ResourceExhaustedError(absl::StrCat("merged cells > ", limits_.max_merged_copies));
    }
    row_bytes_ += active.first.text.size();
    if (row_bytes_ > limits_.max_row_bytes) {
      return absl::ResourceExhaustedError(absl::StrCat("merged cells of a row > ", limits_.max_row_bytes));
    }
    // What a program left in a cell under the merged one is not seen.
    row.cells[column] = active.first;
    row.cells[column].is_merged_copy = true;
  }
  return absl::OkStatus();
}

}  // namespace satudata::tables
