// What a Lane does when a firewall, or the target, refuses requests as a whole.
#include "server/sync/doubt.h"
#include "server/sync/lane.h"

namespace satudata::sync {

// Which of the records it is shows when halves of them pass.
void Lane::Suspect(const Sent& sent) {
  suspects_.Refuse(sent.refs);
  for (const Ref& ref : sent.refs) {
    RecordRuntime& runtime = Find(ref)->runtime[ref.index];
    runtime.refused_whole = true;
    ++runtime.splits;
  }
}

// A record that was refused by itself, and not just once: what was in the way may have been passing.
bool Lane::IsToBlame(Ref ref) {
  return Find(ref)->runtime[ref.index].refused_whole && suspects_.AloneCount(ref) >= options_.alone_limit;
}

void Lane::PromoteSuspects(absl::Time now) {
  for (const Ref& ref : suspects_.TakeDue(now)) {
    const Entry* entry = Find(ref);
    // Cancelled, deferred or held up by another one of its key meanwhile.
    if (entry == nullptr || entry->item.records[ref.index].state != State::kQueued) continue;
    ready_[entry->item.kind == RunKind::kSyncFile ? 0 : 1].push_back(ref);
  }
}

// The firewall may look at a record's name alone and refuse to show it, too. That is the record's doing only
// if others have passed since it was sent; else everybody meets the same page, and looking again will tell.
void Lane::BlockedRead(absl::string_view scope, absl::Time now) {
  if (reads_.Failures(scope) < options_.attempts_per_run) return;
  for (const Ref& ref : reads_.Waiting(scope)) {
    if (Find(ref) == nullptr || RecordOf(ref).state != State::kUnknown) continue;
    const Record& record = RecordOf(ref);
    const bool is_over = record.send_time.has_value() && now >= ConclusiveTime(*record.send_time, traits_);
    if (!is_over || suspects_.AloneCount(ref) == 0 || last_passed_ <= *record.send_time) continue;
    reads_.Remove(record.scope, ref);
    Reject(ref, record.failure, now);
  }
}

}  // namespace satudata::sync
