// File: shell.h
//
// Runs commands in a test as a shell would, against the fake server.
#ifndef TESTS_UNIT_CLIENTS_CLI_SHELL_H_
#define TESTS_UNIT_CLIENTS_CLI_SHELL_H_

#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "clients/cli/command_line.h"
#include "clients/cli/exit_code.h"
#include "clients/cli/surroundings.h"
#include "server/base/clock.h"
#include "tests/unit/clients/cli/fake_server.h"

namespace satudata::cli {

struct Ran {
  ExitCode exit_code = ExitCode::kGood;
  std::string out;
  std::string err;
};

// English, plain files for outputs, a data directory without a secret, no jitter. Change what a test is
// about.
class TestShell {
 public:
  TestShell();

  // Adds --server of the fake server.
  Ran Run(std::vector<std::string> arguments);
  // As typed.
  Ran RunExactly(const std::vector<std::string>& arguments);

  FakeServer server;
  Interrupt interrupt;
  base::SystemClock clock;
  std::map<std::string, std::string> variables = {{"LANG", "en_GB.UTF-8"}};
  std::string standard_input;
  Surroundings surroundings;
};

// Events of run-1, a SyncAll to `splp`.
v1::RunEvent SnapshotEvent(v1::Run::State state, int64_t sequence);
v1::RunEvent DeliveryEvent(const std::string& file_id, v1::Delivery::State state, int64_t sequence);

// One JSON object per line.
std::vector<std::string> Lines(const std::string& text);

}  // namespace satudata::cli

#endif  // TESTS_UNIT_CLIENTS_CLI_SHELL_H_
