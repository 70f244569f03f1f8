#include "clients/cli/hidden_input.h"

#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>

namespace satudata::cli {
namespace {

constexpr int kLookIntervalMs = 100;  // How soon Ctrl-C is noticed.
constexpr size_t kLongestLine = 4096;

class EchoOff {
 public:
  explicit EchoOff(int descriptor) : descriptor_(descriptor), known_(tcgetattr(descriptor, &before_) == 0) {
    if (!known_) return;
    termios silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    // What was typed ahead was shown, so it is dropped.
    tcsetattr(descriptor_, TCSAFLUSH, &silent);
  }
  ~EchoOff() {
    if (known_) tcsetattr(descriptor_, TCSAFLUSH, &before_);
  }
  EchoOff(const EchoOff&) = delete;
  EchoOff& operator=(const EchoOff&) = delete;

 private:
  const int descriptor_;
  termios before_{};
  const bool known_;
};

// Whether there is something to read, or the end.
bool WaitForInput(int descriptor, const Interrupt& interrupt) {
  while (!interrupt.Raised()) {
    pollfd poll_one{.fd = descriptor, .events = POLLIN, .revents = 0};
    const int ready = poll(&poll_one, 1, kLookIntervalMs);
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) return false;
  }
  return false;
}

}  // namespace

std::optional<std::string> ReadHiddenLine(int descriptor, const Interrupt& interrupt) {
  const EchoOff echo_off(descriptor);
  std::string line;
  char next = 0;
  while (line.size() < kLongestLine && WaitForInput(descriptor, interrupt)) {
    if (read(descriptor, &next, 1) != 1) return std::nullopt;
    if (next == '\n') return line;
    line.push_back(next);
  }
  return std::nullopt;
}

}  // namespace satudata::cli
