// File: command_line.h
//
// The whole program, with its surroundings handed in.
#ifndef CLIENTS_CLI_COMMAND_LINE_H_
#define CLIENTS_CLI_COMMAND_LINE_H_

#include <string>
#include <vector>

#include "clients/cli/exit_code.h"
#include "clients/cli/surroundings.h"

namespace satudata::cli {

// Reads `arguments` (without the program's name), does what they say, and returns how the program ends.
// Blocks until done; only the interrupt may be raised meanwhile, from another thread. `surroundings` must
// outlive the call.
ExitCode RunCommandLine(const std::vector<std::string>& arguments, const Surroundings& surroundings);

}  // namespace satudata::cli

#endif  // CLIENTS_CLI_COMMAND_LINE_H_
