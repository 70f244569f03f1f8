#include "tests/simulator/late_worker.h"

#include <algorithm>
#include <utility>

#include "server/base/executor.h"

namespace satudata::simulator {

void LateWorker::Start() {
  thread_ = std::thread([this] { Run(); });
}

void LateWorker::Stop() {
  signal_.Raise();
  if (thread_.joinable()) thread_.join();
}

void LateWorker::Defer(Write write, uint64_t request, absl::Duration delay) {
  truth_.Defer(std::move(write), request, clock_.Monotonic() + delay);
  signal_.Nudge();
}

void LateWorker::Run() {
  base::SetThreadName("sim-late");
  // A nudge comes whenever something is added, so the longest sleep bounds nothing but idle wake-ups.
  constexpr absl::Duration kIdle = absl::Minutes(1);
  for (bool go = true; go;) {
    const absl::Duration now = clock_.Monotonic();
    const std::optional<absl::Duration> next = truth_.ApplyDue(now);
    go = signal_.SleepUntilNudged(next.has_value() ? std::min(*next - now, kIdle) : kIdle);
  }
}

}  // namespace satudata::simulator
