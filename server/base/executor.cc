#include "server/base/executor.h"

#include <pthread.h>

#include <deque>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/base/mutex.h"

namespace satudata::base {

void SetThreadName(absl::string_view name) {
  // The kernel refuses names of more than 15 bytes.
  pthread_setname_np(pthread_self(), std::string(name.substr(0, 15)).c_str());
}

bool InlineExecutor::Execute(std::function<void()> work) {
  work();
  return true;
}

struct ThreadPool::State {
  explicit State(ThreadPoolOptions options_in) : options(std::move(options_in)) {}

  std::optional<std::function<void()>> Next() {
    MutexLock lock(&mu);
    while (queue.empty() && !stopping) changed.Wait(&mu);
    if (queue.empty()) return std::nullopt;
    std::function<void()> work = std::move(queue.front());
    queue.pop_front();
    return work;
  }

  void Run(int index) {
    SetThreadName(absl::StrCat(options.name, "-", index));
    while (auto work = Next()) (*work)();
  }

  const ThreadPoolOptions options;
  Mutex mu;
  CondVar changed;
  std::deque<std::function<void()>> queue ABSL_GUARDED_BY(mu);
  bool stopping ABSL_GUARDED_BY(mu) = false;
  std::vector<std::thread> threads;
};

ThreadPool::ThreadPool(ThreadPoolOptions options) : state_(std::make_unique<State>(std::move(options))) {
  for (int i = 0; i < state_->options.threads; ++i) {
    state_->threads.emplace_back([state = state_.get(), i] { state->Run(i); });
  }
}

ThreadPool::~ThreadPool() { Shutdown(); }

bool ThreadPool::Execute(std::function<void()> work) {
  {
    MutexLock lock(&state_->mu);
    if (state_->stopping || state_->queue.size() >= state_->options.queue_limit) return false;
    state_->queue.push_back(std::move(work));
  }
  state_->changed.Signal();
  return true;
}

void ThreadPool::Shutdown() {
  {
    MutexLock lock(&state_->mu);
    state_->stopping = true;
  }
  state_->changed.SignalAll();
  for (std::thread& thread : state_->threads) {
    if (thread.joinable()) thread.join();
  }
}

}  // namespace satudata::base
