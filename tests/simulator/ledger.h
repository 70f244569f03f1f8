// File: ledger.h
//
// Counts of what was asked and answered, and the newest requests. Thread-safe. It judges nothing: Truth does.
#ifndef TESTS_SIMULATOR_LEDGER_H_
#define TESTS_SIMULATOR_LEDGER_H_

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "nlohmann/json_fwd.hpp"
#include "server/base/clock.h"
#include "server/base/mutex.h"
#include "tests/simulator/exchange.h"
#include "tests/simulator/reply.h"

namespace satudata::simulator {

struct OperationFigures {
  uint64_t requests = 0;
  std::map<int, uint64_t> answers;  // By status; 0 stands for no answer at all.
  std::array<uint64_t, kQuirks> quirks{};
  std::array<uint64_t, kRefusals> refusals{};
};

class Ledger {
 public:
  // `clock` must outlive the ledger; `log_size` as Options::request_log.
  Ledger(base::Clock& clock, size_t log_size);

  // The ordinal of a request that has come in, from 1.
  uint64_t Open();
  // Once per request, when its answer stands. `took` is how long that lasted.
  void Close(const Exchange& exchange, const Reply& reply, absl::Duration took);
  void CountRow(Operation operation, Quirk quirk);
  void Reset();

  std::array<OperationFigures, kOperations> figures() const;
  uint64_t requests() const;
  // The newest `limit` requests, newest first. Credentials are not in them: no headers, no token requests'
  // bodies.
  nlohmann::json Requests(size_t limit) const;

 private:
  struct Entry {
    uint64_t ordinal = 0;
    Operation operation = Operation::kToken;
    absl::Time time;
    absl::Duration took;
    int status = 0;
    absl::string_view cause;
    std::string method;
    std::string target;
    std::string body;
    std::string traceparent;
  };

  void Remember(const Exchange& exchange, int status, absl::Duration took) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);

  base::Clock& clock_;
  const size_t log_size_;
  mutable base::Mutex mu_;
  uint64_t opened_ ABSL_GUARDED_BY(mu_) = 0;
  std::array<OperationFigures, kOperations> figures_ ABSL_GUARDED_BY(mu_);
  std::vector<Entry> ring_ ABSL_GUARDED_BY(mu_);
  size_t next_ ABSL_GUARDED_BY(mu_) = 0;  // Where the ring is overwritten next.
};

}  // namespace satudata::simulator

#endif  // TESTS_SIMULATOR_LEDGER_H_
