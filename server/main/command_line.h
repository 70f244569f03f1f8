// File: command_line.h
//
// What was asked for on the command line: a flag for every setting that may have one, and what to do.
#ifndef SERVER_MAIN_COMMAND_LINE_H_
#define SERVER_MAIN_COMMAND_LINE_H_

#include <string>

#include "absl/status/statusor.h"
#include "server/main/setting_sources.h"

namespace satudata::main {

enum class Action {
  kServe,
  kCheckConfig,
  kPrint,  // `text`, and be done: --help, --version.
};

struct CommandLine {
  Action action = Action::kServe;
  std::string text;
  Variables flags;       // By the variable's name.
  std::string env_file;  // Of --env-file; empty: none.
};

// INVALID_ARGUMENT in one line for a flag that is not there or lacks its value.
absl::StatusOr<CommandLine> ParseCommandLine(int argc, const char* const* argv);

}  // namespace satudata::main

#endif  // SERVER_MAIN_COMMAND_LINE_H_
