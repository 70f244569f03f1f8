// File: commands.h
//
// What the bench client does. Each command prints one JSON object when it is done, and ends the program with
// a message when the server refuses.
#ifndef TESTS_BENCH_CLIENT_COMMANDS_H_
#define TESTS_BENCH_CLIENT_COMMANDS_H_

#include <cstdint>
#include <string>

#include "tests/bench/client/caller.h"

namespace satudata::bench {

// Sends generated files, from index `first` on, through ImportFiles.
struct ImportOptions {
  int64_t first = 0;
  int64_t files = 0;
  int values = 0;  // Indicator values per file.
};
void Import(const Caller& caller, const ImportOptions& options);

// Starts a SyncAll and reads its stream to the end. With `detach`, until the first event only.
struct SyncOptions {
  std::string target;
  int64_t first = 0;  // With `count`: of these generated files only.
  int64_t count = 0;  // 0: of all files.
  bool detach = false;
};
void Sync(const Caller& caller, const SyncOptions& options);

// Follows a run with many streams, each on a connection of its own.
struct WatchOptions {
  std::string run_id;
  int readers = 1;
  int idlers = 0;  // Open a stream and never read from it.
};
void Watch(const Caller& caller, const WatchOptions& options);

// Lists what a run's deliveries claim: a line per record, then the count.
void Claims(const Caller& caller, const std::string& run_id, bool with_records);

// Lists all runs, newest first: a line each.
void Runs(const Caller& caller);

// Calls GetFileStatus of the server and of `peer`, one after the other in turn, and tells the median of each.
struct UnaryOptions {
  std::string peer;
  std::string file_id;
  int calls = 0;
};
void Unary(const Caller& caller, const UnaryOptions& options);

// Serves GetFileStatus with a fixed answer and nothing around it, until a signal comes.
void ServeBare(const std::string& address_file);

}  // namespace satudata::bench

#endif  // TESTS_BENCH_CLIENT_COMMANDS_H_
