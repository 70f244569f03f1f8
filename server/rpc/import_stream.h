// File: import_stream.h
//
// One client sending an export: the reactor of ImportFiles.
//
// One read is outstanding at a time. Its bytes are parsed and written to the catalogue on the executor, and
// only then is the next one asked for, so a client that sends faster than the database writes is slowed down
// by flow control and costs one chunk and one batch of memory. What was imported stays imported when the call
// breaks: the same export can be sent again.
#ifndef SERVER_RPC_IMPORT_STREAM_H_
#define SERVER_RPC_IMPORT_STREAM_H_

#include <grpcpp/alarm.h>
#include <grpcpp/support/server_callback.h>

#include <memory>
#include <optional>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "satudata/integration/v1/catalog_service.pb.h"
#include "server/base/clock.h"
#include "server/base/executor.h"
#include "server/base/mutex.h"
#include "server/catalog/catalog.h"
#include "server/catalog/catalog_import.h"
#include "server/catalog/messages.h"
#include "server/rpc/stream_registry.h"

namespace satudata::rpc {

namespace v1 = ::satudata::integration::v1;

// Thread-safe. Owns itself from Start to OnDone.
class ImportStream final : public grpc::ServerReadReactor<v1::ImportFilesRequest>,
                           public DrainableStream,
                           public std::enable_shared_from_this<ImportStream> {
 public:
  // All must outlive the stream.
  struct Dependencies {
    catalog::Catalog& catalog;
    base::Executor& executor;
    StreamRegistry& registry;
    base::Clock& clock;
  };
  struct Options {
    catalog::Language language = catalog::Language::kIndonesian;
    absl::Duration stall = absl::Seconds(60);  // Default: 60 s without a message end the call.
  };

  // The reactor to return from the handler. `*response` is gRPC's.
  static grpc::ServerReadReactor<v1::ImportFilesRequest>* Start(const Dependencies& dependencies,
                                                                Options options,
                                                                v1::ImportFilesResponse* response);

  ImportStream(const Dependencies& dependencies, Options options, v1::ImportFilesResponse* response);

  void Drain() override;

 private:
  enum class Phase {
    kReading,    // A read is outstanding.
    kImporting,  // The executor works on what was read.
    kFinished,   // Finish was called.
  };
  enum class Input { kMore, kEnded };

  void OnReadDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

  void ReadNext();
  void Import(Input input);
  absl::Status Consume(Input input);
  void Receive(int64_t line, absl::StatusOr<catalog::FileWithValues> file);
  absl::Status WriteBatch();
  void Refuse(int64_t line, const absl::Status& why);
  void Stop(grpc::Status status);
  void Succeed();
  void WatchForStall(absl::Duration wait);
  void CheckForStall();

  const Dependencies deps_;
  const Options options_;
  v1::ImportFilesResponse* const response_;
  std::shared_ptr<ImportStream> self_;  // gRPC's reference.

  // Of the executor's task while the phase is kImporting, and of the read that is outstanding otherwise.
  v1::ImportFilesRequest request_;
  catalog::ImportReader reader_;
  std::vector<catalog::FileWithValues> batch_;
  std::vector<int64_t> batch_lines_;
  size_t batch_bytes_ = 0;
  v1::ImportFilesResponse result_;

  base::Mutex mu_;
  Phase phase_ ABSL_GUARDED_BY(mu_) = Phase::kImporting;
  absl::Duration read_start_ ABSL_GUARDED_BY(mu_);
  std::unique_ptr<grpc::Alarm> alarm_ ABSL_GUARDED_BY(mu_);
};

}  // namespace satudata::rpc

#endif  // SERVER_RPC_IMPORT_STREAM_H_
