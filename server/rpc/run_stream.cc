#include "server/rpc/run_stream.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/rpc/convert_run.h"
#include "server/rpc/status.h"
#include "server/rpc/unary_call.h"

namespace satudata::rpc {
namespace {

// Enough to amortise the executor's hop, little enough to be all that a slow client costs: there may be
// hundreds.
constexpr size_t kBatchSize = 64;

}  // namespace

RunStream::RunStream(base::Executor& executor, StreamRegistry& registry, Options options)
    : executor_(executor), registry_(registry), options_(std::move(options)) {}

grpc::ServerWriteReactor<v1::RunEvent>* RunStream::Start(base::Executor& executor, StreamRegistry& registry,
                                                         Options options, Opener opener) {
  auto stream = std::make_shared<RunStream>(executor, registry, options);
  stream->self_ = stream;
  if (const auto admission = registry.Add(stream, options.caller);
      admission != StreamRegistry::Admission::kAdmitted) {
    stream->EndReading();
    stream->Stop(RefusedStream(admission, registry.limits(), options.language));
    return stream.get();
  }
  // At once, so that a client knows that it is connected before the run has anything to tell.
  stream->StartSendInitialMetadata();
  if (!executor.Execute([stream, opener = std::move(opener)] { stream->Open(opener); })) {
    stream->EndReading();
    stream->Stop(Overloaded(options.language));
  }
  return stream.get();
}

void RunStream::Open(const Opener& opener) {
  if (IsFinished()) return EndReading();  // Gone before anything was started for it.
  absl::StatusOr<std::unique_ptr<sync::RunWatch>> watch = opener();
  if (!watch.ok()) {
    EndReading();
    return Stop(ToGrpcStatus(watch.status(), options_.language));
  }
  watch_ = *std::move(watch);
  watch_->SetWaker([weak = weak_from_this()] {
    if (const auto stream = weak.lock()) stream->Wake();
  });
  Read();
}

void RunStream::Wake() {
  {
    base::MutexLock lock(&mu_);
    may_have_more_ = true;
  }
  Advance();
}

void RunStream::Read() {
  if (IsFinished()) return EndReading();
  {
    base::MutexLock lock(&mu_);
    may_have_more_ = false;
  }
  auto batch = watch_->Read(kBatchSize);
  {
    base::MutexLock lock(&mu_);
    if (phase_ == Phase::kReading) {
      phase_ = Phase::kIdle;
      TakeBatch(std::move(batch));
    }
  }
  EndReading();
  Advance();
}

bool RunStream::IsFinished() {
  base::MutexLock lock(&mu_);
  return phase_ == Phase::kFinished;
}

// The watch outlives the reads that were begun, and is released by whoever comes last: they or OnDone.
void RunStream::EndReading() {
  bool last = false;
  {
    base::MutexLock lock(&mu_);
    last = --reads_under_way_ == 0 && done_;
  }
  if (last) watch_.reset();
}

void RunStream::TakeBatch(absl::StatusOr<sync::RunWatch::Batch> batch) {
  if (!batch.ok()) {
    if (!stop_) stop_ = ToGrpcStatus(batch.status(), options_.language);
    return;
  }
  batch_ = std::move(batch->events);
  next_ = 0;
  ended_ = batch->ended;
  // Only an empty answer promises a wake-up.
  if (!batch_.empty()) may_have_more_ = true;
}

// The only place that moves on from kIdle.
void RunStream::Advance() {
  Step step = Step::kNothing;
  grpc::Status status;
  grpc::WriteOptions options;
  {
    base::MutexLock lock(&mu_);
    if (phase_ != Phase::kIdle) return;
    step = NextStep();
    // More follows at once: the transport need not send each message by itself.
    if (next_ < batch_.size()) options.set_buffer_hint();
    if (step == Step::kFinish) status = stop_ ? *stop_ : FinalStatus();
  }
  switch (step) {
    case Step::kNothing:
      return;
    case Step::kRead:
      return ScheduleRead();
    case Step::kWrite:
      return StartWrite(&message_, options);
    case Step::kFinish:
      registry_.Remove(this);  // Who reads how it ended finds the place free.
      return Finish(std::move(status));
  }
}

RunStream::Step RunStream::NextStep() {
  if (stop_ || (ended_ && next_ == batch_.size())) {
    phase_ = Phase::kFinished;
    return Step::kFinish;
  }
  if (next_ < batch_.size()) {
    FillMessage();
    phase_ = Phase::kWriting;
    return Step::kWrite;
  }
  if (!may_have_more_) return Step::kNothing;
  phase_ = Phase::kReading;
  ++reads_under_way_;
  return Step::kRead;
}

void RunStream::FillMessage() {
  const sync::RunEvent& event = batch_[next_++];
  if (run_id_.empty() && options_.note != nullptr) options_.note->SetRun(event.run_id);
  run_id_ = event.run_id;
  sequence_ = std::max(sequence_, event.sequence);
  if (const auto* run = std::get_if<sync::Run>(&event.event)) run_state_ = run->state;
  ToProto(event, options_.language, &message_);
}

grpc::Status RunStream::FinalStatus() const {
  if (options_.strictness == Strictness::kLenient || run_state_ == sync::RunState::kSucceeded) {
    return grpc::Status::OK;
  }
  return GrpcFailure(absl::StatusCode::kAborted,
                     {.reason = catalog::Reason::kRunNotSucceeded,
                      .args = {{"run_id", run_id_}, {"state", std::string(sync::RunStateName(run_state_))}}},
                     options_.language);
}

void RunStream::ScheduleRead() {
  if (executor_.Execute([self = shared_from_this()] { self->Read(); })) return;
  EndReading();
  Stop(Overloaded(options_.language));
}

// Ends the call from whatever phase it is in: at once, or when the write in flight is done.
void RunStream::Stop(grpc::Status status) {
  {
    base::MutexLock lock(&mu_);
    if (phase_ == Phase::kFinished) return;
    if (!stop_) stop_ = std::move(status);
    // A read that is under way is not waited for; it finds kFinished.
    if (phase_ == Phase::kReading) phase_ = Phase::kIdle;
  }
  Advance();
}

void RunStream::Drain() {
  int64_t sequence = 0;
  {
    base::MutexLock lock(&mu_);
    sequence = sequence_;
  }
  Stop(GrpcFailure(
      absl::StatusCode::kUnavailable,
      {.reason = catalog::Reason::kServerStopping, .args = {{"sequence", absl::StrCat(sequence)}}},
      options_.language));
}

void RunStream::OnWriteDone(bool ok) {
  {
    base::MutexLock lock(&mu_);
    phase_ = Phase::kIdle;
    if (!ok && !stop_) stop_ = grpc::Status::CANCELLED;
  }
  Advance();
}

void RunStream::OnCancel() { Stop(grpc::Status::CANCELLED); }

void RunStream::OnDone() {
  registry_.Remove(this);
  bool last = false;
  {
    base::MutexLock lock(&mu_);
    done_ = true;
    last = reads_under_way_ == 0;
  }
  if (last) watch_.reset();
  const auto self = std::move(self_);
}

}  // namespace satudata::rpc
