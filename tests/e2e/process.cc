#include "tests/e2e/process.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "tests/e2e/wait_until.h"

namespace satudata::e2e {
namespace {

std::string ReadAll(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::vector<char*> Pointers(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

}  // namespace

Process::Process(Options options) : options_(std::move(options)) {
  std::vector<std::string> arguments = options_.command;
  std::vector<std::string> environment = {absl::StrCat("PATH=", std::getenv("PATH"))};
  for (const auto& [name, value] : options_.environment)
    environment.push_back(absl::StrCat(name, "=", value));
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  constexpr int kTruncate = O_WRONLY | O_CREAT | O_TRUNC;
  posix_spawn_file_actions_addopen(&files, STDIN_FILENO, options_.input_file.c_str(), O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, options_.output_file.c_str(), kTruncate, 0600);
  posix_spawn_file_actions_addopen(&files, STDERR_FILENO, options_.error_file.c_str(), kTruncate, 0600);
  const int error = posix_spawnp(&pid_, arguments[0].c_str(), &files, nullptr, Pointers(arguments).data(),
                                 Pointers(environment).data());
  posix_spawn_file_actions_destroy(&files);
  if (error == 0) return;
  std::cerr << "cannot start " << arguments[0] << ": error " << error << std::endl;
  std::abort();
}

Process::~Process() {
  if (!IsRunning()) return;
  Signal(SIGKILL);
  Wait(absl::Seconds(30));
}

bool Process::IsRunning() {
  if (ended_) return false;
  int status = 0;
  if (waitpid(pid_, &status, WNOHANG) != pid_) return true;
  ended_ = true;
  code_ = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  return false;
}

int Process::Wait(absl::Duration limit) {
  return WaitUntil([this] { return !IsRunning(); }, limit) ? code_ : kTimeout;
}

void Process::Signal(int signal) const { kill(pid_, signal); }
std::string Process::Output() const { return ReadAll(options_.output_file); }
std::string Process::Errors() const { return ReadAll(options_.error_file); }

}  // namespace satudata::e2e
