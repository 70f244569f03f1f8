// integrationctl: the command line of the integration service.
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <iostream>

#include "clients/cli/command_line.h"
#include "clients/cli/hidden_input.h"
#include "clients/cli/signal_watch.h"

namespace satudata::cli {
namespace {

constexpr int kUsualColumns = 80;

int TerminalColumns() {
  winsize size{};
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return kUsualColumns;
  return size.ws_col;
}

std::optional<std::string> EnvironmentVariable(absl::string_view name) {
  const char* value = std::getenv(std::string(name).c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

Surface SurfaceOf(int descriptor) { return isatty(descriptor) == 1 ? Surface::kTerminal : Surface::kFile; }

base::Uniform SystemUniform() {
  uint64_t seed = 0;
  const std::string bytes = base::RandomBytes(sizeof seed);
  bytes.copy(reinterpret_cast<char*>(&seed), sizeof seed);
  return base::SeededUniform(seed);
}

int Main(int argc, char** argv) {
  // gRPC writes connection errors to standard error on its own; ours say them in the caller's language.
  setenv("GRPC_VERBOSITY", "NONE", /*overwrite=*/0);
  std::ios::sync_with_stdio(false);
  Interrupt interrupt;
  const SignalWatch signals(&interrupt);
  base::SystemClock clock;
  std::function<std::optional<std::string>()> hidden_line;
  if (SurfaceOf(STDIN_FILENO) == Surface::kTerminal) {
    hidden_line = [&interrupt] { return ReadHiddenLine(STDIN_FILENO, interrupt); };
  }
  const Surroundings surroundings = {.in = &std::cin,
                                     .out = &std::cout,
                                     .err = &std::cerr,
                                     .out_surface = SurfaceOf(STDOUT_FILENO),
                                     .err_surface = SurfaceOf(STDERR_FILENO),
                                     .hidden_line = hidden_line,
                                     .columns = TerminalColumns,
                                     .variable = EnvironmentVariable,
                                     .clock = &clock,
                                     .uniform = SystemUniform(),
                                     .interrupt = &interrupt,
                                     .zone = absl::LocalTimeZone()};
  return static_cast<int>(RunCommandLine(std::vector<std::string>(argv + 1, argv + argc), surroundings));
}

}  // namespace
}  // namespace satudata::cli

int main(int argc, char** argv) { return satudata::cli::Main(argc, argv); }
