// What a Lane knows of the chunks that its deliveries belong to.
#include <algorithm>
#include <utility>

#include "server/sync/lane.h"

namespace satudata::sync {

bool Lane::IsOurs(const std::optional<Fence>& fence) const {
  if (!fence.has_value()) return true;
  const auto found = chunks_.find(fence->chunk_id);
  return found != chunks_.end() && found->second.token == fence->token;
}

void Lane::LeaveChunk(const std::string& run_id, const Fence& fence) {
  if (!IsOurs(fence) || --chunks_.at(fence.chunk_id).left > 0) return;
  chunks_.erase(fence.chunk_id);
  ChangeOf(run_id, fence).ends_chunk = true;
}

void Lane::CountOutOfChunk(const LaneDelivery& item) {
  if (item.fence.has_value()) LeaveChunk(item.delivery.run_id, *item.fence);
}

void Lane::LoseChunk(const std::string& chunk_id, absl::Time now) {
  chunks_.erase(chunk_id);
  std::vector<int64_t> ids;
  for (const auto& [id, entry] : entries_) {
    if (entry->item.fence.has_value() && entry->item.fence->chunk_id == chunk_id) ids.push_back(id);
  }
  for (const int64_t id : ids) LoseEntry(*entries_.at(id), now);
  Refresh(now);
}

// What it knew of the outcomes is not lost: who has the chunk now finds it in doubt and reads it back.
void Lane::LoseEntry(Entry& entry, absl::Time now) {
  bool requested = false;
  for (size_t i = 0; i < entry.item.records.size(); ++i) {
    const Ref ref{entry.entry_id, i};
    requested |= entry.runtime[i].requested;
    if (entry.runtime[i].requested) continue;
    entry.item.records[i].state = State::kCancelled;  // Here alone: nobody takes it up again.
    reads_.Remove(entry.item.records[i].scope, ref);
    suspects_.Clear(ref);
    ReleaseKey(ref, now);
  }
  if (entry.stored_state == State::kQueued) --queued_deliveries_;
  if (!entry.settled) Settle(entry);
  entry.lost = true;
  if (!requested) Drop(entry);
}

// The records of a request are of one chunk: all of them are lost.
void Lane::DropLost(const Sent& sent, absl::Time now) {
  for (const Ref& ref : sent.refs) {
    Find(ref)->runtime[ref.index].requested = false;
    ReleaseKey(ref, now);
  }
  for (const Ref& ref : sent.refs) {
    Entry* entry = Find(ref);
    if (entry == nullptr) continue;  // Dropped with a record before this one.
    const bool requested = std::any_of(entry->runtime.begin(), entry->runtime.end(),
                                       [](const RecordRuntime& runtime) { return runtime.requested; });
    if (!requested) Drop(*entry);
  }
  Refresh(now);
}

}  // namespace satudata::sync
