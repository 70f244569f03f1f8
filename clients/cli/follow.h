// File: follow.h
//
// Follows a run to its end, through broken connections: what sync-file, sync-all, retry and watch have in
// common.
#ifndef CLIENTS_CLI_FOLLOW_H_
#define CLIENTS_CLI_FOLLOW_H_

#include <cstdint>
#include <string>

#include "clients/cli/exit_code.h"
#include "clients/cli/reporter.h"
#include "clients/cli/run_view.h"
#include "clients/cli/session.h"
#include "clients/cpp/event_stream.h"

namespace satudata::cli {

enum class FollowUntil { kEnded, kStarted };

struct FollowStart {
  integration::EventStream::Opener open;  // The first stream; may be opened again while no run is known.
  std::string request_id;      // Makes that repetition safe; shown to whoever interrupts it. Empty for watch.
  std::string run_id;          // Empty until the first event names it.
  int64_t after_sequence = 0;  // For watch: what was seen before.
  FollowUntil until = FollowUntil::kEnded;
};

struct Followed {
  ExitCode exit_code = ExitCode::kNotSucceeded;
  RunView view;
};

// Reads, reports, and reopens with WatchRun what breaks, with growing pauses, until the run ends, the server
// refuses, the connection stays away, or Ctrl-C. kGood means SUCCEEDED, or with kStarted that the run is
// known. Errors are reported here. All must outlive the call.
Followed Follow(Session& session, Reporter& reporter, FollowStart start);

}  // namespace satudata::cli

#endif  // CLIENTS_CLI_FOLLOW_H_
