#include "server/sync/lane_suspects.h"

#include <algorithm>

namespace satudata::sync {

void LaneSuspects::Refuse(absl::Span<const RecordRef> refs) {
  if (refs.size() == 1) ++suspects_[refs.front()].alone;
  const size_t half = (refs.size() + 1) / 2;
  Join(refs.subspan(0, half));
  Join(refs.subspan(half));
}

void LaneSuspects::Join(absl::Span<const RecordRef> refs) {
  if (refs.empty()) return;
  const int64_t group_id = next_group_++;
  for (const RecordRef& ref : refs) {
    Suspect& suspect = suspects_[ref];
    Leave(ref, suspect.group);
    suspect.group = group_id;
  }
  groups_[group_id].members = refs.size();
}

void LaneSuspects::Leave(RecordRef ref, int64_t group_id) {
  const auto found = groups_.find(group_id);
  if (found == groups_.end()) return;
  Group& group = found->second;
  waiting_ -= group.ready.erase(ref);
  --group.members;
  Reschedule(group_id);
  if (group.members == 0) groups_.erase(found);
}

void LaneSuspects::Clear(RecordRef ref) {
  const auto found = suspects_.find(ref);
  if (found == suspects_.end()) return;
  Leave(ref, found->second.group);
  suspects_.erase(found);
}

int64_t LaneSuspects::GroupOf(RecordRef ref) const {
  const auto found = suspects_.find(ref);
  return found == suspects_.end() ? 0 : found->second.group;
}

int LaneSuspects::AloneCount(RecordRef ref) const {
  const auto found = suspects_.find(ref);
  return found == suspects_.end() ? 0 : found->second.alone;
}

void LaneSuspects::Wait(RecordRef ref, absl::Time ready_time, absl::Time now) {
  const int64_t group_id = suspects_.at(ref).group;
  Group& group = groups_.at(group_id);
  if (group.ready.empty()) group.limit = now + patience_;
  waiting_ += group.ready.insert(ref).second ? 1 : 0;
  group.ready_time = std::max(group.ready_time, ready_time);
  Reschedule(group_id);
}

void LaneSuspects::Reschedule(int64_t group_id) {
  Group& group = groups_.at(group_id);
  due_.erase({group.due, group_id});
  group.due = absl::InfiniteFuture();
  if (group.ready.empty()) return;
  const bool is_complete = group.ready.size() == group.members;
  group.due = is_complete ? group.ready_time : std::max(group.ready_time, group.limit);
  due_.emplace(group.due, group_id);
}

std::vector<RecordRef> LaneSuspects::TakeDue(absl::Time now) {
  std::vector<RecordRef> refs;
  while (!due_.empty() && due_.begin()->first <= now) {
    const int64_t group_id = due_.begin()->second;
    Group& group = groups_.at(group_id);
    refs.insert(refs.end(), group.ready.begin(), group.ready.end());
    waiting_ -= group.ready.size();
    group.ready.clear();
    group.ready_time = absl::InfinitePast();
    Reschedule(group_id);
  }
  return refs;
}

absl::Time LaneSuspects::NextTime() const {
  return due_.empty() ? absl::InfiniteFuture() : due_.begin()->first;
}

}  // namespace satudata::sync
