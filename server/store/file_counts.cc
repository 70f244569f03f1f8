#include "server/store/file_counts.h"

#include <algorithm>
#include <utility>

namespace satudata::store {
namespace {

// A number that may be out of date is used for so many times as long as it took to count: counting costs a
// tenth of a thread at most, and what is quick to count is always as it is now.
constexpr int kRest = 10;

}  // namespace

absl::StatusOr<int64_t> FileCounts::Get(const sync::FileFilter& filter, Stamp now, const Count& count) {
  if (const std::optional<int64_t> known = Find(filter, now)) return *known;
  const absl::Duration start = clock_.Monotonic();
  absl::StatusOr<int64_t> counted = count();
  if (!counted.ok()) return counted;
  const absl::Duration end = clock_.Monotonic();
  Put({.filter = filter, .stamp = now, .count = *counted, .count_time = end, .cost = end - start});
  return counted;
}

std::optional<int64_t> FileCounts::Find(const sync::FileFilter& filter, const Stamp& now) {
  base::MutexLock lock(&mu_);
  const auto found = std::find_if(entries_.begin(), entries_.end(),
                                  [&](const Entry& entry) { return entry.filter == filter; });
  if (found == entries_.end()) return std::nullopt;
  const bool holds = filter.state.has_value() ? found->stamp.commits == now.commits
                                              : found->stamp.generation == now.generation;
  const bool rests = filter.state.has_value() && clock_.Monotonic() - found->count_time < kRest * found->cost;
  if (!holds && !rests) return std::nullopt;
  entries_.splice(entries_.begin(), entries_, found);
  return found->count;
}

void FileCounts::Put(Entry entry) {
  base::MutexLock lock(&mu_);
  entries_.remove_if([&](const Entry& other) { return other.filter == entry.filter; });
  entries_.push_front(std::move(entry));
  if (entries_.size() > capacity_) entries_.pop_back();
}

}  // namespace satudata::store
