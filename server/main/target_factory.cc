#include "server/main/target_factory.h"

#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "server/http/http_client.h"
#include "server/targets/ckan/ckan_target.h"
#include "server/targets/dataset_rest/dataset_rest_target.h"
#include "server/targets/ewalidata/ewalidata_target.h"
#include "server/targets/token_source.h"

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

absl::StatusOr<std::unique_ptr<http::HttpClient>> NewClient(absl::string_view setting,
                                                            http::HttpClientOptions options,
                                                            base::Clock& clock) {
  auto client = http::NewHttpClient(std::move(options), clock);
  if (client.ok()) return client;
  return absl::InvalidArgumentError(absl::StrCat(setting, ": ", client.status().message()));
}

// Null without settings for it.
absl::StatusOr<std::unique_ptr<targets::TokenSource>> NewTokenSource(
    const std::optional<OAuthSettings>& settings, Plaintext plaintext, base::Clock& clock) {
  if (!settings) return nullptr;
  auto client = NewClient("SPLP_OAUTH_TOKEN_URL",
                          ClientOptions(settings->connection, plaintext, /*max_concurrency=*/1), clock);
  if (!client.ok()) return client.status();
  return std::make_unique<targets::TokenSource>(settings->options, *std::move(client), clock);
}

absl::Status AddSplp(const Settings& settings, base::Clock& clock, Targets* out) {
  if (!settings.splp) return absl::OkStatus();
  const auto& [connection, oauth, options] = *settings.splp;
  auto tokens = NewTokenSource(oauth, settings.plaintext_targets, clock);
  if (!tokens.ok()) return tokens.status();
  auto client =
      NewClient("SPLP_API_URL",
                ClientOptions(connection, settings.plaintext_targets, options.traits.max_concurrency), clock);
  if (!client.ok()) return client.status();
  out->push_back(std::make_unique<targets::dataset_rest::DatasetRestTarget>(options, *std::move(client),
                                                                            clock, *std::move(tokens)));
  return absl::OkStatus();
}

absl::Status AddCkan(const Settings& settings, base::Clock& clock, catalog::ContentSource& contents,
                     Targets* out) {
  if (!settings.ckan) return absl::OkStatus();
  const auto& [connection, oauth, options] = *settings.ckan;
  auto tokens = NewTokenSource(oauth, settings.plaintext_targets, clock);
  if (!tokens.ok()) return tokens.status();
  auto client =
      NewClient("SPLP_API_URL",
                ClientOptions(connection, settings.plaintext_targets, options.traits.max_concurrency), clock);
  if (!client.ok()) return client.status();
  out->push_back(std::make_unique<targets::ckan::CkanTarget>(options, *std::move(client), clock, contents,
                                                             *std::move(tokens)));
  return absl::OkStatus();
}

absl::Status AddSipd(const Settings& settings, base::Clock& clock, Targets* out) {
  if (!settings.sipd) return absl::OkStatus();
  const auto& [connection, options] = *settings.sipd;
  auto client =
      NewClient("SIPD_API_URL",
                ClientOptions(connection, settings.plaintext_targets, options.traits.max_concurrency), clock);
  if (!client.ok()) return client.status();
  out->push_back(std::make_unique<targets::ewalidata::EwalidataTarget>(options, *std::move(client), clock));
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Targets> MakeTargets(const Settings& settings, base::Clock& clock,
                                    catalog::ContentSource& contents) {
  Targets targets;
  if (absl::Status status = AddSplp(settings, clock, &targets); !status.ok()) return status;
  if (absl::Status status = AddCkan(settings, clock, contents, &targets); !status.ok()) return status;
  if (absl::Status status = AddSipd(settings, clock, &targets); !status.ok()) return status;
  return targets;
}

}  // namespace satudata::main
