#include "server/main/setting_table.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace satudata::main {
namespace {

constexpr absl::string_view kListen = "Listening";
constexpr absl::string_view kAccess = "Who may call";
constexpr absl::string_view kStorage = "Storage";
constexpr absl::string_view kSplp = "SPLP / Satu Data Indonesia";
constexpr absl::string_view kSipd = "SIPD e-walidata";
constexpr absl::string_view kTargets = "Both targets";
constexpr absl::string_view kProcess = "The process";

constexpr Exposure kFlag = Exposure::kFlag;
constexpr Exposure kSecret = Exposure::kSecret;
constexpr Exposure kNotYet = Exposure::kNotYet;

// clang-format off
constexpr SettingRow kSettings[] = {
    {"SPLP_API_URL", kFlag, kSplp, "URL", "Base URL; without it this target is not there", ""},
    {"SPLP_API_KEY", kSecret, kSplp, "KEY", "Its key; wins over EXTERNAL_API_KEY", ""},
    {"SPLP_PROFILE", kFlag, kSplp, "PROFILE", "How it is spoken to: dataset-rest, or ckan, which takes the files as well", "dataset-rest"},
    {"SPLP_CKAN_OWNER_ORG", kFlag, kSplp, "NAME", "With ckan, required: the organisation that owns the datasets", ""},
    {"SPLP_CKAN_REFUSED_TYPES", kFlag, kSplp, "TYPES", "With ckan: types of files that it refuses, by their bytes; or none", "pdf,doc,docx,png"},
    {"SPLP_CKAN_MAX_FILE_BYTES", kFlag, kSplp, "BYTES", "With ckan: what a file may have at most", "52428800"},
    {"SPLP_REQUEST_DEADLINE", kFlag, kSplp, "DURATION", "Total time for a request that writes; with ckan 120s", "30s"},
    {"SPLP_SETTLE_TIME", kFlag, kSplp, "DURATION", "How long after its deadline a request may still take effect", "5s"},
    {"SPLP_CONFIRM_WAIT", kFlag, kSplp, "DURATION", "How long a run waits for a confirmation", "2m"},
    {"SPLP_MAX_CONCURRENCY", kFlag, kSplp, "COUNT", "Requests at once, at most, of all servers together; how many there are is found out", "64"},
    {"SPLP_MAX_SENDERS", kFlag, kSplp, "COUNT", "Of these, at most so many by this server", "all"},
    {"SPLP_RATE_LIMIT", kFlag, kSplp, "PER_SECOND", "Requests per second, at most; 0 = no limit", "0"},
    {"SPLP_OAUTH_TOKEN_URL", kFlag, kSplp, "URL", "Token endpoint: OAuth2 client credentials instead of a key", ""},
    {"SPLP_OAUTH_CLIENT_ID", kFlag, kSplp, "ID", "Who we are to it", ""},
    {"SPLP_OAUTH_CLIENT_SECRET", kSecret, kSplp, "SECRET", "The secret that goes with it", ""},
    {"SPLP_SECOND_KEY", kSecret, kSplp, "KEY", "For the second header, where it is not the same key", ""},
    {"SPLP_CA_BUNDLE_FILE", kFlag, kSplp, "FILE", "PEM certificates to trust instead of the system's", ""},
    {"SPLP_CLIENT_CERT_FILE", kFlag, kSplp, "FILE", "PEM certificate to show, where one is asked for", ""},
    {"SPLP_CLIENT_KEY_FILE", kFlag, kSplp, "FILE", "Its key", ""},

    {"SIPD_API_URL", kFlag, kSipd, "URL", "Base URL; without it this target is not there", ""},
    {"SIPD_BEARER_TOKEN", kSecret, kSipd, "KEY", "Its key; wins over EXTERNAL_API_KEY", ""},
    {"SIPD_KODEPEMDA", kFlag, kSipd, "CODE", "Region code for files without their own, four digits", ""},
    {"SIPD_REQUEST_DEADLINE", kFlag, kSipd, "DURATION", "Total time for a request that writes", "180s"},
    {"SIPD_SETTLE_TIME", kFlag, kSipd, "DURATION", "How long after its deadline a request may still take effect", "10m"},
    {"SIPD_CONFIRM_WAIT", kFlag, kSipd, "DURATION", "How long a run waits for a confirmation", "2m"},
    {"SIPD_MAX_CONCURRENCY", kFlag, kSipd, "COUNT", "Requests at once, at most, of all servers together; how many there are is found out", "64"},
    {"SIPD_MAX_SENDERS", kFlag, kSipd, "COUNT", "Of these, at most so many by this server", "all"},
    {"SIPD_RATE_LIMIT", kFlag, kSipd, "PER_SECOND", "Requests per second, at most; 0 = no limit", "0"},
    {"SIPD_SECOND_KEY", kSecret, kSipd, "KEY", "For the second header, where it is not the same key", ""},
    {"SIPD_CA_BUNDLE_FILE", kFlag, kSipd, "FILE", "PEM certificates to trust instead of the system's", ""},
    {"SIPD_CLIENT_CERT_FILE", kFlag, kSipd, "FILE", "PEM certificate to show, where one is asked for", ""},
    {"SIPD_CLIENT_KEY_FILE", kFlag, kSipd, "FILE", "Its key", ""},

    {"EXTERNAL_API_KEY", kSecret, kTargets, "KEY", "The key for targets without one of their own", ""},
    {"ALLOW_PLAINTEXT_TARGETS", kFlag, kTargets, "on|off", "Plain http to hosts other than this one", "off"},
    {"CIRCUIT_OPEN_TIME", kFlag, kTargets, "DURATION", "How long a failing target is left alone; longer each time, up to ten times", "30s"},

    {"DATABASE_URL", kFlag, kStorage, "URL", "sqlite:///relative, sqlite:////absolute or postgresql://user:password@host:port/database", "sqlite:///data/integration.db"},
    {"CONTENT_DIR", kFlag, kStorage, "DIRECTORY", "Where content files lie", "data/content"},
    {"LEASE_TIME", kFlag, kStorage, "DURATION", "How long work is held without a sign of life", "60s"},

    {"GRPC_LISTEN", kFlag, kListen, "HOST:PORT", "gRPC; port 0 = any free one", "127.0.0.1:50051"},
    {"WEB_LISTEN", kFlag, kListen, "HOST:PORT", "gRPC-Web and pages; port 0 = any free one", "127.0.0.1:8080"},
    {"WEB_ROOT", kFlag, kListen, "DIRECTORY", "The page's files; without it those that were installed with the program, if any", ""},
    {"WEB_MAX_STREAMS", kFlag, kListen, "COUNT", "Calls from pages at once, at most", "128"},
    {"ADMIN_LISTEN", kFlag, kListen, "HOST:PORT", "/metrics, /healthz, /readyz; port 0 = any free one", "127.0.0.1:9464"},
    {"CHANNELZ_LISTEN", kNotYet, kListen, "HOST:PORT", "", ""},
    {"TLS_CERT_FILE", kFlag, kListen, "FILE", "PEM certificate chain for gRPC", ""},
    {"TLS_KEY_FILE", kFlag, kListen, "FILE", "Its key", ""},
    {"TLS_CLIENT_CA_FILE", kFlag, kListen, "FILE", "Clients must show a certificate that this one signed", ""},
    {"WEB_TLS_CERT_FILE", kFlag, kListen, "FILE", "PEM certificate chain for gRPC-Web and pages", ""},
    {"WEB_TLS_KEY_FILE", kFlag, kListen, "FILE", "Its key", ""},
    {"ADMIN_TLS_CERT_FILE", kFlag, kListen, "FILE", "PEM certificate chain for /metrics, /healthz and /readyz", ""},
    {"ADMIN_TLS_KEY_FILE", kFlag, kListen, "FILE", "Its key", ""},
    {"ADMIN_TLS_CLIENT_CA_FILE", kFlag, kListen, "FILE", "Who asks must show a certificate that this one signed", ""},
    {"CONNECTION_AGE", kFlag, kListen, "DURATION", "How long a gRPC connection lives, give or take a tenth; its client then connects anew, perhaps to another replica", "1h"},
    {"CONNECTION_GRACE", kFlag, kListen, "DURATION", "After that, how long calls under way may take; streams that are cut go on where they were", "30m"},
    {"CONNECTION_IDLE", kFlag, kListen, "DURATION", "How long a gRPC connection without calls is kept", "15m"},
    {"REFLECTION", kFlag, kListen, "on|off", "gRPC reflection, for grpcurl", "on"},

    {"JWT_SECRET", kSecret, kAccess, "SECRET", "HS256 secret of callers' tokens; on loopback one is made when it is missing", ""},
    {"JWKS_FILE", kFlag, kAccess, "FILE", "Public keys (RFC 7517) whose RS256 and ES256 tokens are good, too; read again when it changes", ""},
    {"JWT_ISSUER", kFlag, kAccess, "TEXT", "What tokens of JWKS_FILE must say in iss", ""},
    {"JWT_AUDIENCE", kFlag, kAccess, "TEXT", "What tokens of JWKS_FILE must say in aud", ""},
    {"ROLES_FILE", kFlag, kAccess, "FILE", "Roles of users whose tokens carry none, as YAML or JSON: {siti: Operator}", ""},
    {"SESSION_TIME", kFlag, kAccess, "DURATION", "How long one stays signed in; at most 2h without using it", "12h"},
    {"SESSION_COOKIE_SECURE", kFlag, kAccess, "on|off", "Browsers send the session over https alone, and to this machine; off only without TLS", "on"},
    {"PORTAL_SIGN_IN_URL", kFlag, kAccess, "URL", "Where the portal signs people in", ""},
    {"CALLER_MAX_STREAMS", kFlag, kAccess, "COUNT", "Runs that one caller may watch at once; a caller is a token's subject, else an address", "64"},
    {"CALLER_RATE_LIMIT", kFlag, kAccess, "PER_SECOND", "Calls per second of one caller, at most; 0 = no limit", "200"},
    {"CALLER_RATE_BURST", kFlag, kAccess, "COUNT", "Calls that one caller may make at once after a pause", "400"},

    {"CONFIG_FILE", kFlag, kProcess, "FILE", "More settings, as YAML or JSON; all others win over it", ""},
    {"LOG_LEVEL", kFlag, kProcess, "LEVEL", "debug, info, warning or error", "info"},
    {"ACCESS_LOG", kFlag, kProcess, "on|off|all", "A line in the log for each gRPC call that ended; all: health and reflection, too", "on"},
    {"DRAIN_DELAY", kFlag, kProcess, "DURATION", "After a signal, how long to go on answering while not ready", "0s"},
    {"SHUTDOWN_GRACE", kFlag, kProcess, "DURATION", "After that, how long requests under way may take", "10s"},
    {"ADDRESS_FILE", kFlag, kProcess, "FILE", "Write the bound addresses there, as JSON, once ready", ""},
};
// clang-format on

}  // namespace

absl::Span<const SettingRow> AllSettings() { return kSettings; }

const SettingRow* FindSetting(absl::string_view name) {
  for (const SettingRow& row : kSettings) {
    if (row.name == name) return &row;
  }
  return nullptr;
}

std::string FlagName(absl::string_view name) {
  return absl::StrCat("--", absl::StrReplaceAll(absl::AsciiStrToLower(name), {{"_", "-"}}));
}

}  // namespace satudata::main
