#include "server/main/settings.h"

#include <sys/stat.h>

#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "server/base/random.h"
#include "server/main/config_file.h"
#include "server/main/roles_file.h"
#include "server/main/setting_reader.h"
#include "server/main/setting_table.h"
#include "server/main/target_settings.h"
#include "server/main/text_file.h"
#include "server/main/tls_settings.h"

namespace satudata::main {
namespace {

constexpr size_t kSecretBytes = 32;
// Work that must show a sign of life more often than this would spend its time on that.
constexpr absl::Duration kShortestLease = absl::Seconds(3);
constexpr absl::Duration kShortestOpen = absl::Milliseconds(10);
// Each takes a thread and a file descriptor, of which processes have 1,024 by default.
constexpr int kMostWebStreams = 400;

// What the table says a setting is without being set.
std::string Fallback(absl::string_view name) { return std::string(FindSetting(name)->fallback); }

int FallbackCount(absl::string_view name) {
  int count = 0;
  (void)absl::SimpleAtoi(Fallback(name), &count);
  return count;
}

absl::Duration FallbackDuration(absl::string_view name) {
  absl::Duration duration;
  absl::ParseDuration(Fallback(name), &duration);
  return duration;
}

integration::v1::ServerConfig ReadConfigFile(SettingReader& reader) {
  const std::optional<std::string> text = reader.File("CONFIG_FILE");
  if (!text) return {};
  absl::StatusOr<integration::v1::ServerConfig> config = ParseConfigFile(*text);
  if (config.ok()) return *std::move(config);
  reader.Complain("CONFIG_FILE", absl::StrCat(*reader.Text("CONFIG_FILE"), ", ", config.status().message()));
  return {};
}

void RefuseWhatIsNotThere(SettingReader& reader) {
  for (const SettingRow& row : AllSettings()) {
    if (row.exposure != Exposure::kNotYet) continue;
    for (const std::string& name : {std::string(row.name), absl::StrCat(row.name, "_FILE")}) {
      if (reader.Text(name)) reader.Complain(name, "not available in this version; unset it");
    }
  }
}

void ReadListening(SettingReader& reader, Settings* settings) {
  const auto address = [&reader](absl::string_view name) {
    return reader.Address(name).value_or(*ParseListenAddress(Fallback(name)));
  };
  settings->grpc_listen = address("GRPC_LISTEN");
  settings->web_listen = address("WEB_LISTEN");
  settings->admin_listen = address("ADMIN_LISTEN");
  settings->reflection = reader.OnOff("REFLECTION").value_or(Switch::kOn) == Switch::kOn
                             ? rpc::Reflection::kOn
                             : rpc::Reflection::kOff;
}

// Where an installation has the page, seen from the program; empty if it is not there.
std::string InstalledPage() {
  std::error_code error;
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", error);
  const std::filesystem::path page =
      program.parent_path().parent_path() / "share/satudata-integration/dashboard";
  return !error && std::filesystem::is_directory(page, error) ? page.string() : "";
}

void ReadWeb(SettingReader& reader, Settings* settings) {
  settings->web_max_streams = reader.Count("WEB_MAX_STREAMS").value_or(FallbackCount("WEB_MAX_STREAMS"));
  if (settings->web_max_streams > kMostWebStreams) {
    reader.Complain("WEB_MAX_STREAMS", "too many, each takes a thread; write 400 or less");
  }
  const std::optional<std::string> root = reader.Text("WEB_ROOT");
  settings->web_root = root ? *root : InstalledPage();
  std::error_code error;
  if (root && !std::filesystem::is_directory(*root, error)) {
    reader.Complain("WEB_ROOT",
                    absl::StrCat(*root, " is no directory; name the one with the page's index.html"));
  }
}

CredentialPaths ReadCredentialPaths(SettingReader& reader) {
  return {.grpc = ReadTlsPaths(reader, ""),
          .web = ReadTlsPaths(reader, "WEB_"),
          .admin = ReadTlsPaths(reader, "ADMIN_"),
          .key_set = reader.Text("JWKS_FILE").value_or(""),
          .roles = reader.Text("ROLES_FILE").value_or("")};
}

void ReadKeySet(SettingReader& reader, Settings* settings) {
  settings->token_issuer = reader.Text("JWT_ISSUER").value_or("");
  settings->token_audience = reader.Text("JWT_AUDIENCE").value_or("");
  const std::optional<std::string> text = reader.File("JWKS_FILE");
  for (const char* name : {"JWT_ISSUER", "JWT_AUDIENCE"}) {
    if (reader.Text(name) && !reader.Text("JWKS_FILE"))
      reader.Complain(name, "needs JWKS_FILE; set that as well");
  }
  if (!text) return;
  absl::StatusOr<rpc::KeySet> keys = rpc::KeySet::Parse(*text);
  if (keys.ok()) {
    settings->key_set = *std::move(keys);
  } else {
    reader.Complain("JWKS_FILE", absl::StrCat(*reader.Text("JWKS_FILE"), " ", keys.status().message()));
  }
}

void ReadAccess(SettingReader& reader, Settings* settings) {
  ReadKeySet(reader, settings);
  if (const std::optional<Secret> secret = reader.Key("JWT_SECRET")) settings->jwt_secret = (*secret)();
  for (const auto& [name, address] :
       {std::pair("GRPC_LISTEN", &settings->grpc_listen), std::pair("WEB_LISTEN", &settings->web_listen)}) {
    if (!settings->jwt_secret.empty() || !settings->key_set.empty() || address->IsLoopback()) continue;
    reader.Complain("JWT_SECRET",
                    absl::StrCat("missing, and ", name,
                                 " is open to others; set it or JWKS_FILE, or listen on 127.0.0.1"));
  }
  const std::optional<std::string> text = reader.File("ROLES_FILE");
  if (!text) return;
  absl::StatusOr<access::RoleDirectory> roles = ParseRolesFile(*text);
  if (roles.ok()) {
    settings->roles = *std::move(roles);
  } else {
    reader.Complain("ROLES_FILE", absl::StrCat(*reader.Text("ROLES_FILE"), ", ", roles.status().message()));
  }
}

// Who serves the page over TLS has no reason to let the session travel without.
void RefuseBareCookie(SettingReader& reader, const Settings& settings) {
  if (settings.web_tls.certificate_chain.empty()) return;
  if (settings.sign_in.cookie_transport == rpc::CookieTransport::kTlsOnly) return;
  reader.Complain("SESSION_COOKIE_SECURE", "off, although WEB_TLS_CERT_FILE is set; unset it");
}

// Empty for a URL that is none of SQLite's; the store says what is wrong with it.
std::string DatabaseFile(absl::string_view url) {
  return absl::ConsumePrefix(&url, "sqlite:///") ? std::string(url) : "";
}

// What else belongs to this server lies beside its database.
std::string DataDirectory(const std::string& database_file) {
  constexpr char kDefaultDirectory[] = "data";
  if (database_file.empty()) return kDefaultDirectory;
  const std::string directory = std::filesystem::path(database_file).parent_path().string();
  return directory.empty() ? "." : directory;
}

std::vector<std::string>* AliasesOf(absl::string_view column, catalog::ColumnAliases& aliases) {
  if (column == "kodeindikator") return &aliases.code;
  if (column == "tahun") return &aliases.year;
  if (column == "nilai") return &aliases.value;
  if (column == "kodepemda") return &aliases.kodepemda;
  return column == "satuan" ? &aliases.unit : nullptr;
}

void ReadHeadings(SettingReader& reader, const integration::v1::ServerConfig& config, Settings* settings) {
  for (const auto& [heading, column] : config.column_headings()) {
    std::vector<std::string>* const aliases = AliasesOf(column, settings->column_aliases);
    if (aliases == nullptr || catalog::NormalHeading(heading).empty()) {
      reader.Complain(absl::StrCat("CONFIG_FILE, column_headings.", heading),
                      "must be a heading with the column that it stands for; there are kodeindikator, tahun, "
                      "nilai, kodepemda and satuan");
    } else {
      aliases->push_back(heading);
    }
  }
}

void ReadStorage(SettingReader& reader, const integration::v1::ServerConfig& config, Settings* settings) {
  const auto text = [&reader](absl::string_view name, const std::string& configured) {
    return reader.Text(name).value_or(configured.empty() ? Fallback(name) : configured);
  };
  settings->database_url = text("DATABASE_URL", config.database_url());
  settings->database_file = DatabaseFile(settings->database_url);
  settings->data_directory = DataDirectory(settings->database_file);
  settings->content_directory = text("CONTENT_DIR", config.content_dir());
  settings->circuit_open_time =
      reader.Duration("CIRCUIT_OPEN_TIME").value_or(FallbackDuration("CIRCUIT_OPEN_TIME"));
  if (settings->circuit_open_time < kShortestOpen) {
    reader.Complain("CIRCUIT_OPEN_TIME", "too short; write 10ms or more");
  }
  settings->lease_time = reader.Duration("LEASE_TIME").value_or(FallbackDuration("LEASE_TIME"));
  if (settings->lease_time < kShortestLease) reader.Complain("LEASE_TIME", "too short; write 3s or more");
}

void ReadTargets(SettingReader& reader, const integration::v1::ServerConfig& config, Settings* settings) {
  settings->plaintext_targets = reader.OnOff("ALLOW_PLAINTEXT_TARGETS").value_or(Switch::kOff) == Switch::kOn
                                    ? Plaintext::kAllowed
                                    : Plaintext::kRefused;
  if (ReadSplpProfile(reader, config.splp()) == SplpProfile::kCkan) {
    settings->ckan = ReadCkan(reader, config.splp());
  } else {
    settings->splp = ReadSplp(reader, config.splp());
  }
  settings->sipd = ReadSipd(reader, config.sipd());
  if (settings->sipd) settings->default_kodepemda = settings->sipd->options.default_kodepemda;
  if (!settings->splp && !settings->ckan && !settings->sipd) {
    reader.Complain("SPLP_API_URL", "missing, and so is SIPD_API_URL; set at least one of them");
  }
}

void ReadProcess(SettingReader& reader, Settings* settings) {
  const std::string level = reader.Text("LOG_LEVEL").value_or(Fallback("LOG_LEVEL"));
  if (!base::ParseSeverity(level, &settings->log_level)) {
    reader.Complain("LOG_LEVEL",
                    absl::StrCat("\"", level, "\" is no level; write debug, info, warning or error"));
  }
  settings->drain_delay = reader.Duration("DRAIN_DELAY").value_or(FallbackDuration("DRAIN_DELAY"));
  settings->shutdown_grace = reader.Duration("SHUTDOWN_GRACE").value_or(FallbackDuration("SHUTDOWN_GRACE"));
  settings->address_file = reader.Text("ADDRESS_FILE").value_or("");
}

// A database's address may carry its password.
std::string Shown(const SettingRow& row, const std::string& value) {
  const bool hidden = row.exposure == Exposure::kSecret || absl::StrContains(value, '@') ||
                      absl::StrContains(value, "password=");
  return absl::StrCat(row.name, "=", hidden ? "(set)" : value);
}

// What somebody set; of secrets only that they are there.
std::string Summarize(SettingReader& reader) {
  std::vector<std::string> parts;
  for (const SettingRow& row : AllSettings()) {
    const std::string file_name = absl::StrCat(row.name, "_FILE");
    if (const auto text = reader.Text(row.name)) parts.push_back(Shown(row, *text));
    if (row.exposure != Exposure::kSecret) continue;
    if (const auto path = reader.Text(file_name)) parts.push_back(absl::StrCat(file_name, "=", *path));
  }
  return absl::StrJoin(parts, " ");
}

absl::Status Unusable(absl::string_view path, absl::string_view why) {
  return absl::InvalidArgumentError(
      absl::StrCat("JWT_SECRET: missing, and ", path, " cannot be used (", why, "); set it"));
}

// Who can read the file can sign in as anybody.
absl::Status CheckPrivate(const std::string& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) return Unusable(path, "it cannot be looked at");
  if ((info.st_mode & (S_IRWXG | S_IRWXO)) == 0) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("JWT_SECRET: ", path, " can be read by others; run chmod 600 ", path));
}

}  // namespace

absl::StatusOr<Settings> LoadSettings(const SettingSources& sources, base::Clock& clock) {
  SettingReader reader(sources, clock);
  Settings settings;
  const integration::v1::ServerConfig config = ReadConfigFile(reader);
  RefuseWhatIsNotThere(reader);
  ReadListening(reader, &settings);
  ReadWeb(reader, &settings);
  settings.tls = ReadTls(reader, "", clock.Now());
  settings.web_tls = ReadTls(reader, "WEB_", clock.Now());
  settings.admin_tls = ReadTls(reader, "ADMIN_", clock.Now());
  settings.credential_paths = ReadCredentialPaths(reader);
  ReadStorage(reader, config, &settings);
  ReadHeadings(reader, config, &settings);
  ReadTargets(reader, config, &settings);
  ReadAccess(reader, &settings);
  settings.sign_in = ReadSignIn(reader);
  RefuseBareCookie(reader, settings);
  settings.edge = ReadEdge(reader);
  ReadProcess(reader, &settings);
  settings.summary = Summarize(reader);
  if (!reader.status().ok()) return reader.status();
  return settings;
}

absl::StatusOr<std::string> JwtSecretOf(const Settings& settings) {
  if (!settings.jwt_secret.empty()) return settings.jwt_secret;
  const std::string path = absl::StrCat(settings.data_directory, "/jwt_secret");
  const absl::Status created =
      CreatePrivateFile(path, absl::BytesToHexString(base::RandomBytes(kSecretBytes)));
  if (!created.ok() && !absl::IsAlreadyExists(created)) return Unusable(path, created.message());
  if (absl::Status status = CheckPrivate(path); !status.ok()) return status;
  absl::StatusOr<std::string> secret = ReadTextFile(path);
  if (!secret.ok()) return Unusable(path, secret.status().message());
  absl::StripAsciiWhitespace(&*secret);
  if (secret->empty()) return Unusable(path, "it is empty");
  return secret;
}

}  // namespace satudata::main
