// File: stack.h
//
// The built programs as an operator runs them: target-simulator, integration-server and integrationctl, each
// a process, in a directory of their own that is removed at the end.
#ifndef TESTS_E2E_STACK_H_
#define TESTS_E2E_STACK_H_

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "nlohmann/json.hpp"
#include "tests/e2e/process.h"
#include "tests/integration/delivery/judge.h"

namespace satudata::e2e {

struct Finished {
  int code = 0;
  std::string output;
  std::string errors;
  // One JSON value per line of the output.
  std::vector<nlohmann::json> Lines() const;
};

class Stack {
 public:
  struct Options {
    std::vector<std::string> simulator_flags;
    std::map<std::string, std::string> settings;  // Of the server, on top of what it needs.
    std::string database_url = "";                // Default: a SQLite file in the stack's directory.
    size_t servers = 1;                           // At one database.
    std::string language = "en_GB.UTF-8";
  };

  // Both are ready when it returns; the test fails if they are not.
  explicit Stack(Options options);
  Stack() : Stack(Options()) {}
  ~Stack();

  // Runs integrationctl to its end.
  Finished Ctl(std::vector<std::string> arguments, const std::string& input_file = "/dev/null");
  // Starts it and lets it run.
  std::unique_ptr<Process> StartCtl(std::vector<std::string> arguments, const std::string& name);
  // Runs another program in the stack's environment.
  Finished RunProgram(std::vector<std::string> command);

  void StartServer(size_t index = 0);
  // The two halves of that: who begins may do something else before it is ready.
  void BeginServer(size_t index = 0);
  void AwaitServer(size_t index = 0);
  // From now on it is started on that database.
  void MoveTo(std::string database_url) { database_url_ = std::move(database_url); }
  Process& server(size_t index = 0) { return *servers_[index].process; }
  // All that asks a server asks this one from now on.
  void Use(size_t index) { used_ = index; }
  std::string server_address() const { return servers_[used_].address; }
  std::string web_address() const { return servers_[used_].web_address; }
  // Everything that the programs write: their data, their output, their logs.
  const std::filesystem::path& directory() const { return directory_; }

  nlohmann::json Truth() const;
  nlohmann::json Stats() const;
  void Post(const std::string& path, const nlohmann::json& body) const;
  std::string AdminGet(const std::string& path, int* status) const;

  // Records that the run's deliveries call CONFIRMED or UNCHANGED and that the simulator does not hold so, as
  // text.
  std::vector<std::string> FalseClaims(const std::string& run_id, int* claims);
  int64_t NeedlessSecondEffects() const;
  // Stops the servers and holds what its database says of `targets` against what the simulator holds.
  Judgement JudgeAtTheEnd(std::vector<std::string> targets = {"sipd", "splp"});

  std::string database_url() const;
  std::string Path(const std::string& name) const { return (directory_ / name).string(); }
  std::map<std::string, std::string> Environment() const;

 private:
  struct Server {
    std::unique_ptr<Process> process;
    std::string address;
    std::string web_address;
    std::string admin_address;
  };

  std::string AddressFile(size_t index) const { return Path("server" + std::to_string(index) + ".address"); }

  const Options options_;
  std::filesystem::path directory_;
  std::unique_ptr<Process> simulator_;
  std::vector<Server> servers_;
  size_t used_ = 0;
  std::string simulator_url_;
  std::string database_url_;  // Empty: the SQLite file.
  int count_ = 0;
};

// A file of the sample catalogue.
std::string SamplePath(const std::string& name);

}  // namespace satudata::e2e

#endif  // TESTS_E2E_STACK_H_
