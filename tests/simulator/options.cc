#include "tests/simulator/options.h"

namespace satudata::simulator {
namespace {

absl::Status Invalid(absl::string_view message) { return absl::InvalidArgumentError(message); }

absl::Status Validate(const SystemOptions& system) {
  if (system.latency < absl::ZeroDuration()) return Invalid("a latency must not be negative");
  if (system.slots < 0) return Invalid("a number of slots must not be negative");
  if (system.quota < 0 || system.quota_burst < 0 || system.quota_per_minute < 0) {
    return Invalid("a quota must not be negative");
  }
  if (system.header.empty()) return Invalid("the header that carries a key needs a name");
  return absl::OkStatus();
}

}  // namespace

absl::Status Validate(const Options& options) {
  absl::Status status = Validate(options.splp);
  status.Update(Validate(options.sipd));
  if (!status.ok()) return status;
  if (options.late_min < absl::ZeroDuration() || options.late_max < options.late_min) {
    return Invalid("late applies need 0 <= late-min <= late-max");
  }
  if (options.oauth_client_id.empty() != options.oauth_client_secret.empty()) {
    return Invalid("an OAuth2 client needs both an id and a secret");
  }
  if (options.history < 0 || options.request_log < 0) return Invalid("what is kept must not be negative");
  if (options.connections < 1) return Invalid("at least one connection must be served");
  return absl::OkStatus();
}

}  // namespace satudata::simulator
