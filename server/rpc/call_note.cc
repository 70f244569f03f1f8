#include "server/rpc/call_note.h"

#include <utility>

#include "absl/hash/hash.h"
#include "server/base/trace.h"
#include "server/rpc/text.h"

namespace satudata::rpc {
namespace {

constexpr size_t kMaxNoteBytes = 128;

}  // namespace

CallNote::CallNote(CallFacts facts) : facts_(std::move(facts)) {
  facts_.user = Shortened(facts_.user, kMaxNoteBytes);
}

void CallNote::SetRun(absl::string_view run_id) {
  base::MutexLock lock(&mu_);
  facts_.run_id = Shortened(run_id, kMaxNoteBytes);
}

void CallNote::SetTrace(absl::string_view traceparent) {
  base::MutexLock lock(&mu_);
  facts_.trace_id = std::string(base::TraceIdOf(traceparent));
}

CallFacts CallNote::Get() const {
  base::MutexLock lock(&mu_);
  return facts_;
}

CallNotes::Shard& CallNotes::ShardOf(const grpc::ServerContextBase* context) {
  return shards_[absl::HashOf(context) % shards_.size()];
}

void CallNotes::Add(const grpc::ServerContextBase* context, std::shared_ptr<CallNote> note) {
  Shard& shard = ShardOf(context);
  base::MutexLock lock(&shard.mu);
  shard.notes[context] = std::move(note);
}

std::shared_ptr<CallNote> CallNotes::Take(const grpc::ServerContextBase* context) {
  Shard& shard = ShardOf(context);
  base::MutexLock lock(&shard.mu);
  const auto found = shard.notes.find(context);
  if (found == shard.notes.end()) return nullptr;
  std::shared_ptr<CallNote> note = std::move(found->second);
  shard.notes.erase(found);
  return note;
}

}  // namespace satudata::rpc
