#include "tests/simulator/connection_threads.h"

#include <utility>

#include "server/base/executor.h"

namespace satudata::simulator {

void ConnectionThreads::enqueue(std::function<void()> serve) {
  base::MutexLock lock(&mu_);
  while (busy_ >= limit_) room_.Wait(&mu_);
  ++busy_;
  waiting_.push_back(std::move(serve));
  if (busy_ > threads_.size()) {
    threads_.emplace_back([this] { Run(); });
  } else {
    work_.Signal();
  }
}

void ConnectionThreads::shutdown() {
  {
    base::MutexLock lock(&mu_);
    stopped_ = true;
    work_.SignalAll();
  }
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

void ConnectionThreads::Run() {
  base::SetThreadName("sim-connection");
  while (true) {
    std::function<void()> serve;
    {
      base::MutexLock lock(&mu_);
      while (waiting_.empty() && !stopped_) work_.Wait(&mu_);
      if (waiting_.empty()) return;
      serve = std::move(waiting_.front());
      waiting_.pop_front();
    }
    serve();
    base::MutexLock lock(&mu_);
    --busy_;
    room_.Signal();
  }
}

}  // namespace satudata::simulator
