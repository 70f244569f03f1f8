#include "server/main/stop_guard.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <utility>

#include "server/base/executor.h"

namespace satudata::main {
namespace {

enum class Event { kTimeUp, kSignal, kEnded };

constexpr int kLongestPoll = 60'000;  // Milliseconds: the limit may be more than poll() can count.

Event Await(int signal_fd, int end_fd, absl::Duration limit) {
  const auto end = std::chrono::steady_clock::now() + absl::ToChronoMilliseconds(limit);
  pollfd watched[] = {{.fd = signal_fd, .events = POLLIN}, {.fd = end_fd, .events = POLLIN}};
  for (auto now = std::chrono::steady_clock::now(); now < end; now = std::chrono::steady_clock::now()) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - now).count();
    if (::poll(watched, 2, static_cast<int>(std::min<int64_t>(left, kLongestPoll))) <= 0) continue;
    return watched[1].revents != 0 ? Event::kEnded : Event::kSignal;
  }
  return Event::kTimeUp;
}

}  // namespace

StopGuard::StopGuard(const sigset_t& signals, absl::Duration limit,
                     std::function<void(absl::string_view)> force)
    : signal_fd_(::signalfd(-1, &signals, SFD_CLOEXEC)), end_fd_(::eventfd(0, EFD_CLOEXEC)) {
  thread_ = std::thread([this, limit, force = std::move(force)] {
    base::SetThreadName("stop-guard");
    const Event event = Await(signal_fd_, end_fd_, limit);
    if (event == Event::kSignal) force("a second signal");
    if (event == Event::kTimeUp) force("it took longer than DRAIN_DELAY and SHUTDOWN_GRACE allow");
  });
}

StopGuard::~StopGuard() {
  const uint64_t one = 1;
  static_cast<void>(::write(end_fd_, &one, sizeof(one)) == sizeof(one));
  thread_.join();
  ::close(signal_fd_);
  ::close(end_fd_);
}

}  // namespace satudata::main
