// File: event_stream.h
//
// One stream of run events, read with a limit on the wait, so that the reader can draw, watch for silence and
// hear Ctrl-C while nothing comes, all on one thread.
#ifndef CLIENTS_CPP_EVENT_STREAM_H_
#define CLIENTS_CPP_EVENT_STREAM_H_

#include <grpcpp/client_context.h>
#include <grpcpp/completion_queue.h>
#include <grpcpp/impl/codegen/proto_utils.h>
#include <grpcpp/support/async_stream.h>

#include <functional>
#include <memory>

#include "absl/time/time.h"
#include "satudata/integration/v1/integration_service.pb.h"

namespace satudata::integration {

// Used by one thread; TryCancel on the context may come from any.
class EventStream {
 public:
  using Reader = grpc::ClientAsyncReader<v1::RunEvent>;
  // Prepares the call, does not start it: `PrepareAsync…` of the stub.
  using Opener = std::function<std::unique_ptr<Reader>(grpc::ClientContext*, grpc::CompletionQueue*)>;

  // Starts the call. The context is shared with whoever may cancel it.
  EventStream(std::shared_ptr<grpc::ClientContext> context, const Opener& open);
  // Cancels what has not ended.
  ~EventStream();

  enum class Next {
    kEvent,    // `*event` is the next one.
    kNothing,  // Nothing came within the wait.
    kEnd       // The stream ended: see status().
  };
  Next Read(absl::Duration wait, v1::RunEvent* event);

  void Cancel() { context_->TryCancel(); }

  // How the stream ended; after kEnd.
  const grpc::Status& status() const { return status_; }

 private:
  enum class Step { kStart, kIdle, kRead, kFinish, kEnded };

  void Begin(Step step);
  void Complete(bool ok);

  const std::shared_ptr<grpc::ClientContext> context_;
  grpc::CompletionQueue queue_;
  std::unique_ptr<Reader> reader_;
  Step step_ = Step::kStart;  // What is under way; kIdle and kEnded: nothing.
  v1::RunEvent event_;
  enum class Slot { kEmpty, kFull } slot_ = Slot::kEmpty;  // Whether `event_` waits to be fetched.
  grpc::Status status_;
};

}  // namespace satudata::integration

#endif  // CLIENTS_CPP_EVENT_STREAM_H_
