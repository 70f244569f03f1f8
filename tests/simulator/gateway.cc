#include "tests/simulator/gateway.h"

#include "tests/simulator/answers.h"

namespace satudata::simulator {

std::optional<Outage> ParseOutage(absl::string_view text) {
  if (text == "off") return Outage::kOff;
  if (text == "refuse") return Outage::kRefuse;
  if (text == "hang") return Outage::kHang;
  if (text == "503") return Outage::k503;
  return std::nullopt;
}

absl::string_view NameOf(Refusal refusal) {
  constexpr std::array<absl::string_view, kRefusals> kNames = {"",      "outage", "credentials", "asleep",
                                                               "quota", "slots",  "poison"};
  return kNames[static_cast<size_t>(refusal)];
}

Gateway::Gateway(base::Clock& clock, const Options& options)
    : clock_(clock),
      options_(options),
      credentials_(clock, options),
      splp_(clock, options.splp, options.slot_policy),
      sipd_(clock, options.sipd, options.slot_policy) {
  Reset();
}

std::optional<Refused> Gateway::Admit(System system, const httplib::Request& request) {
  if (auto reply = DuringOutage(door(system).outage); reply.has_value()) {
    return Refused{Refusal::kOutage, *std::move(reply)};
  }
  if (!credentials_.Admit(system, request)) {
    return Refused{Refusal::kCredentials, StringCodeError(kInvalidCredentials)};
  }
  if (system == System::kSplp && WakesTenant()) {
    return Refused{Refusal::kTenantAsleep, StatusReport404(request.path)};
  }
  if (auto wait = door(system).quota.Take(); wait.has_value()) {
    return Refused{Refusal::kQuota, OverQuota(*wait)};
  }
  return std::nullopt;
}

std::optional<Reply> Gateway::DuringOutage(Outage outage) const {
  if (outage == Outage::kOff) return std::nullopt;
  Reply reply = FaultError(kBackendDown);
  if (outage == Outage::kRefuse) reply.wire = Wire::kReset;
  if (outage == Outage::kHang) reply.wire = Wire::kHangUp;
  return reply;
}

// The first call after a long silence fails and wakes the tenant up.
bool Gateway::WakesTenant() {
  if (options_.tenant_idle > absl::ZeroDuration()) {
    const int64_t now = absl::ToInt64Nanoseconds(clock_.Monotonic());
    const int64_t before = last_splp_nanos_.exchange(now);
    if (now - before > absl::ToInt64Nanoseconds(options_.tenant_idle)) asleep_ = true;
  }
  return asleep_.load(std::memory_order_relaxed) && asleep_.exchange(false);
}

// Bursts get no hint unless one was asked for; who must wait long is told until when, as the real gateway
// does.
Reply Gateway::OverQuota(absl::Duration wait) const {
  const bool long_wait = options_.quota_hint == QuotaHint::kNone && wait > absl::Seconds(1);
  return Throttled(kThrottledOut, long_wait ? QuotaHint::kNextAccess : options_.quota_hint, clock_.Now(),
                   wait);
}

Refused Gateway::NoSlot() const { return {Refusal::kSlots, FaultError(kBackendDown)}; }

bool Gateway::IsPoison(absl::string_view key) const {
  if (!has_poison_.load(std::memory_order_relaxed)) return false;
  base::MutexLock lock(&mu_);
  return poison_.contains(key);
}

void Gateway::SetPoison(const std::vector<std::string>& keys) {
  base::MutexLock lock(&mu_);
  poison_ = {keys.begin(), keys.end()};
  has_poison_ = !poison_.empty();
}

void Gateway::Reset() {
  for (System system : {System::kSplp, System::kSipd}) {
    door(system).outage = Outage::kOff;
    door(system).quota.Reset();
    door(system).slots.Reset();
  }
  // A tenant that may fall asleep is asleep when nobody has called yet.
  asleep_ = options_.tenant_idle > absl::ZeroDuration();
  last_splp_nanos_ = absl::ToInt64Nanoseconds(clock_.Monotonic());
  SetPoison(options_.poison);
}

void Gateway::Stop() {
  splp_.slots.Stop();
  sipd_.slots.Stop();
}

}  // namespace satudata::simulator
