// File: settings.h
//
// What the operator decided, checked: flag before environment before CONFIG_FILE before default. Every
// complaint is one line that names the setting and the cure.
#ifndef SERVER_MAIN_SETTINGS_H_
#define SERVER_MAIN_SETTINGS_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/access/role.h"
#include "server/base/clock.h"
#include "server/base/log.h"
#include "server/base/tls_identity.h"
#include "server/catalog/column_names.h"
#include "server/main/edge_settings.h"
#include "server/main/listen_address.h"
#include "server/main/secret.h"
#include "server/main/setting_sources.h"
#include "server/main/sign_in_settings.h"
#include "server/main/tls_settings.h"
#include "server/rpc/grpc_server.h"
#include "server/rpc/key_set.h"
#include "server/targets/ckan/options.h"
#include "server/targets/dataset_rest/options.h"
#include "server/targets/ewalidata/options.h"
#include "server/targets/token_source.h"

namespace satudata::main {

// How a target is reached.
struct Connection {
  std::string origin;  // scheme://host[:port]
  std::string ca_bundle_file;
  std::string client_certificate_file;
  std::string client_key_file;
  std::string user_agent;
};

// Where a target's access tokens come from.
struct OAuthSettings {
  Connection connection;  // Of the token endpoint, with the target's certificates.
  targets::OAuthOptions options;
};

struct DatasetRestSettings {
  Connection connection;
  std::optional<OAuthSettings> oauth;  // Without it the credentials are static.
  targets::dataset_rest::Options options;
};

struct CkanSettings {
  Connection connection;
  std::optional<OAuthSettings> oauth;  // Without it the credentials are static.
  targets::ckan::Options options;
};

struct EwalidataSettings {
  Connection connection;
  targets::ewalidata::Options options;
};

// Files that are read again when they change; empty: not set.
struct CredentialPaths {
  TlsPaths grpc;
  TlsPaths web;
  TlsPaths admin;
  std::string key_set;
  std::string roles;
};

enum class Plaintext { kRefused, kAllowed };

struct Settings {
  ListenAddress grpc_listen;
  ListenAddress web_listen;
  ListenAddress admin_listen;
  std::string web_root;  // Empty: there is no page.
  int web_max_streams = 0;
  base::TlsOptions tls;  // Of gRPC.
  base::TlsOptions web_tls;
  base::TlsOptions admin_tls;
  EdgeSettings edge;
  rpc::Reflection reflection = rpc::Reflection::kOn;
  CredentialPaths credential_paths;

  // Empty: to be made in `data_directory`, which only a loopback address allows, or key_set.
  std::string jwt_secret;
  rpc::KeySet key_set;
  std::string token_issuer;
  std::string token_audience;
  access::RoleDirectory roles;
  SignInSettings sign_in;

  std::string database_url;
  std::string database_file;   // Empty: not SQLite.
  std::string data_directory;  // Of the database file.
  std::string content_directory;
  catalog::ColumnAliases column_aliases;  // Headings beside those that are known.
  absl::Duration lease_time;
  absl::Duration circuit_open_time;

  // SPLP, by one profile or the other, or SIPD, or both.
  std::optional<DatasetRestSettings> splp;
  std::optional<CkanSettings> ckan;
  std::optional<EwalidataSettings> sipd;
  std::string default_kodepemda;
  Plaintext plaintext_targets = Plaintext::kRefused;

  base::Severity log_level = base::Severity::kInfo;
  absl::Duration drain_delay;
  absl::Duration shutdown_grace;
  std::string address_file;

  std::string summary;  // What was set, on one line, without secrets.
};

// Reads the files that the settings name, too. INVALID_ARGUMENT with a line for the operator. `clock` must
// outlive the settings and what is made of them.
absl::StatusOr<Settings> LoadSettings(const SettingSources& sources, base::Clock& clock);

// The secret of JWT_SECRET, or the one in `<data directory>/jwt_secret`, which is made when it is not there.
absl::StatusOr<std::string> JwtSecretOf(const Settings& settings);

}  // namespace satudata::main

#endif  // SERVER_MAIN_SETTINGS_H_
