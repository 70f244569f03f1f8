// File: run_follower.h
//
// A run's events over streams that break, without waiting for anything by itself: whoever reads decides how
// long to wait, draws meanwhile, and may leave.
#ifndef CLIENTS_CPP_RUN_FOLLOWER_H_
#define CLIENTS_CPP_RUN_FOLLOWER_H_

#include <grpcpp/client_context.h>
#include <grpcpp/support/status.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "clients/cpp/event_stream.h"
#include "server/base/backoff.h"
#include "server/base/clock.h"
#include "server/base/random.h"

namespace satudata::integration {

struct FollowOptions {
  // The server sends a heartbeat when nothing happens.
  absl::Duration silence = absl::Seconds(45);  // Default: 45 s without a sign of life end a stream.
  int most_reconnects = 64;                    // Default: 64 streams in a row that brought nothing.
  base::BackoffOptions pauses = {
      .initial = absl::Milliseconds(100), .maximum = absl::Seconds(5), .factor = 2};
};

class RunFollower {
 public:
  // Where streams come from. All that it reaches must outlive the follower.
  struct Source {
    // One for each stream. An error ends the following.
    std::function<absl::StatusOr<std::shared_ptr<grpc::ClientContext>>()> context;
    EventStream::Opener begin;  // Used until the run has been heard of; repeating it starts nothing twice.
    std::function<EventStream::Opener(const std::string& run_id, int64_t after_sequence)> go_on;
    base::Clock* clock;
    base::Uniform uniform;
  };
  struct Loss {
    grpc::Status status;   // OK: the stream ended before the run did.
    absl::Duration pause;  // How long to wait before reading on.
    int failures = 0;      // Streams in a row that brought nothing.
  };
  enum class Next {
    kEvent,    // `*event` is the next one.
    kNothing,  // Nothing came within the wait.
    kLost,     // The stream broke: see loss(). Reading on opens another.
    kEnded,    // The run has ended, and the last event told how.
    kFailed,   // It cannot be followed any further: see status().
  };

  RunFollower(FollowOptions options, Source source, int64_t after_sequence);

  // Used by one thread. Not after kEnded or kFailed.
  Next Read(absl::Duration wait, v1::RunEvent* event);

  // Empty until the run has been heard of.
  const std::string& run_id() const { return run_id_; }
  // Whether the last event was the first of its stream.
  bool is_first_of_stream() const { return events_ == 1; }
  const Loss& loss() const { return loss_; }              // After kLost.
  const grpc::Status& status() const { return status_; }  // After kFailed: never OK.

 private:
  grpc::Status Open();
  void Take(const v1::RunEvent& event);
  Next Judge(const grpc::Status& status);
  Next Fail(const grpc::Status& status);

  const FollowOptions options_;
  const Source source_;
  std::string run_id_;
  std::unique_ptr<EventStream> stream_;  // Null: to be opened.
  int64_t sequence_;                     // Up to here nothing is missing.
  int64_t sequence_at_open_ = 0;
  absl::Duration opened_;
  absl::Duration heard_;
  int events_ = 0;  // Of the stream that is read.
  bool last_is_final_ = false;
  int failures_ = 0;
  Loss loss_;
  grpc::Status status_;
};

}  // namespace satudata::integration

#endif  // CLIENTS_CPP_RUN_FOLLOWER_H_
