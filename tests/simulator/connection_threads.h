// File: connection_threads.h
//
// httplib's task queue, bounded: a thread per connection, made when needed and kept for the next, up to a
// limit. Beyond it the acceptor waits, and new connections stay in the kernel's backlog.
#ifndef TESTS_SIMULATOR_CONNECTION_THREADS_H_
#define TESTS_SIMULATOR_CONNECTION_THREADS_H_

#include <functional>
#include <list>
#include <thread>
#include <vector>

#include "httplib.h"
#include "server/base/mutex.h"

namespace satudata::simulator {

class ConnectionThreads final : public httplib::TaskQueue {
 public:
  explicit ConnectionThreads(size_t limit) : limit_(limit) {}

  // Waits while `limit` connections are being served. From the acceptor's thread.
  void enqueue(std::function<void()> serve) override;
  // Serves what was taken, then joins. The connections must end by themselves or be interrupted.
  void shutdown() override;

 private:
  void Run();

  const size_t limit_;
  base::Mutex mu_;
  base::CondVar work_;
  base::CondVar room_;
  std::list<std::function<void()>> waiting_ ABSL_GUARDED_BY(mu_);
  size_t busy_ ABSL_GUARDED_BY(mu_) = 0;  // Threads that serve, and tasks that wait for a thread to wake.
  bool stopped_ ABSL_GUARDED_BY(mu_) = false;
  std::vector<std::thread> threads_;  // The acceptor's alone.
};

}  // namespace satudata::simulator

#endif  // TESTS_SIMULATOR_CONNECTION_THREADS_H_
