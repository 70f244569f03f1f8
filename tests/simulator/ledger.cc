#include "tests/simulator/ledger.h"

#include <algorithm>

#include "nlohmann/json.hpp"

namespace satudata::simulator {
namespace {

// Enough to recognise a request by; the log is no archive.
constexpr size_t kBodyLimit = 2048;

}  // namespace

Ledger::Ledger(base::Clock& clock, size_t log_size) : clock_(clock), log_size_(log_size) {}

uint64_t Ledger::Open() {
  base::MutexLock lock(&mu_);
  return ++opened_;
}

void Ledger::Close(const Exchange& exchange, const Reply& reply, absl::Duration took) {
  const int status = StatusOnTheWire(reply);
  base::MutexLock lock(&mu_);
  OperationFigures& figures = figures_[IndexOf(exchange.operation)];
  ++figures.requests;
  ++figures.answers[status];
  if (exchange.quirk != Quirk::kNone) ++figures.quirks[IndexOf(exchange.quirk)];
  if (exchange.refusal != Refusal::kNone) ++figures.refusals[static_cast<size_t>(exchange.refusal)];
  if (log_size_ > 0) Remember(exchange, status, took);
}

// Reuses the slot's strings, so that a full ring allocates nothing.
void Ledger::Remember(const Exchange& exchange, int status, absl::Duration took) {
  if (ring_.size() < log_size_ && next_ == ring_.size()) ring_.emplace_back();
  Entry& entry = ring_[next_];
  next_ = (next_ + 1) % log_size_;
  const httplib::Request& request = exchange.request;
  entry.ordinal = exchange.ordinal;
  entry.operation = exchange.operation;
  entry.time = clock_.Now();
  entry.took = took;
  entry.status = status;
  entry.cause = exchange.cause();
  entry.method = request.method;
  entry.target = request.target;
  entry.body.assign(request.body, 0, kBodyLimit);
  if (exchange.operation == Operation::kToken) entry.body = "(redacted)";
  entry.traceparent = request.get_header_value("traceparent");
}

void Ledger::CountRow(Operation operation, Quirk quirk) {
  base::MutexLock lock(&mu_);
  ++figures_[IndexOf(operation)].quirks[IndexOf(quirk)];
}

void Ledger::Reset() {
  base::MutexLock lock(&mu_);
  opened_ = 0;
  figures_ = {};
  ring_.clear();
  next_ = 0;
}

std::array<OperationFigures, kOperations> Ledger::figures() const {
  base::MutexLock lock(&mu_);
  return figures_;
}

uint64_t Ledger::requests() const {
  base::MutexLock lock(&mu_);
  return opened_;
}

nlohmann::json Ledger::Requests(size_t limit) const {
  nlohmann::json list = nlohmann::json::array();
  base::MutexLock lock(&mu_);
  for (size_t i = 0; i < std::min(limit, ring_.size()); ++i) {
    const Entry& entry = ring_[(next_ + ring_.size() - 1 - i) % ring_.size()];
    list.push_back({{"ordinal", entry.ordinal},
                    {"operation", std::string(NameOf(entry.operation))},
                    {"time", absl::FormatTime(absl::RFC3339_full, entry.time, absl::UTCTimeZone())},
                    {"took_ms", absl::ToDoubleMilliseconds(entry.took)},
                    {"status", entry.status},
                    {"cause", std::string(entry.cause)},
                    {"method", entry.method},
                    {"target", entry.target},
                    {"body", entry.body},
                    {"traceparent", entry.traceparent}});
  }
  return list;
}

}  // namespace satudata::simulator
