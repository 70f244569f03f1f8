// File: process.h
//
// A program run by a test: its output in files, its end awaited, never left behind.
#ifndef TESTS_E2E_PROCESS_H_
#define TESTS_E2E_PROCESS_H_

#include <sys/types.h>

#include <map>
#include <string>
#include <vector>

#include "absl/time/time.h"

namespace satudata::e2e {

// One thread at a time. The destructor kills what still runs.
class Process {
 public:
  struct Options {
    std::vector<std::string> command;                // Program first; looked up in PATH.
    std::map<std::string, std::string> environment;  // All of it, but for PATH.
    std::string output_file;                         // Standard output. Both are truncated.
    std::string error_file;                          // Standard error.
    std::string input_file = "/dev/null";
  };

  // Dies if the program cannot be started.
  explicit Process(Options options);
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  // Its exit code, or minus the signal that ended it; kTimeout when it still runs after `limit`.
  static constexpr int kTimeout = -1000;
  int Wait(absl::Duration limit);
  void Signal(int signal) const;
  pid_t pid() const { return pid_; }
  bool IsRunning();

  std::string Output() const;
  std::string Errors() const;

 private:
  const Options options_;
  pid_t pid_ = 0;
  bool ended_ = false;
  int code_ = 0;
};

}  // namespace satudata::e2e

#endif  // TESTS_E2E_PROCESS_H_
