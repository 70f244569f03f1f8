#include "clients/cpp/event_stream.h"

#include <chrono>
#include <utility>

namespace satudata::integration {

EventStream::EventStream(std::shared_ptr<grpc::ClientContext> context, const Opener& open)
    : context_(std::move(context)), reader_(open(context_.get(), &queue_)) {
  reader_->StartCall(this);
}

EventStream::~EventStream() {
  context_->TryCancel();
  void* tag = nullptr;
  bool ok = false;
  while (step_ != Step::kEnded) {
    if (step_ == Step::kIdle) Begin(Step::kFinish);
    queue_.Next(&tag, &ok);
    Complete(ok);
  }
  queue_.Shutdown();
  while (queue_.Next(&tag, &ok)) {
  }
}

void EventStream::Begin(Step step) {
  step_ = step;
  if (step == Step::kRead) reader_->Read(&event_, this);
  if (step == Step::kFinish) reader_->Finish(&status_, this);
}

// What was under way is done; `ok` as the completion queue says it.
void EventStream::Complete(bool ok) {
  switch (step_) {
    case Step::kStart:
      return ok ? void(step_ = Step::kIdle) : Begin(Step::kFinish);
    case Step::kRead:
      if (!ok) return Begin(Step::kFinish);
      slot_ = Slot::kFull;
      step_ = Step::kIdle;
      return;
    case Step::kFinish:
      step_ = Step::kEnded;
      return;
    case Step::kIdle:
    case Step::kEnded:
      return;
  }
}

EventStream::Next EventStream::Read(absl::Duration wait, v1::RunEvent* event) {
  const auto deadline = std::chrono::system_clock::now() + absl::ToChronoMicroseconds(wait);
  while (step_ != Step::kEnded) {
    if (slot_ == Slot::kFull) {
      event->Swap(&event_);
      slot_ = Slot::kEmpty;
      return Next::kEvent;
    }
    if (step_ == Step::kIdle) Begin(Step::kRead);
    void* tag = nullptr;
    bool ok = false;
    if (queue_.AsyncNext(&tag, &ok, deadline) != grpc::CompletionQueue::GOT_EVENT) return Next::kNothing;
    Complete(ok);
  }
  return Next::kEnd;
}

}  // namespace satudata::integration
