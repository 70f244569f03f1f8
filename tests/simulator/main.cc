// The program target-simulator: parse flags, serve, wait for a signal, stop.
#include <signal.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <iostream>
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/simulator/flags.h"
#include "tests/simulator/simulator.h"

namespace {

namespace sim = satudata::simulator;

// Blocked before any thread exists, so that only WaitForSignal sees them.
sigset_t BlockSignals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  return set;
}

void WaitForSignal(const sigset_t& set) {
  int signal = 0;
  while (sigwait(&set, &signal) != 0) {
  }
}

std::string ReadyLine(const sim::Simulator& simulator) {
  return absl::StrCat("{\"address\":\"", simulator.address(), "\",\"base_url\":\"", simulator.base_url(),
                      "\",\"splp_url\":\"", simulator.splp_url(), "\",\"sipd_url\":\"", simulator.sipd_url(),
                      "\",\"pid\":", getpid(), "}");
}

// By rename: whoever waits for the file never reads half of it.
bool WriteAtomically(const std::string& path, const std::string& text) {
  const std::string temporary = absl::StrCat(path, ".", getpid());
  std::ofstream file(temporary, std::ios::trunc);
  file << text << "\n";
  file.close();
  return file && std::rename(temporary.c_str(), path.c_str()) == 0;
}

}  // namespace

int main(int argc, char** argv) {
  int exit_code = 0;
  std::optional<sim::Flags> flags = sim::ParseFlags(argc, argv, &exit_code);
  if (!flags.has_value()) return exit_code;
  const sigset_t signals = BlockSignals();
  auto simulator = sim::Simulator::Start(std::move(flags->options));
  if (!simulator.ok()) {
    std::cerr << "target-simulator: " << simulator.status().message() << std::endl;
    return 2;
  }
  if (!flags->address_file.empty() && !WriteAtomically(flags->address_file, (*simulator)->address())) {
    std::cerr << "target-simulator: cannot write " << flags->address_file << std::endl;
    return 1;
  }
  std::cout << ReadyLine(**simulator) << std::endl;
  WaitForSignal(signals);
  return 0;
}
