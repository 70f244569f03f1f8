// File: run_reader.h
//
// What stands behind a RunStream: waits where a follower does not, and tells each event once.
#ifndef CLIENTS_CPP_RUN_READER_H_
#define CLIENTS_CPP_RUN_READER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>

#include "absl/status/status.h"
#include "clients/cpp/client_core.h"
#include "clients/cpp/run_follower.h"

namespace satudata::integration {

// Used by one thread, but for Cancel.
class RunReader {
 public:
  // `begin` as a follower uses it. `core` must outlive the reader.
  RunReader(ClientCore& core, CallOptions options, EventStream::Opener begin, bool strict,
            int64_t after_sequence);

  bool Next(v1::RunEvent* event);
  const absl::Status& status() const { return status_; }
  const v1::Run& run() const { return run_; }  // Of the last snapshot; without an id before that.
  const std::string& run_id() const { return follower_.run_id(); }
  void Cancel() { stop_.request_stop(); }

 private:
  RunFollower::Source SourceFor(EventStream::Opener begin, bool strict);
  absl::StatusOr<std::shared_ptr<grpc::ClientContext>> NewContext();
  bool IsNews(const v1::RunEvent& event);
  bool End(absl::Status status);

  ClientCore& core_;
  const CallOptions options_;
  std::stop_source stop_;
  const std::stop_callback<std::function<void()>> outer_stop_;
  std::unique_ptr<StoppableContext> context_;  // Of the stream that is read.
  int64_t told_;                               // The changes up to here were told.
  bool told_opening_ = false;
  bool told_ending_ = false;
  bool is_over_ = false;
  v1::Run run_;
  absl::Status status_;
  RunFollower follower_;  // Last: its stream uses the context.
};

}  // namespace satudata::integration

#endif  // CLIENTS_CPP_RUN_READER_H_
