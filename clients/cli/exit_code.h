// File: exit_code.h
//
// How the program ends. Other people's scripts rely on these numbers.
#ifndef CLIENTS_CLI_EXIT_CODE_H_
#define CLIENTS_CLI_EXIT_CODE_H_

namespace satudata::cli {

enum class ExitCode {
  kGood = 0,
  kNotSucceeded = 1,  // The run, the check or the request did not succeed.
  kUsage = 2,         // The command line or a value in it is wrong.
  kNoAccess = 3,      // The server is not reachable, or does not allow it.
  kInterrupted = 130  // By Ctrl-C.
};

}  // namespace satudata::cli

#endif  // CLIENTS_CLI_EXIT_CODE_H_
