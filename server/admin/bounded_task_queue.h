// File: bounded_task_queue.h
//
// httplib's task queue with a bound: while it is full, accepting waits, and further connections wait in the
// kernel's backlog. (httplib's own pool queues without limit.) Used by admin_server.cc alone.
#ifndef SERVER_ADMIN_BOUNDED_TASK_QUEUE_H_
#define SERVER_ADMIN_BOUNDED_TASK_QUEUE_H_

#include <httplib.h>

#include <deque>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "server/base/executor.h"
#include "server/base/mutex.h"

namespace satudata::admin {

// Thread-safe. httplib calls shutdown() once before it destroys the queue.
class BoundedTaskQueue final : public httplib::TaskQueue {
 public:
  BoundedTaskQueue(int threads, size_t limit) : limit_(limit) {
    for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { Run(); });
  }

  void enqueue(std::function<void()> task) override {
    base::MutexLock lock(&mu_);
    while (tasks_.size() >= limit_ && !stopping_) changed_.Wait(&mu_);
    tasks_.push_back(std::move(task));
    changed_.SignalAll();
  }

  void shutdown() override {
    {
      base::MutexLock lock(&mu_);
      stopping_ = true;
      changed_.SignalAll();
    }
    for (std::thread& thread : threads_) thread.join();
  }

 private:
  void Run() {
    base::SetThreadName("admin-task");
    while (true) {
      std::function<void()> task;
      {
        base::MutexLock lock(&mu_);
        while (tasks_.empty() && !stopping_) changed_.Wait(&mu_);
        if (tasks_.empty()) return;
        task = std::move(tasks_.front());
        tasks_.pop_front();
        changed_.SignalAll();
      }
      task();
    }
  }

  const size_t limit_;
  base::Mutex mu_;
  base::CondVar changed_;
  std::deque<std::function<void()>> tasks_ ABSL_GUARDED_BY(mu_);
  bool stopping_ ABSL_GUARDED_BY(mu_) = false;
  std::vector<std::thread> threads_;
};

}  // namespace satudata::admin

#endif  // SERVER_ADMIN_BOUNDED_TASK_QUEUE_H_
