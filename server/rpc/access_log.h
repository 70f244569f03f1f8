// File: access_log.h
//
// One line per call that ended, in the log. Written by a thread of its own: no call waits for whoever reads
// the log. When that falls far behind, lines are dropped, and the next one that is written says how many.
#ifndef SERVER_RPC_ACCESS_LOG_H_
#define SERVER_RPC_ACCESS_LOG_H_

#include <cstdint>
#include <deque>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/strings/string_view.h"
#include "server/base/mutex.h"
#include "server/rpc/call_meter.h"

namespace satudata::rpc {

enum class AccessLogging {
  kOff,
  kCalls,  // Not health and reflection, which ask every few seconds and tell nothing.
  kAll,
};

// Thread-safe. The destructor writes what is left.
class AccessLog {
 public:
  struct Options {
    AccessLogging logging = AccessLogging::kCalls;  // Default: our own services.
    size_t queue_limit = 4096;                      // Default: 4,096 calls wait to be written.
  };
  explicit AccessLog(Options options);
  ~AccessLog();

  // Never waits.
  void Add(const EndedCall& call);

 private:
  bool IsWanted(const EndedCall& call) const;
  void Run();

  const Options options_;
  base::Mutex mu_;
  base::CondVar changed_;
  std::deque<EndedCall> queue_ ABSL_GUARDED_BY(mu_);
  int64_t dropped_ ABSL_GUARDED_BY(mu_) = 0;
  bool stopping_ ABSL_GUARDED_BY(mu_) = false;
  std::thread thread_;  // None where nothing is logged.
};

}  // namespace satudata::rpc

#endif  // SERVER_RPC_ACCESS_LOG_H_
