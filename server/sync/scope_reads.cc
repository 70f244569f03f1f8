#include "server/sync/scope_reads.h"

#include <algorithm>
#include <cmath>

namespace satudata::sync {
namespace {

constexpr absl::Duration kLongestPause = absl::Seconds(60);
// A slow table must not be read most of the time.
constexpr int kDurationFactor = 5;

}  // namespace

void ScopeReads::Add(const std::string& name, RecordRef ref, absl::Time conclusive, absl::Time now) {
  Remove(name, ref);
  Scope& scope = scopes_[name];
  scope.waiting[ref] = conclusive;
  if (conclusive < absl::InfiniteFuture()) scope.by_conclusive.emplace(conclusive, ref);
  scope.fruitless = 0;
  // What was just accepted is not there yet: give it one interval. It need not wait for what others wait for
  // in vain.
  scope.earliest = std::max(scope.polite, now + interval_);
  Reschedule(name, scope, now);
}

void ScopeReads::Remove(const std::string& name, RecordRef ref) {
  const auto found = scopes_.find(name);
  if (found == scopes_.end()) return;
  Scope& scope = found->second;
  const auto waiting = scope.waiting.find(ref);
  if (waiting == scope.waiting.end()) return;
  scope.by_conclusive.erase({waiting->second, ref});
  scope.waiting.erase(waiting);
  Forget(name);
}

// A scope that nobody waits for and that may be read again at once need not be remembered.
void ScopeReads::Forget(const std::string& name) {
  const auto found = scopes_.find(name);
  const Scope& scope = found->second;
  if (!scope.waiting.empty() || scope.requested || scope.reading || scope.observation != nullptr) return;
  due_.erase({scope.due, name});
  scopes_.erase(found);
}

std::optional<std::string> ScopeReads::Begin(absl::Time now) {
  if (due_.empty() || due_.begin()->first > now) return std::nullopt;
  const std::string name = due_.begin()->second;
  due_.erase(due_.begin());
  Scope& scope = scopes_[name];
  scope.reading = true;
  scope.due = absl::InfiniteFuture();
  return name;
}

absl::Time ScopeReads::NextTime() const {
  return due_.empty() ? absl::InfiniteFuture() : due_.begin()->first;
}

void ScopeReads::End(absl::string_view name, absl::Duration duration, bool progress,
                     std::optional<absl::Time> not_before, absl::Time now) {
  const auto found = scopes_.find(name);
  if (found == scopes_.end()) return;
  Scope& scope = found->second;
  scope.reading = false;
  scope.fruitless = progress ? 0 : scope.fruitless + 1;
  const absl::Duration backoff = interval_ * std::exp2(std::min(scope.fruitless, 16));
  scope.polite = now + std::max(interval_, kDurationFactor * duration);
  if (not_before.has_value()) scope.polite = std::max(scope.polite, *not_before);
  scope.earliest = std::max(scope.polite, now + std::min(backoff, kLongestPause));
  const std::string key(name);
  Reschedule(key, scope, now);
  Forget(key);
}

void ScopeReads::Reschedule(const std::string& name, Scope& scope, absl::Time now) {
  if (scope.reading) return;  // End does it.
  absl::Time due = absl::InfiniteFuture();
  if (!scope.waiting.empty()) due = scope.earliest;
  if (scope.requested) due = scope.polite;
  // A read that settles something for sure is worth more than the next step of the backoff.
  const auto next = scope.by_conclusive.upper_bound({now, RecordRef{INT64_MAX, SIZE_MAX}});
  if (next != scope.by_conclusive.end())
    due = std::min(due, std::max({next->first, now + interval_, scope.polite}));
  if (due == scope.due) return;
  due_.erase({scope.due, name});
  scope.due = due;
  if (due < absl::InfiniteFuture()) due_.emplace(due, name);
}

std::vector<RecordRef> ScopeReads::Waiting(absl::string_view name) const {
  std::vector<RecordRef> refs;
  const auto found = scopes_.find(name);
  if (found == scopes_.end()) return refs;
  for (const auto& [ref, conclusive] : found->second.waiting) refs.push_back(ref);
  return refs;
}

int ScopeReads::Failures(absl::string_view name) const {
  const auto found = scopes_.find(name);
  return found == scopes_.end() ? 0 : found->second.failures;
}

void ScopeReads::CountFailure(absl::string_view name) {
  const auto found = scopes_.find(name);
  if (found != scopes_.end()) ++found->second.failures;
}

std::string ScopeReads::ObserverTrace(absl::string_view name) const {
  const auto found = scopes_.find(name);
  return found == scopes_.end() ? "" : found->second.traceparent;
}

void ScopeReads::Request(const std::string& name, absl::string_view traceparent, absl::Time now) {
  Scope& scope = scopes_[name];
  ++scope.observers;
  scope.traceparent = std::string(traceparent);
  scope.requested = scope.observation == nullptr;
  Reschedule(name, scope, now);
}

void ScopeReads::Offer(const Observation& observation) {
  const auto found = scopes_.find(observation.scope);
  if (found == scopes_.end()) return;
  found->second.failures = 0;
  if (!found->second.requested) return;
  found->second.requested = false;
  found->second.observation = std::make_shared<const Observation>(observation);
}

std::shared_ptr<const Observation> ScopeReads::Take(const std::string& name) {
  const auto found = scopes_.find(name);
  return found == scopes_.end() ? nullptr : found->second.observation;
}

void ScopeReads::Withdraw(const std::string& name) {
  const auto found = scopes_.find(name);
  if (found == scopes_.end()) return;
  if (found->second.observers > 0 && --found->second.observers > 0) return;
  found->second.requested = false;
  found->second.observation = nullptr;
  if (found->second.waiting.empty() && !found->second.reading) {
    due_.erase({found->second.due, name});
    scopes_.erase(found);
  }
}

}  // namespace satudata::sync
