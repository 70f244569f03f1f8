#include "tests/simulator/flags.h"

#include <CLI/CLI.hpp>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace satudata::simulator {
namespace {

constexpr char kAbout[] =
    "Imitates SPLP under /splp (dataset-rest, and CKAN under /splp/api/3/action) and SIPD e-walidata under "
    "/sipd, with their quirks, and keeps the truth about what was applied.\n"
    "Prints one JSON line with its addresses when it serves; ends on SIGTERM or SIGINT. The admin API is "
    "under "
    "/admin.\nDurations are written like 500ms, 2s, 1m30s.";

// CLI11 reports errors by exceptions; they stay within ParseFlags.
void Check(const absl::Status& status) {
  if (!status.ok()) throw CLI::ValidationError(std::string(status.message()));
}

CLI::Option* AddDuration(CLI::App& app, const std::string& name, absl::Duration* to,
                         const std::string& help) {
  const auto parse = [to](const std::string& text) {
    if (!absl::ParseDuration(text, to) || *to < absl::ZeroDuration()) {
      throw CLI::ValidationError("\"" + text + "\" is no duration like 500ms or 2s");
    }
  };
  return app.add_option_function<std::string>(name, parse, help)
      ->default_str(absl::FormatDuration(*to))
      ->type_name("DURATION");
}

void AddHeader(CLI::App& app, const std::string& name, SystemOptions* to, const std::string& help) {
  const auto parse = [to](const std::string& text) {
    std::pair<std::string, std::string> split = absl::StrSplit(text, absl::MaxSplits(": ", 1));
    if (split.first.empty() || split.second.empty()) throw CLI::ValidationError("expected \"Name: value\"");
    to->second_header = split.first;
    to->second_value = split.second;
  };
  app.add_option_function<std::string>(name, parse, help)->type_name("\"NAME: VALUE\"");
}

// Latency and capacity; `prefix` is empty for the flags that set both systems.
void AddLoadFlags(CLI::App& app, const std::string& prefix, SystemOptions* to, const std::string& of) {
  AddDuration(app, "--" + prefix + "latency", &to->latency, "Time that a request takes" + of);
  app.add_option("--" + prefix + "slots", to->slots, "Requests worked on at a time" + of + "; 0 is no limit");
  app.add_option("--" + prefix + "quota", to->quota,
                 "Requests a second, token bucket" + of + "; 0 is no limit");
  app.add_option("--" + prefix + "quota-burst", to->quota_burst,
                 "Size of the bucket" + of + "; 0 is a quarter second's worth");
  app.add_option("--" + prefix + "quota-per-minute", to->quota_per_minute,
                 "Requests per fixed minute" + of + "; 0 is no limit");
}

void AddSystemFlags(CLI::App& app, const std::string& name, SystemOptions* to) {
  const std::string group = name == "splp" ? "SPLP" : "SIPD";
  CLI::App& own = *app.add_option_group(group);
  own.add_option("--" + name + "-key", to->key, "The key that callers must show; empty lets everybody in");
  own.add_option("--" + name + "-key-header", to->header, "The header that carries it")
      ->capture_default_str();
  own.add_option("--" + name + "-key-prefix", to->prefix, "What stands before it")->capture_default_str();
  AddHeader(own, "--" + name + "-second-header", to, "A second credential that is asked for");
  AddLoadFlags(own, name + "-", to, "");
}

void AddQuirkFlags(CLI::App& app, Options* options) {
  CLI::App& own = *app.add_option_group("Quirks", "GET /admin/quirks/catalogue and README.md list them");
  own.add_option("--quirk-rate", options->quirk_rate,
                 "Share of requests that go wrong, spread evenly over each operation's quirks")
      ->capture_default_str();
  own.add_option_function<std::string>(
         "--quirks", [options](const std::string& text) { Check(ParseRates(text, &options->quirks)); },
         "Rates by name: html-200=0.1,sipd/drip=0.05,splp.post/wrong-id=1")
      ->type_name("NAME=RATE,...");
  own.add_option("--poison", options->poison, "Record keys that the firewall refuses any request over")
      ->delimiter(',');
  AddDuration(own, "--hold", &options->hold, "How long hung and dripping answers are held");
  AddDuration(own, "--drip-interval", &options->drip_interval, "Between two bytes of a dripping body");
  AddDuration(own, "--late-min", &options->late_min, "A late apply comes this much later at least");
  AddDuration(own, "--late-max", &options->late_max, "A late apply comes this much later at most");
  AddDuration(own, "--slow", &options->slow, "The delay of the quirk \"slow\"");
  AddDuration(own, "--throttle-wait", &options->throttle_wait, "How far ahead the hints of 429 quirks point");
  AddDuration(own, "--tenant-idle", &options->tenant_idle,
              "SPLP's first answer after this much silence is 404; 0 never sleeps");
}

void AddPolicyFlags(CLI::App& app, Options* options) {
  const std::map<std::string, SlotPolicy> policies = {{"queue", SlotPolicy::kQueue},
                                                      {"refuse", SlotPolicy::kRefuse}};
  app.add_option("--slots-policy", options->slot_policy, "Beyond the slots: wait, or 503")
      ->transform(CLI::CheckedTransformer(policies, CLI::ignore_case))
      ->default_str("queue");
  const std::map<std::string, QuotaHint> hints = {{"none", QuotaHint::kNone},
                                                  {"seconds", QuotaHint::kSeconds},
                                                  {"date", QuotaHint::kDate},
                                                  {"next-access", QuotaHint::kNextAccess}};
  app.add_option("--quota-hint", options->quota_hint,
                 "What a quota's 429 says; none still says nextAccessTime when the wait is beyond a second")
      ->transform(CLI::CheckedTransformer(hints, CLI::ignore_case))
      ->default_str("none");
  app.add_flag("--conflict-on-existing", options->conflict_on_existing,
               "POST of a dataset that exists is 409 instead of an update");
  app.add_option("--ckan-organization", options->ckan_organization, "Owns the datasets at CKAN")
      ->capture_default_str();
  app.add_option("--ckan-max-upload", options->ckan_max_upload, "Bytes of a file that CKAN takes at most")
      ->capture_default_str();
  app.add_option("--log-key-separator", options->log_key_separator, "Joins row keys in push_dssd's log")
      ->capture_default_str();
}

void AddGeneralFlags(CLI::App& app, Flags* flags) {
  Options* options = &flags->options;
  app.add_option("--listen", options->listen, "host:port; port 0 takes any free one")->capture_default_str();
  app.add_option("--address-file", flags->address_file, "Written with the bound address when it serves");
  app.add_option_function<std::string>(
         "--state",
         [options](const std::string& path) {
           absl::StatusOr<State> state = ReadState(path);
           Check(state.status());
           options->state = *std::move(state);
         },
         "JSON file with what is there at start")
      ->type_name("FILE");
  app.add_option("--seed", options->seed, "Of the quirks' dice")->capture_default_str();
  app.add_option("--oauth-client-id", options->oauth_client_id, "Switches the token endpoint on");
  app.add_option("--oauth-client-secret", options->oauth_client_secret, "The client's secret");
  AddDuration(app, "--token-lifetime", &options->token_lifetime, "expires_in of tokens");
  app.add_option("--history", options->history, "Applies and answers kept per record")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  app.add_option("--request-log", options->request_log, "Requests kept for /admin/requests")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  app.add_option("--connections", options->connections, "Connections served at a time")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
}

// A system's own flag wins over the common one, in whatever order they stand.
template <typename T>
void Inherit(const CLI::App& app, const std::string& flag, T SystemOptions::*member,
             const SystemOptions& common, Options* options) {
  if (app.count("--" + flag) == 0) return;
  if (app.count("--splp-" + flag) == 0) options->splp.*member = common.*member;
  if (app.count("--sipd-" + flag) == 0) options->sipd.*member = common.*member;
}

void InheritAll(const CLI::App& app, const SystemOptions& common, Options* options) {
  Inherit(app, "latency", &SystemOptions::latency, common, options);
  Inherit(app, "slots", &SystemOptions::slots, common, options);
  Inherit(app, "quota", &SystemOptions::quota, common, options);
  Inherit(app, "quota-burst", &SystemOptions::quota_burst, common, options);
  Inherit(app, "quota-per-minute", &SystemOptions::quota_per_minute, common, options);
}

}  // namespace

std::optional<Flags> ParseFlags(int argc, char** argv, int* exit_code) {
  constexpr int kUsage = 2;
  CLI::App app(kAbout, "target-simulator");
  Flags flags;
  SystemOptions common;
  AddGeneralFlags(app, &flags);
  AddLoadFlags(app, "", &common, ", both systems");
  AddPolicyFlags(app, &flags.options);
  AddQuirkFlags(app, &flags.options);
  AddSystemFlags(app, "splp", &flags.options.splp);
  AddSystemFlags(app, "sipd", &flags.options.sipd);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    *exit_code = app.exit(error) == 0 ? 0 : kUsage;
    return std::nullopt;
  }
  InheritAll(app, common, &flags.options);
  return flags;
}

}  // namespace satudata::simulator
