#include "server/main/target_factory.h"

#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "server/http/http_client.h"
#include "server/targets/dataset_rest/dataset_rest_target.h"
#include "server/targets/ewalidata/ewalidata_target.h"

namespace satudata::main {
namespace {

using Targets = std::vector<std::unique_ptr<sync::Target>>;

http::HttpClientOptions ClientOptions(const Connection& connection, Plaintext plaintext,
                                      int max_concurrency) {
  return {.base_url = connection.origin,
          .ca_bundle_file = connection.ca_bundle_file,
          .client_certificate_file = connection.client_certificate_file,
          .client_key_file = connection.client_key_file,
          .user_agent = connection.user_agent,
          .allow_plaintext = plaintext == Plaintext::kAllowed,
          .max_idle_connections = max_concurrency};
}

// Adds a target of type `Target`, if there are settings for it.
template <typename Target, typename TargetSettings>
absl::Status Add(const std::optional<TargetSettings>& target, absl::string_view setting, Plaintext plaintext,
                 base::Clock& clock, Targets* out) {
  if (!target) return absl::OkStatus();
  auto client = http::NewHttpClient(
      ClientOptions(target->connection, plaintext, target->options.traits.max_concurrency), clock);
  if (!client.ok()) {
    return absl::InvalidArgumentError(absl::StrCat(setting, ": ", client.status().message()));
  }
  out->push_back(std::make_unique<Target>(target->options, *std::move(client), clock));
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Targets> MakeTargets(const Settings& settings, base::Clock& clock) {
  Targets targets;
  const Plaintext plaintext = settings.plaintext_targets;
  for (const absl::Status& status : {Add<targets::dataset_rest::DatasetRestTarget>(
                                         settings.splp, "SPLP_API_URL", plaintext, clock, &targets),
                                     Add<targets::ewalidata::EwalidataTarget>(settings.sipd, "SIPD_API_URL",
                                                                              plaintext, clock, &targets)}) {
    if (!status.ok()) return status;
  }
  return targets;
}

}  // namespace satudata::main
