#include "clients/cpp/run_follower.h"

#include <algorithm>
#include <utility>

#include "clients/cpp/details.h"
#include "satudata/integration/run_stream.h"

namespace satudata::integration {
namespace {

// A stream that lived so long was a good one: what breaks it counts as the first failure.
constexpr absl::Duration kGoodStream = absl::Seconds(10);

}  // namespace

RunFollower::RunFollower(FollowOptions options, Source source, int64_t after_sequence)
    : options_(options), source_(std::move(source)), sequence_(after_sequence) {}

RunFollower::Next RunFollower::Read(absl::Duration wait, v1::RunEvent* event) {
  if (stream_ == nullptr) {
    if (const grpc::Status opened = Open(); !opened.ok()) return Fail(opened);
  }
  switch (stream_->Read(wait, event)) {
    case EventStream::Next::kEvent:
      Take(*event);
      return Next::kEvent;
    case EventStream::Next::kNothing:
      if (source_.clock->Monotonic() - heard_ > options_.silence) stream_->Cancel();
      return Next::kNothing;
    case EventStream::Next::kEnd:
      break;
  }
  const grpc::Status status = stream_->status();
  stream_.reset();
  return Judge(status);
}

grpc::Status RunFollower::Open() {
  absl::StatusOr<std::shared_ptr<grpc::ClientContext>> context = source_.context();
  if (!context.ok()) {
    return {static_cast<grpc::StatusCode>(context.status().code()), std::string(context.status().message())};
  }
  opened_ = heard_ = source_.clock->Monotonic();
  sequence_at_open_ = sequence_;
  events_ = 0;
  last_is_final_ = false;
  stream_ = std::make_unique<EventStream>(
      *std::move(context), run_id_.empty() ? source_.begin : source_.go_on(run_id_, sequence_));
  return grpc::Status::OK;
}

void RunFollower::Take(const v1::RunEvent& event) {
  ++events_;
  heard_ = source_.clock->Monotonic();
  if (run_id_.empty()) run_id_ = event.run_id();
  last_is_final_ = event.has_snapshot() && IsFinal(event.snapshot().state());
  // A snapshot's sequence is the run's, and may be ahead of deliveries that the stream still owes: only a
  // change that was itself received proves that nothing before it is missing.
  if (event.has_delivery() || event.has_state_change() || event.has_file_skipped()) {
    sequence_ = std::max(sequence_, event.sequence());
  }
}

RunFollower::Next RunFollower::Judge(const grpc::Status& status) {
  const bool was_good = sequence_ > sequence_at_open_ || source_.clock->Monotonic() - opened_ >= kGoodStream;
  if (was_good) failures_ = 0;
  if (status.ok() && last_is_final_) return Next::kEnded;
  const ErrorDetails details = ReadDetails(status);
  if (!status.ok() && !IsStreamLost(status, details)) return Fail(status);
  if (++failures_ > options_.most_reconnects) return Fail(status);
  const absl::Duration pause = base::JitteredBackoff(options_.pauses, failures_, source_.uniform);
  loss_ = {status, std::max(pause, details.retry_after.value_or(absl::ZeroDuration())), failures_};
  return Next::kLost;
}

// The stream may also end without an error and without the run's end, time and again.
RunFollower::Next RunFollower::Fail(const grpc::Status& status) {
  status_ = status.ok() ? grpc::Status(grpc::StatusCode::UNAVAILABLE, "the stream ended before the run did")
                        : status;
  return Next::kFailed;
}

}  // namespace satudata::integration
