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
  SettleInChunk(run_id, fence);
  EndInChunk(run_id, fence);
}

void Lane::CountOutOfChunk(const LaneDelivery& item) {
  if (item.fence.has_value()) EndInChunk(item.delivery.run_id, *item.fence);
}

void Lane::SettleInChunk(const std::string& run_id, const Fence& fence) {
  if (IsOurs(fence) && --chunks_.at(fence.chunk_id).unsettled == 0) {
    ChangeOf(run_id, fence).settles_chunk = true;
  }
}

void Lane::EndInChunk(const std::string& run_id, const Fence& fence) {
  if (!IsOurs(fence) || --chunks_.at(fence.chunk_id).left > 0) return;
  chunks_.erase(fence.chunk_id);
  ChangeOf(run_id, fence).ends_chunk = true;
}

// What a stop has mixed would fill requests of a record or two. The chunks stay in the order in which they
// come.
void Lane::SortByChunk(std::deque<Ref>& refs) {
  if (traits_.max_batch_records == 1) return;
  absl::flat_hash_map<absl::string_view, size_t> places;
  std::vector<std::pair<size_t, Ref>> placed;
  for (const Ref& ref : refs) {
    const std::optional<Fence>& fence = Find(ref)->item.fence;
    const absl::string_view chunk = fence.has_value() ? absl::string_view(fence->chunk_id) : "";
    placed.emplace_back(places.try_emplace(chunk, places.size()).first->second, ref);
  }
  std::stable_sort(placed.begin(), placed.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  for (size_t i = 0; i < placed.size(); ++i) refs[i] = placed[i].second;
}

void Lane::LoseChunk(const Fence& fence, absl::Time now) {
  if (IsOurs(fence)) chunks_.erase(fence.chunk_id);
  for (const int64_t id : EntryIds()) {
    if (entries_.at(id)->item.fence == fence) LoseEntry(*entries_.at(id), now);
  }
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

// The records of a request are of one chunk: all of them are lost. What may have arrived is a newer
// delivery's to read back before it sends.
void Lane::DropLost(const Sent& sent, Effect effect, absl::Time now) {
  for (const Ref& ref : sent.refs) {
    Find(ref)->runtime[ref.index].requested = false;
    const bool passed_on = effect == Effect::kPossible && PassOn(ref, now);
    if (!passed_on) ReleaseKey(ref, now);
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
