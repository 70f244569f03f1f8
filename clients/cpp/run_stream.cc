#include "satudata/integration/run_stream.h"

#include <utility>

#include "clients/cpp/run_reader.h"

namespace satudata::integration {
namespace {

// How late giving up, and a stream's silence, may be noticed; what comes is noticed at once.
constexpr absl::Duration kTick = absl::Milliseconds(250);

}  // namespace

bool IsFinal(v1::Run::State state) {
  return state != v1::Run::STATE_UNSPECIFIED && state != v1::Run::STATE_QUEUED &&
         state != v1::Run::STATE_RUNNING;
}

RunReader::RunReader(ClientCore& core, CallOptions options, EventStream::Opener begin, bool strict,
                     int64_t after_sequence)
    : core_(core),
      options_(std::move(options)),
      outer_stop_(options_.stop, [this] { stop_.request_stop(); }),
      told_(after_sequence),
      follower_(
          {.silence = core.options().deadlines.silence, .most_reconnects = core.options().most_reconnects},
          SourceFor(std::move(begin), strict), after_sequence) {}

RunFollower::Source RunReader::SourceFor(EventStream::Opener begin, bool strict) {
  return {.context = [this] { return NewContext(); },
          .begin = std::move(begin),
          .go_on = [this, strict](const std::string& run_id, int64_t after_sequence) -> EventStream::Opener {
            v1::WatchRunRequest request;
            request.set_run_id(run_id);
            request.set_after_sequence(after_sequence);
            request.set_strict(strict);
            return [this, request](grpc::ClientContext* context, grpc::CompletionQueue* queue) {
              return core_.integration().PrepareAsyncWatchRun(context, request, queue);
            };
          },
          .clock = core_.surroundings().clock,
          .uniform = core_.surroundings().uniform};
}

absl::StatusOr<std::shared_ptr<grpc::ClientContext>> RunReader::NewContext() {
  context_ = std::make_unique<StoppableContext>(stop_.get_token());
  if (absl::Status status = core_.Prepare(options_, *context_->get()); !status.ok()) return status;
  return context_->get();
}

bool RunReader::Next(v1::RunEvent* event) {
  while (!is_over_) {
    if (stop_.stop_requested()) return End(absl::CancelledError("the watching was given up"));
    switch (follower_.Read(kTick, event)) {
      case RunFollower::Next::kEvent:
        if (IsNews(*event)) return true;
        break;
      case RunFollower::Next::kNothing:
        break;
      case RunFollower::Next::kLost:
        (void)core_.surroundings().wait(follower_.loss().pause, stop_.get_token());
        break;
      case RunFollower::Next::kEnded:
        return End(absl::OkStatus());
      case RunFollower::Next::kFailed:
        return End(stop_.stop_requested() ? absl::CancelledError("the watching was given up")
                                          : ToStatus(follower_.status()));
    }
  }
  return false;
}

// A stream that went on repeats the snapshot, and, where its end was lost, what came with that.
bool RunReader::IsNews(const v1::RunEvent& event) {
  if (event.has_heartbeat()) return false;
  if (event.has_progress()) return true;
  if (event.has_snapshot()) {
    run_ = event.snapshot();
    return !std::exchange(follower_.is_first_of_stream() ? told_opening_ : told_ending_, true);
  }
  if (event.sequence() <= told_) return false;
  told_ = event.sequence();
  return true;
}

bool RunReader::End(absl::Status status) {
  is_over_ = true;
  status_ = std::move(status);
  return false;
}

RunStream::RunStream(std::unique_ptr<RunReader> reader) : reader_(std::move(reader)) {}

RunStream::~RunStream() = default;

bool RunStream::Next(v1::RunEvent* event) { return reader_->Next(event); }

const absl::Status& RunStream::status() const { return reader_->status(); }

absl::StatusOr<v1::Run> RunStream::Started() {
  v1::RunEvent event;
  while (reader_->run().run_id().empty()) {
    if (!reader_->Next(&event)) return reader_->status();
  }
  return reader_->run();
}

absl::StatusOr<v1::Run> RunStream::Result() {
  for (v1::RunEvent event; reader_->Next(&event);) {
  }
  if (!reader_->status().ok()) return reader_->status();
  return reader_->run();
}

const std::string& RunStream::run_id() const { return reader_->run_id(); }

void RunStream::Cancel() { reader_->Cancel(); }

}  // namespace satudata::integration
