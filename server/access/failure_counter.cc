#include "server/access/failure_counter.h"

#include <algorithm>

namespace satudata::access {

absl::Duration FailureCounter::WaitAfter(int failures) const {
  if (failures <= limits_.free) return absl::ZeroDuration();
  absl::Duration wait = limits_.first_wait;
  for (int i = limits_.free + 1; i < failures && wait < limits_.longest_wait; ++i) wait *= 2;
  return std::min(wait, limits_.longest_wait);
}

absl::Duration FailureCounter::WaitOf(absl::string_view name, absl::Duration now) const {
  const auto found = by_name_.find(name);
  if (found == by_name_.end()) return absl::ZeroDuration();
  const Entry& entry = *found->second;
  return std::max(entry.last + entry.wait - now, absl::ZeroDuration());
}

void FailureCounter::Count(absl::string_view name, absl::Duration now) {
  const auto found = by_name_.find(name);
  if (found == by_name_.end()) {
    entries_.push_front({.name = std::string(name)});
    by_name_.emplace(name, entries_.begin());
  } else {
    entries_.splice(entries_.begin(), entries_, found->second);
  }
  Entry& entry = entries_.front();
  const bool forgotten = entry.failures > 0 && now - entry.last >= limits_.memory;
  entry.failures = forgotten ? 1 : entry.failures + 1;
  entry.last = now;
  entry.wait = WaitAfter(entry.failures);
  if (entries_.size() <= limits_.capacity) return;
  by_name_.erase(entries_.back().name);
  entries_.pop_back();
}

void FailureCounter::Uncount(absl::string_view name) {
  const auto found = by_name_.find(name);
  if (found == by_name_.end()) return;
  Entry& entry = *found->second;
  entry.wait = absl::ZeroDuration();
  if (--entry.failures <= 0) Forget(name);
}

void FailureCounter::Forget(absl::string_view name) {
  const auto found = by_name_.find(name);
  if (found == by_name_.end()) return;
  entries_.erase(found->second);
  by_name_.erase(found);
}

}  // namespace satudata::access
