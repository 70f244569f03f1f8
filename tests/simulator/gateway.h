// File: gateway.h
//
// What stands before both systems: outages, credentials, the sleeping tenant, quotas, slots and the
// firewall's list. Thread-safe.
#ifndef TESTS_SIMULATOR_GATEWAY_H_
#define TESTS_SIMULATOR_GATEWAY_H_

#include <array>
#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "httplib.h"
#include "server/base/clock.h"
#include "server/base/mutex.h"
#include "tests/simulator/credentials.h"
#include "tests/simulator/operation.h"
#include "tests/simulator/options.h"
#include "tests/simulator/quota.h"
#include "tests/simulator/reply.h"
#include "tests/simulator/slots.h"

namespace satudata::simulator {

enum class Outage : uint8_t {
  kOff,
  kRefuse,  // The connection is reset before anything is answered.
  kHang,    // Silence until the hold ends.
  k503,     // The gateway says that the back end is down.
};
// "off", "refuse", "hang", "503".
std::optional<Outage> ParseOutage(absl::string_view text);

// Why the gateway kept a request from the system behind it.
enum class Refusal : uint8_t { kNone, kOutage, kCredentials, kTenantAsleep, kQuota, kSlots, kPoison };
inline constexpr size_t kRefusals = 7;
// "" for kNone.
absl::string_view NameOf(Refusal refusal);

struct Refused {
  Refusal why = Refusal::kNone;
  Reply reply;
};

class Gateway {
 public:
  // `clock` and `options` must outlive the gateway.
  Gateway(base::Clock& clock, const Options& options);

  // Nothing: the request may go in to the slots. Otherwise the answer it gets instead.
  std::optional<Refused> Admit(System system, const httplib::Request& request);
  Slots& slots(System system) { return door(system).slots; }
  Refused NoSlot() const;

  // The firewall: whether one of its keys is poison.
  bool IsPoison(absl::string_view key) const;
  void SetPoison(const std::vector<std::string>& keys);

  void SetOutage(System system, Outage outage) { door(system).outage = outage; }
  // The token bucket's rate and, by default, its size.
  void SetQuota(System system, double per_second) {
    door(system).quota.SetLimits({.per_second = per_second});
  }
  // The next SPLP request meets a sleeping tenant.
  void FallAsleep() { asleep_ = true; }
  // Outages end, quotas are full, peaks are forgotten, the list of poison is the one of the start.
  void Reset();
  // Wakes those who wait for a slot; for the end.
  void Stop();

  Credentials& credentials() { return credentials_; }

 private:
  struct Door {
    Door(base::Clock& clock, const SystemOptions& system, SlotPolicy policy)
        : quota(clock, {system.quota, system.quota_burst, system.quota_per_minute}),
          slots(system.slots, policy) {}
    std::atomic<Outage> outage = Outage::kOff;
    Quota quota;
    Slots slots;
  };

  Door& door(System system) { return system == System::kSplp ? splp_ : sipd_; }
  std::optional<Reply> DuringOutage(Outage outage) const;
  bool WakesTenant();
  Reply OverQuota(absl::Duration wait) const;

  base::Clock& clock_;
  const Options& options_;
  Credentials credentials_;
  Door splp_;
  Door sipd_;
  std::atomic<bool> asleep_;
  std::atomic<int64_t> last_splp_nanos_;
  std::atomic<bool> has_poison_ = false;
  mutable base::Mutex mu_;
  absl::flat_hash_set<std::string> poison_ ABSL_GUARDED_BY(mu_);
};

}  // namespace satudata::simulator

#endif  // TESTS_SIMULATOR_GATEWAY_H_
