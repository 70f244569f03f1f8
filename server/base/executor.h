// File: executor.h
//
// Where work runs that must not run here: off a gRPC reaction, off a request thread.
#ifndef SERVER_BASE_EXECUTOR_H_
#define SERVER_BASE_EXECUTOR_H_

#include <functional>
#include <memory>
#include <string>

#include "absl/strings/string_view.h"

namespace satudata::base {

// Thread-safe.
class Executor {
 public:
  virtual ~Executor() = default;
  // Runs `work` once, now or later. Returns false, and drops `work`, when the queue is full or shut down.
  virtual bool Execute(std::function<void()> work) = 0;
};

// Runs the work in the caller's thread before Execute returns. For tests and for callers that need no
// concurrency.
class InlineExecutor final : public Executor {
 public:
  bool Execute(std::function<void()> work) override;
};

struct ThreadPoolOptions {
  std::string name = "pool";   // Thread names are `name`-0, `name`-1, … (cut to 15 bytes by the system).
  int threads = 4;             // Default: 4.
  size_t queue_limit = 10000;  // Default: 10,000 waiting pieces of work.
};

// A fixed number of threads over one bounded queue. Joins its threads in Shutdown or in the destructor.
class ThreadPool final : public Executor {
 public:
  explicit ThreadPool(ThreadPoolOptions options);
  ~ThreadPool() override;

  bool Execute(std::function<void()> work) override;
  // Runs what is queued, refuses what comes after, joins. Idempotent. Not from one of its own threads.
  void Shutdown();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Names the calling thread for debuggers and `top -H`.
void SetThreadName(absl::string_view name);

}  // namespace satudata::base

#endif  // SERVER_BASE_EXECUTOR_H_
