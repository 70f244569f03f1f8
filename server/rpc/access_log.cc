#include "server/rpc/access_log.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "server/base/executor.h"
#include "server/base/log.h"

namespace satudata::rpc {
namespace {

// What failed for a reason of ours is what one looks for.
base::Severity SeverityOf(absl::string_view code) {
  return code == "INTERNAL" || code == "UNKNOWN" || code == "DATA_LOSS" ? base::Severity::kError
                                                                        : base::Severity::kInfo;
}

void Write(const EndedCall& call, int64_t dropped) {
  const std::string duration = absl::StrFormat("%.3f", absl::ToDoubleMilliseconds(call.duration));
  const std::string received = absl::StrCat(call.received);
  const std::string sent = absl::StrCat(call.sent);
  const std::string lost = dropped > 0 ? absl::StrCat(dropped) : "";
  std::vector<base::LogField> fields;
  for (const auto& [name, value] : std::initializer_list<base::LogField>{{"method", call.method},
                                                                         {"code", call.code},
                                                                         {"reason", call.reason},
                                                                         {"user", call.facts.user},
                                                                         {"role", call.facts.role},
                                                                         {"source", call.facts.source},
                                                                         {"duration_ms", duration},
                                                                         {"received", received},
                                                                         {"sent", sent},
                                                                         {"run_id", call.facts.run_id},
                                                                         {"trace_id", call.facts.trace_id},
                                                                         {"dropped_before", lost}}) {
    if (!value.empty()) fields.emplace_back(name, value);
  }
  base::LogEvent(SeverityOf(call.code), "call ended", fields);
}

}  // namespace

AccessLog::AccessLog(Options options) : options_(options) {
  if (options_.logging == AccessLogging::kOff) return;
  thread_ = std::thread([this] { Run(); });
}

AccessLog::~AccessLog() {
  {
    base::MutexLock lock(&mu_);
    stopping_ = true;
    changed_.SignalAll();
  }
  if (thread_.joinable()) thread_.join();
}

bool AccessLog::IsWanted(const EndedCall& call) const {
  if (options_.logging == AccessLogging::kCalls) return !absl::StartsWith(call.method, "grpc.");
  return options_.logging == AccessLogging::kAll;
}

void AccessLog::Add(const EndedCall& call) {
  if (!IsWanted(call)) return;
  base::MutexLock lock(&mu_);
  if (queue_.size() >= options_.queue_limit) {
    ++dropped_;
    return;
  }
  queue_.push_back(call);
  if (queue_.size() == 1) changed_.SignalAll();
}

void AccessLog::Run() {
  base::SetThreadName("access-log");
  while (true) {
    std::deque<EndedCall> calls;
    int64_t dropped = 0;
    {
      base::MutexLock lock(&mu_);
      while (queue_.empty() && !stopping_) changed_.Wait(&mu_);
      if (queue_.empty()) return;
      calls.swap(queue_);
      std::swap(dropped, dropped_);
    }
    for (const EndedCall& call : calls) Write(call, std::exchange(dropped, 0));
  }
}

}  // namespace satudata::rpc
