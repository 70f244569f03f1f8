// File: client_stream.h
//
// A client that sends one message after another and is answered at the end: what ImportFiles and
// UploadContent share.
//
// One read is outstanding at a time. What it brought is worked on by the executor, and only then is the next
// one asked for, so a client that sends faster than the disk writes is slowed down by flow control and costs
// the memory of one message. A client that stalls is ended.
#ifndef SERVER_RPC_CLIENT_STREAM_H_
#define SERVER_RPC_CLIENT_STREAM_H_

#include <grpcpp/alarm.h>
#include <grpcpp/support/server_callback.h>

#include <chrono>
#include <memory>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/base/clock.h"
#include "server/base/executor.h"
#include "server/base/mutex.h"
#include "server/catalog/messages.h"
#include "server/rpc/status.h"
#include "server/rpc/stream_registry.h"
#include "server/rpc/unary_call.h"

namespace satudata::rpc {

// All must outlive the stream.
struct ClientStreamDependencies {
  base::Executor& executor;
  StreamRegistry& registry;
  base::Clock& clock;
};

struct ClientStreamOptions {
  catalog::Language language = catalog::Language::kIndonesian;
  std::string caller;                        // Whose limits it counts against.
  absl::Duration stall = absl::Seconds(60);  // Default: 60 s without a message end the call.
};

// What is done with the messages. Called by one thread at a time; destroyed when the call is over, however it
// ends.
template <typename Request, typename Response>
class MessageSink {
 public:
  virtual ~MessageSink() = default;
  // An error ends the call with it.
  virtual absl::Status Take(Request& message) = 0;
  // After the last message.
  virtual absl::StatusOr<Response> End() = 0;
};

// Thread-safe. Owns itself from Start to OnDone.
template <typename Request, typename Response>
class ClientStream final : public grpc::ServerReadReactor<Request>,
                           public DrainableStream,
                           public std::enable_shared_from_this<ClientStream<Request, Response>> {
 public:
  using Sink = MessageSink<Request, Response>;

  // The reactor to return from the handler. `*response` is gRPC's.
  static grpc::ServerReadReactor<Request>* Start(const ClientStreamDependencies& dependencies,
                                                 const ClientStreamOptions& options,
                                                 std::unique_ptr<Sink> sink, Response* response) {
    auto stream = std::make_shared<ClientStream>(dependencies, options, std::move(sink), response);
    stream->self_ = stream;
    const auto admission = dependencies.registry.Add(stream, options.caller);
    if (admission != StreamRegistry::Admission::kAdmitted) {
      stream->Stop(RefusedStream(admission, dependencies.registry.limits(), options.language));
      return stream.get();
    }
    stream->ReadNext();
    stream->WatchForStall(options.stall);
    return stream.get();
  }

  ClientStream(const ClientStreamDependencies& dependencies, const ClientStreamOptions& options,
               std::unique_ptr<Sink> sink, Response* response)
      : deps_(dependencies), options_(options), response_(response), sink_(std::move(sink)) {}

  void Drain() override {
    Stop(GrpcFailure(absl::StatusCode::kUnavailable, {.reason = catalog::Reason::kServerStopping},
                     options_.language));
  }

 private:
  enum class Phase {
    kReading,   // A read is outstanding.
    kWorking,   // The executor works on what was read.
    kFinished,  // Finish was called.
  };
  enum class Input { kMore, kEnded };

  void OnReadDone(bool ok) override {
    {
      base::MutexLock lock(&mu_);
      if (phase_ != Phase::kReading) return;
      phase_ = Phase::kWorking;
    }
    const Input input = ok ? Input::kMore : Input::kEnded;
    if (!deps_.executor.Execute([self = this->shared_from_this(), input] { self->Work(input); })) {
      Stop(Overloaded(options_.language));
    }
  }
  void OnCancel() override { Stop(grpc::Status::CANCELLED); }
  void OnDone() override {
    deps_.registry.Remove(this);
    std::unique_ptr<grpc::Alarm> alarm;
    {
      base::MutexLock lock(&mu_);
      alarm = std::move(alarm_);
    }
    alarm.reset();
    const auto last = std::move(self_);
  }

  void ReadNext() {
    {
      base::MutexLock lock(&mu_);
      if (phase_ != Phase::kWorking) return;
      phase_ = Phase::kReading;
      read_start_ = deps_.clock.Monotonic();
    }
    this->StartRead(&request_);
  }

  void Work(Input input) {
    if (input == Input::kEnded) return End();
    if (const absl::Status taken = sink_->Take(request_); !taken.ok()) return Fail(taken);
    ReadNext();
  }
  void End() {
    absl::StatusOr<Response> response = sink_->End();
    if (!response.ok()) return Fail(response.status());
    {
      base::MutexLock lock(&mu_);
      if (phase_ == Phase::kFinished) return;
      phase_ = Phase::kFinished;
    }
    *response_ = *std::move(response);
    deps_.registry.Remove(this);
    this->Finish(grpc::Status::OK);
  }

  // Who reads the error finds nothing left of what the sink held, and his place free.
  void Fail(const absl::Status& why) {
    sink_.reset();
    deps_.registry.Remove(this);
    Stop(ToGrpcStatus(why, options_.language));
  }

  // Ends the call from whatever phase it is in. An outstanding read is ended by gRPC; work that is under way
  // is not waited for and finds kFinished.
  void Stop(grpc::Status status) {
    {
      base::MutexLock lock(&mu_);
      if (phase_ == Phase::kFinished) return;
      phase_ = Phase::kFinished;
    }
    this->Finish(std::move(status));
  }

  void WatchForStall(absl::Duration wait) {
    auto alarm = std::make_unique<grpc::Alarm>();
    grpc::Alarm* const set = alarm.get();
    base::MutexLock lock(&mu_);
    if (phase_ == Phase::kFinished) return;
    // The one before has fired: alarms are not set again, for their callback may still be running.
    alarm_ = std::move(alarm);
    set->Set(std::chrono::system_clock::now() + absl::ToChronoMicroseconds(wait),
             [weak = this->weak_from_this()](bool fired) {
               const auto stream = fired ? weak.lock() : nullptr;
               if (stream != nullptr) stream->CheckForStall();
             });
  }
  void CheckForStall() {
    absl::Duration quiet;
    {
      base::MutexLock lock(&mu_);
      if (phase_ == Phase::kReading) quiet = deps_.clock.Monotonic() - read_start_;
    }
    if (quiet < options_.stall) return WatchForStall(options_.stall - quiet);
    Stop(GrpcFailure(
        absl::StatusCode::kDeadlineExceeded,
        {.reason = catalog::Reason::kUploadStalled, .args = {{"wait", absl::FormatDuration(options_.stall)}}},
        options_.language));
  }

  const ClientStreamDependencies deps_;
  const ClientStreamOptions options_;
  Response* const response_;
  std::shared_ptr<ClientStream> self_;  // gRPC's reference.

  // Of the executor's task while the phase is kWorking, and of the read that is outstanding otherwise.
  Request request_;
  std::unique_ptr<Sink> sink_;

  base::Mutex mu_;
  Phase phase_ ABSL_GUARDED_BY(mu_) = Phase::kWorking;
  absl::Duration read_start_ ABSL_GUARDED_BY(mu_);
  std::unique_ptr<grpc::Alarm> alarm_ ABSL_GUARDED_BY(mu_);
};

}  // namespace satudata::rpc

#endif  // SERVER_RPC_CLIENT_STREAM_H_
