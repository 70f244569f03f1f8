// File: limited_target.h
//
// A target in virtual time that can take only so much, and a sender with an endless (or a given) backlog that
// asks a TargetControl before each request: minutes in milliseconds.
#ifndef TESTS_UNIT_SERVER_SYNC_LIMITS_LIMITED_TARGET_H_
#define TESTS_UNIT_SERVER_SYNC_LIMITS_LIMITED_TARGET_H_

#include <algorithm>
#include <functional>
#include <map>
#include <random>
#include <vector>

#include "absl/time/time.h"
#include "server/sync/limits/target_control.h"

namespace satudata::sync {

enum class Beyond { kQueue, kThrottle, kFail };  // What happens beyond the slots.

// What it can take. Functions of the time since the start, so that it may change.
struct Capacity {
  std::function<double(double seconds)> latency_ms = [](double) { return 20.0; };
  std::function<double(double seconds)> per_second = [](double) { return 0.0; };  // Bucket; 0: no quota.
  double burst = 10;
  int per_window = 0;  // Fixed window; 0: none.
  double window_seconds = 60;
  int slots = 0;  // 0: no limit.
  Beyond beyond = Beyond::kQueue;
  std::function<double(double seconds)> failing = [](double) { return 0.0; };  // Share of requests with 5xx.
  double random_429 = 0;  // Share of requests that are refused for speed though there is no reason …
  double random_429_until = absl::ToDoubleSeconds(absl::InfiniteDuration());  // … up to this second.
  absl::Duration hint =
      absl::ZeroDuration();  // Retry-After of a refusal; 0: none. <0: until the window ends.
};

class LimitedTarget {
 public:
  LimitedTarget(Capacity capacity, uint64_t seed, int max_concurrency, TargetMemory memory = {},
                double configured_rate = 0)
      : capacity_(std::move(capacity)),
        random_(seed),
        traits_{.name = "t", .max_concurrency = max_concurrency, .rate_limit_per_second = configured_rate},
        control_(traits_, TargetControlOptions()),
        tokens_(capacity_.burst) {
    control_.Restore(std::move(memory), start_);
  }

  TargetControl& control() { return control_; }
  double seconds() const { return absl::ToDoubleSeconds(now_ - start_); }
  absl::Time now() const { return now_; }

  // When there is something to send; always, if not set.
  std::function<bool(double seconds)> busy = [](double) { return true; };

  // Sends whatever the control lets through until `seconds` after the start.
  void RunUntil(double seconds) {
    const absl::Time end = start_ + absl::Seconds(seconds);
    while (now_ < end) {
      control_.Advance(now_);
      if (control_.ProbeDue(now_)) {
        SendProbe();
      } else if (busy(this->seconds()) && control_.MayRequest(now_)) {
        Send();
      } else {
        Sleep(end);
      }
    }
  }

  struct Figures {
    int64_t accepted = 0;
    int64_t refused = 0;
    int64_t failed = 0;
    double RefusedShare() const {
      return static_cast<double>(refused) / std::max<int64_t>(1, accepted + refused + failed);
    }
  };
  // Of the answers that came in [from, to), in seconds.
  Figures Between(double from, double to) const {
    Figures sum;
    for (auto it = figures_.lower_bound(Slice(from)); it != figures_.end() && it->first < Slice(to); ++it) {
      sum.accepted += it->second.accepted;
      sum.refused += it->second.refused;
      sum.failed += it->second.failed;
    }
    return sum;
  }
  double AcceptedPerSecond(double from, double to) const {
    return static_cast<double>(Between(from, to).accepted) / (to - from);
  }
  int peak_in_flight = 0;
  int probes = 0;

 private:
  static int64_t Slice(double seconds) { return static_cast<int64_t>(seconds * 10 + 0.5); }
  double Uniform() { return std::uniform_real_distribution<double>(0, 1)(random_); }

  absl::Duration Latency() {
    return absl::Milliseconds(capacity_.latency_ms(seconds()) * (0.9 + 0.2 * Uniform()));
  }

  void Send() {
    const TargetControl::Ticket ticket = control_.OnSend(now_);
    peak_in_flight = std::max(peak_in_flight, control_.in_flight());
    // A tenth of the time it is on its way there, the rest the target works on it.
    const absl::Duration latency = Latency();
    At(now_ + latency / 10, [this, ticket, latency] { Arrive(ticket, latency * 0.9); });
  }

  void Arrive(const TargetControl::Ticket& ticket, absl::Duration work) {
    if (Uniform() < capacity_.failing(seconds())) return AnswerLater(ticket, VerdictKind::kOutage, work);
    if (capacity_.slots > 0 && served_ >= capacity_.slots) {
      if (capacity_.beyond == Beyond::kQueue) return waiting_.push_back({ticket, work});
      return AnswerLater(ticket,
                         capacity_.beyond == Beyond::kFail ? VerdictKind::kOutage : VerdictKind::kThrottled,
                         absl::Milliseconds(1));
    }
    const bool at_random = Uniform() < capacity_.random_429 && seconds() < capacity_.random_429_until;
    if (at_random || !TakeQuota()) return AnswerLater(ticket, VerdictKind::kThrottled, absl::Milliseconds(1));
    Serve(ticket, work);
  }

  void Serve(const TargetControl::Ticket& ticket, absl::Duration work) {
    ++served_;
    At(now_ + work, [this, ticket] {
      --served_;
      Answer(ticket, VerdictKind::kJudged);
      if (waiting_.empty()) return;
      const auto [next, back] = waiting_.front();
      waiting_.erase(waiting_.begin());
      Serve(next, back);
    });
  }

  bool TakeQuota() {
    const double rate = capacity_.per_second(seconds());
    if (rate > 0) {
      tokens_ = std::min(capacity_.burst, tokens_ + rate * absl::ToDoubleSeconds(now_ - refilled_));
      refilled_ = now_;
      if (tokens_ < 1) return false;
    }
    if (capacity_.per_window > 0) {
      const int64_t window = static_cast<int64_t>(seconds() / capacity_.window_seconds);
      if (window != window_) in_window_ = 0;
      window_ = window;
      if (in_window_ >= capacity_.per_window) return false;
      ++in_window_;
    }
    if (rate > 0) tokens_ -= 1;
    return true;
  }

  void AnswerLater(const TargetControl::Ticket& ticket, VerdictKind kind, absl::Duration after) {
    At(now_ + after, [this, ticket, kind] { Answer(ticket, kind); });
  }

  void Answer(const TargetControl::Ticket& ticket, VerdictKind kind) {
    Figures& figures = figures_[Slice(seconds())];
    figures.accepted += kind == VerdictKind::kJudged;
    figures.refused += kind == VerdictKind::kThrottled;
    figures.failed += kind == VerdictKind::kOutage;
    Verdict verdict{.kind = kind, .effect = Effect::kNone};
    if (kind != VerdictKind::kJudged) verdict.failure = {.reason = catalog::Reason::kTargetOutage};
    if (kind == VerdictKind::kThrottled && capacity_.hint != absl::ZeroDuration()) {
      verdict.retry_at = capacity_.hint > absl::ZeroDuration() ? now_ + capacity_.hint : WindowEnd();
    }
    control_.OnAnswer(ticket, verdict, "d", now_ - ticket.send_time, now_);
  }

  absl::Time WindowEnd() const {
    return start_ + absl::Seconds((static_cast<double>(window_) + 1) * capacity_.window_seconds);
  }

  void SendProbe() {
    ++probes;
    control_.OnProbeSent();
    At(now_ + Latency(), [this] {
      CheckResult result{.healthy = Uniform() >= capacity_.failing(seconds())};
      if (!result.healthy) result.failure = {.reason = catalog::Reason::kTargetOutage};
      control_.OnProbed(result, now_);
    });
  }

  void At(absl::Time time, std::function<void()> event) { events_.emplace(time, std::move(event)); }

  void Sleep(absl::Time end) {
    absl::Time until = std::min(end, control_.NextProbeTime());
    if (control_.NextRequestTime() > now_) until = std::min(until, control_.NextRequestTime());
    if (!busy(seconds())) until = std::min(until, now_ + absl::Milliseconds(10));
    if (!events_.empty() && events_.begin()->first <= until) {
      now_ = std::max(now_, events_.begin()->first);
      const auto event = std::move(events_.begin()->second);
      events_.erase(events_.begin());
      return event();
    }
    now_ = std::max(now_ + absl::Microseconds(1), until);
  }

  const absl::Time start_ = absl::FromUnixSeconds(1'800'000'000);
  const Capacity capacity_;
  std::mt19937_64 random_;
  const TargetTraits traits_;
  TargetControl control_;
  absl::Time now_ = start_;
  double tokens_;
  absl::Time refilled_ = start_;
  int64_t window_ = 0;
  int in_window_ = 0;
  int served_ = 0;
  std::vector<std::pair<TargetControl::Ticket, absl::Duration>> waiting_;
  std::multimap<absl::Time, std::function<void()>> events_;
  std::map<int64_t, Figures> figures_;
};

}  // namespace satudata::sync

#endif  // TESTS_UNIT_SERVER_SYNC_LIMITS_LIMITED_TARGET_H_
