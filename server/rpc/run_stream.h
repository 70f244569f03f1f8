// File: run_stream.h
//
// One client following one run: the reactor of SyncFile, SyncAll and WatchRun.
//
// It pulls. A batch of events is read from the RunWatch on the executor and written one by one, each write
// started by the end of the one before, so a client that does not read costs one batch of memory and nothing
// else. The watch's waker only schedules the next read. No reaction blocks, and OnCancel alone can end the
// call.
#ifndef SERVER_RPC_RUN_STREAM_H_
#define SERVER_RPC_RUN_STREAM_H_

#include <grpcpp/support/server_callback.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "satudata/integration/v1/integration_service.pb.h"
#include "server/base/executor.h"
#include "server/base/mutex.h"
#include "server/catalog/messages.h"
#include "server/rpc/call_note.h"
#include "server/rpc/stream_registry.h"
#include "server/sync/run_watch.h"

namespace satudata::rpc {

namespace v1 = ::satudata::integration::v1;

// How the stream ends when the run did not succeed.
enum class Strictness { kLenient, kStrict };

// Thread-safe. Owns itself from Start to OnDone.
class RunStream final : public grpc::ServerWriteReactor<v1::RunEvent>,
                        public DrainableStream,
                        public std::enable_shared_from_this<RunStream> {
 public:
  // Starts or finds the run and watches it. Runs on the executor; owns all that it needs.
  using Opener = std::function<absl::StatusOr<std::unique_ptr<sync::RunWatch>>()>;

  struct Options {
    catalog::Language language = catalog::Language::kIndonesian;
    Strictness strictness = Strictness::kLenient;
    std::string caller;                        // Whose limits it counts against.
    std::shared_ptr<CallNote> note = nullptr;  // Told which run it is about; may be null.
  };

  // The reactor to return from the handler. `executor` and `registry` must outlive it. Ends at once with
  // RESOURCE_EXHAUSTED when the registry or the executor is full.
  static grpc::ServerWriteReactor<v1::RunEvent>* Start(base::Executor& executor, StreamRegistry& registry,
                                                       Options options, Opener opener);

  RunStream(base::Executor& executor, StreamRegistry& registry, Options options);

  void Drain() override;

 private:
  // Whoever moves the phase away from kIdle has the right, and the duty, to start exactly one thing.
  enum class Phase {
    kReading,   // The executor opens the watch or reads from it.
    kIdle,      // Nothing under way.
    kWriting,   // A write is in flight.
    kFinished,  // Finish was called.
  };
  enum class Step { kNothing, kRead, kWrite, kFinish };

  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

  void Open(const Opener& opener);
  void Wake();
  void Read();
  bool IsFinished();
  void EndReading();
  void TakeBatch(absl::StatusOr<sync::RunWatch::Batch> batch) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void Stop(grpc::Status status);
  void Advance();
  Step NextStep() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void FillMessage() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  grpc::Status FinalStatus() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void ScheduleRead();

  base::Executor& executor_;
  StreamRegistry& registry_;
  const Options options_;
  std::shared_ptr<RunStream> self_;  // gRPC's reference.

  base::Mutex mu_;
  Phase phase_ ABSL_GUARDED_BY(mu_) = Phase::kReading;
  std::optional<grpc::Status> stop_ ABSL_GUARDED_BY(mu_);  // How to end instead of going on.
  std::vector<sync::RunEvent> batch_ ABSL_GUARDED_BY(mu_);
  size_t next_ ABSL_GUARDED_BY(mu_) = 0;            // In batch_.
  bool may_have_more_ ABSL_GUARDED_BY(mu_) = true;  // Since the last read began.
  bool ended_ ABSL_GUARDED_BY(mu_) = false;         // batch_ is the last.
  bool done_ ABSL_GUARDED_BY(mu_) = false;          // OnDone was called.
  int reads_under_way_ ABSL_GUARDED_BY(mu_) = 1;  // Reads, and the opening, that were given to the executor.
  int64_t sequence_ ABSL_GUARDED_BY(mu_) = 0;     // Where the client can resume.
  std::string run_id_ ABSL_GUARDED_BY(mu_);
  sync::RunState run_state_ ABSL_GUARDED_BY(mu_) = sync::RunState::kQueued;  // Of the last snapshot.
  v1::RunEvent message_;  // Of the write in flight: touched only between writes.
  // Touched by the read that is under way, and when there is none. Released by name, never by our destructor:
  // that may run inside the waker, for whose end the watch's destructor waits.
  std::unique_ptr<sync::RunWatch> watch_;
};

}  // namespace satudata::rpc

#endif  // SERVER_RPC_RUN_STREAM_H_
