#include "server/sync/log_watch.h"

#include <algorithm>
#include <utility>

namespace satudata::sync {

LogWatch::LogWatch(std::string run_id, int64_t after_sequence, std::shared_ptr<RunLog> log,
                   Dependencies dependencies)
    : run_id_(std::move(run_id)),
      log_(std::move(log)),
      dependencies_(std::move(dependencies)),
      cursor_(after_sequence),
      last_progress_(dependencies_.clock->Monotonic()),
      last_event_(last_progress_) {}

LogWatch::~LogWatch() {
  if (subscription_ != 0) log_->Unsubscribe(subscription_);
}

void LogWatch::SetWaker(std::function<void()> waker) {
  if (log_ != nullptr) subscription_ = log_->Subscribe(std::move(waker));
}

absl::StatusOr<Run> LogWatch::CurrentRun() {
  if (log_ != nullptr) return log_->Snapshot();
  return dependencies_.store->GetRun(run_id_);
}

RunEvent LogWatch::Event(int64_t sequence,
                         std::variant<Run, RunStateChange, Delivery, FileSkipped, Progress, Heartbeat> what) {
  return {run_id_, sequence, dependencies_.clock->Now(), std::move(what)};
}

absl::StatusOr<RunWatch::Batch> LogWatch::Read(size_t limit) {
  Batch batch;
  if (done_) return Batch{.ended = true};
  if (!opened_) {
    absl::StatusOr<Run> run = CurrentRun();
    if (!run.ok()) return run.status();
    kind_ = run->request.kind;
    // The snapshot speaks of everything up to its own sequence; the cursor stays, so that what changed since
    // the reader left is told one by one.
    batch.events.push_back(Event(cursor_, *std::move(run)));
    opened_ = true;
  }
  bool ended = false;
  if (absl::Status read = Append(limit, batch, ended); !read.ok()) return read;
  if (ended) {
    absl::StatusOr<Run> run = CurrentRun();
    if (!run.ok()) return run.status();
    const int64_t last_sequence = run->last_sequence;
    batch.events.push_back(Event(last_sequence, *std::move(run)));
    batch.ended = done_ = true;
    return batch;
  }
  AppendProgress(batch);
  if (!batch.events.empty()) last_event_ = dependencies_.clock->Monotonic();
  return batch;
}

// Fills the batch from the tail, or from the store where the tail no longer reaches.
absl::Status LogWatch::Append(size_t limit, Batch& batch, bool& ended) {
  int64_t dropped_sequence = 0;
  if (log_ != nullptr) {
    RunLog::Tail tail = log_->ReadAfter(cursor_, limit);
    if (!tail.behind) {
      batch.events.reserve(batch.events.size() + tail.events.size() + 1);
      for (RunEvent& event : tail.events) {
        cursor_ = event.sequence;
        batch.events.push_back(std::move(event));
      }
      ended = tail.ended;
      return absl::OkStatus();
    }
    dropped_sequence = tail.dropped_sequence;
  }
  bool complete = false;
  absl::Status read = AppendStored(limit, dropped_sequence, batch, complete);
  ended = log_ == nullptr && complete;
  return read;
}

// `through_sequence` was taken before the store was asked: all up to it are among the rows, as they are now.
absl::Status LogWatch::AppendStored(size_t limit, int64_t through_sequence, Batch& batch, bool& complete) {
  // A page may hold nothing that is streamed; an empty batch would say that nothing is there.
  do {
    absl::StatusOr<std::vector<RunEvent>> events =
        dependencies_.store->EventsAfter(run_id_, cursor_, static_cast<int64_t>(limit));
    if (!events.ok()) return events.status();
    complete = events->size() < limit;
    for (RunEvent& event : *events) {
      cursor_ = std::max(cursor_, event.sequence);
      const Delivery* delivery = std::get_if<Delivery>(&event.event);
      if (delivery == nullptr || IsStreamed(kind_, delivery->state)) batch.events.push_back(std::move(event));
    }
  } while (!complete && batch.events.empty());
  if (complete) cursor_ = std::max(cursor_, through_sequence);
  return absl::OkStatus();
}

void LogWatch::AppendProgress(Batch& batch) {
  if (log_ == nullptr) return;
  const absl::Duration now = dependencies_.clock->Monotonic();
  const int64_t version = log_->Version();
  if (version != seen_version_ && now - last_progress_ >= kProgressInterval) {
    seen_version_ = version;
    last_progress_ = now;
    const Run run = log_->Snapshot();
    batch.events.push_back(Event(cursor_, Progress{run.counts, log_->Planned(), dependencies_.waits(run)}));
  } else if (batch.events.empty() && now - last_event_ >= kHeartbeatInterval) {
    batch.events.push_back(Event(cursor_, Heartbeat{}));
  }
}

}  // namespace satudata::sync
