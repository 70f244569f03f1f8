// File: reporter.h
//
// What a person or a program gets to see while a run is followed. Used by one thread.
#ifndef CLIENTS_CLI_REPORTER_H_
#define CLIENTS_CLI_REPORTER_H_

#include <memory>

#include "absl/strings/string_view.h"
#include "clients/cli/run_view.h"

namespace satudata::cli {

class Session;

class Reporter {
 public:
  virtual ~Reporter() = default;

  // `view` has taken `event` in.
  virtual void OnEvent(const v1::RunEvent& event, const RunView& view) = 0;
  // Nothing more is there to read at this moment.
  virtual void OnQuiet(const RunView& view) = 0;
  // A remark of the program itself, such as a lost connection; with its line end.
  virtual void OnNotice(absl::string_view text) = 0;
  // Others write on standard error from now on.
  virtual void Leave() = 0;
  // The run ended.
  virtual void OnEnd(const RunView& view) = 0;
};

// With JSON output: each event as a line on standard output. On a terminal: a live picture, then the summary.
// Otherwise: a line per event on standard error, then the summary. `session` must outlive it.
std::unique_ptr<Reporter> MakeReporter(const Session& session);

}  // namespace satudata::cli

#endif  // CLIENTS_CLI_REPORTER_H_
