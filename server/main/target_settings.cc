#include "server/main/target_settings.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "server/http/url.h"
#include "server/main/version.h"
#include "server/targets/ckan/dataset_name.h"
#include "server/targets/ewalidata/codec.h"

namespace satudata::main {
namespace {

using integration::v1::TargetConfig;

constexpr char kUserAgent[] = "satudata-integration/";

absl::Duration ToDuration(const google::protobuf::Duration& duration) {
  return absl::Seconds(duration.seconds()) + absl::Nanoseconds(duration.nanos());
}

// A target's prefix and where its key comes from.
struct Names {
  absl::string_view prefix;  // `SPLP_`
  absl::string_view key;     // `SPLP_API_KEY`
  absl::string_view config;  // `splp`, in CONFIG_FILE.
};
constexpr Names kSplp = {"SPLP_", "SPLP_API_KEY", "splp"};
constexpr Names kSipd = {"SIPD_", "SIPD_BEARER_TOKEN", "sipd"};

// What proves who we are.
enum class Proof { kKey, kTokens };

// Reads what all targets have.
class TargetReader {
 public:
  TargetReader(SettingReader& reader, const Names& names, const TargetConfig& config)
      : reader_(reader), names_(names), config_(config) {}

  std::optional<http::Url> ReadUrl() {
    std::string text = reader_.Text(Name("API_URL")).value_or(config_.api_url());
    if (text.empty()) return std::nullopt;
    absl::StatusOr<http::Url> url = http::ParseUrl(text);
    if (url.ok()) return *std::move(url);
    reader_.Complain(Name("API_URL"), url.status().message());
    return std::nullopt;
  }

  Connection ReadConnection(const http::Url& url) {
    return {.origin = url.Origin(),
            .ca_bundle_file = TextOr("CA_BUNDLE_FILE", config_.ca_bundle_file()),
            .client_certificate_file = TextOr("CLIENT_CERT_FILE", config_.client_certificate_file()),
            .client_key_file = TextOr("CLIENT_KEY_FILE", config_.client_key_file()),
            .user_agent =
                config_.user_agent().empty() ? absl::StrCat(kUserAgent, kVersion) : config_.user_agent()};
  }

  // `gateway` has the header in which the profile's key is sent if nothing else is set.
  targets::GatewayOptions ReadGateway(const http::Url& url, Proof proof,
                                      targets::GatewayOptions gateway = {}) {
    gateway.base_path = url.path;
    gateway.credentials = ReadCredentials(proof, std::move(gateway.credentials.front()));
    return gateway;
  }

  // nullopt without a token endpoint. A client without one is a setting forgotten.
  std::optional<OAuthSettings> ReadOAuth(const integration::v1::OAuthConfig& config) {
    const std::string address = TextOr("OAUTH_TOKEN_URL", config.token_url());
    const std::string client_id = TextOr("OAUTH_CLIENT_ID", config.client_id());
    const std::optional<Secret> secret = reader_.Key(Name("OAUTH_CLIENT_SECRET"));
    if (address.empty()) {
      if (secret || !client_id.empty()) {
        reader_.Complain(Name("OAUTH_TOKEN_URL"),
                         "missing beside an OAuth2 client; set it, or unset the client");
      }
      return std::nullopt;
    }
    const absl::StatusOr<http::Url> url = http::ParseUrl(address);
    if (!url.ok()) reader_.Complain(Name("OAUTH_TOKEN_URL"), url.status().message());
    if (client_id.empty())
      reader_.Complain(Name("OAUTH_CLIENT_ID"), "missing beside the token endpoint; set it");
    if (!secret) reader_.Complain(Name("OAUTH_CLIENT_SECRET"), "missing beside the token endpoint; set it");
    if (!url.ok() || !secret) return std::nullopt;
    const bool in_form =
        config.client_authentication() == integration::v1::OAuthConfig::CLIENT_AUTHENTICATION_FORM;
    return OAuthSettings{.connection = ReadConnection(*url),
                         .options = {.token_path = url->path.empty() ? "/" : url->path,
                                     .client_id = client_id,
                                     .client_secret = *secret,
                                     .authentication = in_form ? targets::ClientAuthentication::kForm
                                                               : targets::ClientAuthentication::kBasic,
                                     .scope = config.scope()}};
  }

  void ReadTraits(const http::Url& url, sync::TargetTraits* traits) {
    traits->host = url.Origin().substr(url.Origin().find("//") + 2);
    ReadDuration("REQUEST_DEADLINE", config_.has_request_deadline(), config_.request_deadline(),
                 &traits->request_deadline);
    ReadDuration("SETTLE_TIME", config_.has_settle_time(), config_.settle_time(), &traits->settle_time);
    ReadDuration("CONFIRM_WAIT", config_.has_confirm_wait(), config_.confirm_wait(), &traits->confirm_wait);
    if (config_.has_read_deadline()) traits->read_deadline = ToDuration(config_.read_deadline());
    if (config_.has_read_interval()) traits->read_interval = ToDuration(config_.read_interval());
    if (traits->request_deadline == absl::ZeroDuration()) {
      reader_.Complain(Name("REQUEST_DEADLINE"), "no request can be that fast; write it like 30s");
    }
    ReadLimits(traits);
    traits->withhold_private_files = config_.private_files() == TargetConfig::PRIVATE_FILES_SKIP;
  }

 private:
  std::string Name(absl::string_view rest) const { return absl::StrCat(names_.prefix, rest); }

  void ReadDuration(absl::string_view rest, bool configured, const google::protobuf::Duration& config,
                    absl::Duration* out) {
    if (const auto set = reader_.Duration(Name(rest))) {
      *out = *set;
    } else if (configured) {
      *out = ToDuration(config);
    }
  }

  void ReadLimits(sync::TargetTraits* traits) {
    if (config_.max_concurrency() < 0) Complain("max_concurrency", "write a whole number from 1");
    if (config_.rate_limit() < 0) Complain("rate_limit", "write requests per second, like 0.2 or 10");
    const int configured =
        config_.max_concurrency() > 0 ? config_.max_concurrency() : traits->max_concurrency;
    traits->max_concurrency = reader_.Count(Name("MAX_CONCURRENCY")).value_or(configured);
    traits->max_senders = reader_.Count(Name("MAX_SENDERS")).value_or(0);
    traits->rate_limit_per_second = reader_.Rate(Name("RATE_LIMIT")).value_or(config_.rate_limit());
  }

  // The key itself, or the place of the tokens, then the second header where the gateway wants one.
  std::vector<targets::CredentialHeader> ReadCredentials(Proof proof, targets::CredentialHeader first) {
    std::optional<Secret> key = reader_.Key(names_.key);
    if (!key) key = reader_.Key("EXTERNAL_API_KEY");
    if (!key && proof == Proof::kKey) {
      reader_.Complain(names_.key, "missing; set it, or EXTERNAL_API_KEY for all targets");
      return {};
    }
    if (proof == Proof::kKey) first.secret = *key;
    if (!config_.credential().name().empty()) first.name = config_.credential().name();
    if (!config_.credential().prefix().empty()) first.prefix = Prefix(config_.credential().prefix());
    std::vector<targets::CredentialHeader> credentials = {std::move(first)};
    if (auto second = ReadSecondHeader(std::move(key))) credentials.push_back(*std::move(second));
    return credentials;
  }

  std::optional<targets::CredentialHeader> ReadSecondHeader(std::optional<Secret> key) {
    const integration::v1::SecondHeader& second = config_.second_header();
    const std::optional<Secret> own = reader_.Key(Name("SECOND_KEY"));
    if (second.name().empty()) {
      if (own)
        Complain("second_header.name",
                 absl::StrCat("missing beside ", Name("SECOND_KEY"), "; name the header"));
      return std::nullopt;
    }
    if (own) key = own;
    const bool fixed = !own && !second.fixed_value().empty();
    if (fixed) return targets::CredentialHeader{second.name(), "", FixedSecret(second.fixed_value())};
    if (key) return targets::CredentialHeader{second.name(), Prefix(second.prefix()), *std::move(key)};
    reader_.Complain(Name("SECOND_KEY"), "missing for the second header; set it, or a key for all headers");
    return std::nullopt;
  }

  std::string TextOr(absl::string_view rest, const std::string& configured) {
    return reader_.Text(Name(rest)).value_or(configured);
  }

  // The word for nothing, since an empty text cannot be told from none.
  static std::string Prefix(const std::string& text) { return text == "none" ? "" : text; }

  void Complain(absl::string_view key, absl::string_view what) {
    reader_.Complain(absl::StrCat("CONFIG_FILE, ", names_.config, ".target.", key), what);
  }

  SettingReader& reader_;
  const Names& names_;
  const TargetConfig& config_;
};

bool IsKodepemda(absl::string_view text) {
  return text.size() == 4 && std::all_of(text.begin(), text.end(), absl::ascii_isdigit);
}

void ReadKodepemda(SettingReader& reader, const integration::v1::EwalidataConfig& config,
                   targets::ewalidata::Options* options) {
  options->default_kodepemda = reader.Text("SIPD_KODEPEMDA").value_or(config.kodepemda());
  if (options->default_kodepemda.empty() || IsKodepemda(options->default_kodepemda)) return;
  reader.Complain("SIPD_KODEPEMDA", "not a region code; write four digits without a dot, like 1612");
}

void ReadEndpoints(SettingReader& reader, const integration::v1::EwalidataConfig& config,
                   targets::ewalidata::Options* options) {
  for (const auto& [name, path] : config.endpoint_paths()) {
    if (name == "push_dssd") {
      options->push_path = path;
    } else if (name == "get_dssd") {
      options->values_path = path;
    } else if (name == "get_dssd_final") {
      options->final_values_path = path;
    } else if (name == "get_ref_dssd") {
      options->references_path = path;
    } else if (name == "push_disable_dssd") {
      options->withdraw_path = path;
    } else {
      reader.Complain(
          absl::StrCat("CONFIG_FILE, sipd.endpoint_paths.", name),
          "no such endpoint; there are push_dssd, push_disable_dssd, get_dssd, get_dssd_final and "
          "get_ref_dssd");
    }
  }
}

void ReadPushFields(SettingReader& reader, const integration::v1::EwalidataConfig& config,
                    targets::ewalidata::Options* options) {
  const std::vector<std::string> known = targets::ewalidata::PushFieldNames();
  for (const auto& [name, theirs] : config.push_fields()) {
    if (std::find(known.begin(), known.end(), name) == known.end() || theirs.empty()) {
      reader.Complain(absl::StrCat("CONFIG_FILE, sipd.push_fields.", name),
                      absl::StrCat("must be a field with its name at the target; there are ",
                                   absl::StrJoin(known, ", ")));
    }
    options->push_fields[name] = theirs;
  }
}

void ReadUnits(SettingReader& reader, const integration::v1::EwalidataConfig& config,
               targets::ewalidata::Options* options) {
  std::vector<catalog::UnitAlias> aliases;
  for (const auto& [spelling, unit] : config.unit_aliases()) {
    if (spelling.empty() || unit.empty()) {
      reader.Complain(absl::StrCat("CONFIG_FILE, sipd.unit_aliases.", spelling),
                      "must be a spelling with the unit that it stands for");
    }
    aliases.emplace_back(spelling, unit);
  }
  options->units = catalog::Units(aliases);
}

void ReadWithdrawals(SettingReader& reader, const integration::v1::EwalidataConfig& config,
                     targets::ewalidata::Options* options) {
  const std::vector<std::string> known = targets::ewalidata::WithdrawalFieldNames();
  for (const auto& [name, theirs] : config.withdrawal_fields()) {
    if (std::find(known.begin(), known.end(), name) == known.end() || theirs.empty()) {
      reader.Complain(absl::StrCat("CONFIG_FILE, sipd.withdrawal_fields.", name),
                      absl::StrCat("must be a field with its name at the target, or none to leave it out; "
                                   "there are ",
                                   absl::StrJoin(known, ", ")));
    }
    options->withdrawal_fields[name] = theirs == "none" ? "" : theirs;
  }
  if (config.withdrawal_proof() == integration::v1::EwalidataConfig::WITHDRAWAL_PROOF_DISABLED) {
    options->traits.withdrawal_proof = sync::WithdrawalProof::kListed;
  }
}

void ReadProfile(SettingReader& reader, const integration::v1::EwalidataConfig& config,
                 targets::ewalidata::Options* options) {
  if (config.batch_size() < 0) reader.Complain("CONFIG_FILE, sipd.batch_size", "write a whole number from 1");
  if (config.batch_size() > 0) options->traits.max_batch_records = static_cast<size_t>(config.batch_size());
  if (!config.row_key().empty()) options->row_key_template = config.row_key();
  if (config.has_reference_ttl()) options->reference_ttl = ToDuration(config.reference_ttl());
  if (config.decimal_style() == integration::v1::EwalidataConfig::DECIMAL_STYLE_COMMA) {
    options->number_style = targets::ewalidata::NumberStyle::kComma;
  }
  ReadEndpoints(reader, config, options);
  ReadPushFields(reader, config, options);
  ReadWithdrawals(reader, config, options);
  ReadUnits(reader, config, options);
}

void ReadFieldNames(SettingReader& reader, const integration::v1::DatasetRestConfig& config,
                    targets::dataset_rest::Options* options) {
  const std::vector<std::string> known = targets::dataset_rest::ContractFieldNames();
  for (const auto& [name, theirs] : config.field_names()) {
    if (std::find(known.begin(), known.end(), name) == known.end() || theirs.empty()) {
      reader.Complain(absl::StrCat("CONFIG_FILE, splp.field_names.", name),
                      absl::StrCat("must be a field of the contract with its name at the target; there are ",
                                   absl::StrJoin(known, ", ")));
    }
    options->field_names[name] = theirs;
  }
}

bool IsFileType(absl::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), absl::ascii_isalnum);
}

void ReadRefusedTypes(SettingReader& reader, const integration::v1::CkanConfig& config,
                      targets::ckan::Options* options) {
  const std::string text = reader.Text("SPLP_CKAN_REFUSED_TYPES").value_or(config.refused_types());
  if (text.empty()) return;
  options->refused_types.clear();
  if (text == "none") return;
  for (absl::string_view type : absl::StrSplit(text, ',')) {
    const std::string lower = absl::AsciiStrToLower(absl::StripAsciiWhitespace(type));
    if (!IsFileType(lower)) {
      reader.Complain("SPLP_CKAN_REFUSED_TYPES",
                      "must be types with commas between them, like pdf,doc, or none");
    }
    options->refused_types.push_back(lower);
  }
}

void ReadCkanOptions(SettingReader& reader, const integration::v1::CkanConfig& config,
                     targets::ckan::Options* options) {
  options->owner_org = reader.Text("SPLP_CKAN_OWNER_ORG").value_or(config.owner_org());
  if (options->owner_org.empty()) {
    reader.Complain("SPLP_CKAN_OWNER_ORG",
                    "missing with the profile ckan; set the organisation that owns the datasets");
  }
  if (!config.action_path().empty()) options->action_path = config.action_path();
  if (!config.name_prefix().empty()) options->name_prefix = config.name_prefix();
  if (!targets::ckan::IsNamePrefix(options->name_prefix)) {
    reader.Complain("CONFIG_FILE, splp.ckan.name_prefix",
                    "write at most 20 lower-case letters, digits, dashes and underscores");
  }
  if (config.max_file_bytes() < 0)
    reader.Complain("CONFIG_FILE, splp.ckan.max_file_bytes", "write a whole number from 1");
  if (config.max_file_bytes() > 0) options->max_file_bytes = config.max_file_bytes();
  if (const auto bytes = reader.Count("SPLP_CKAN_MAX_FILE_BYTES")) options->max_file_bytes = *bytes;
  ReadRefusedTypes(reader, config, options);
}

}  // namespace

SplpProfile ReadSplpProfile(SettingReader& reader, const integration::v1::DatasetRestConfig& config) {
  const std::string name = reader.Text("SPLP_PROFILE").value_or(config.profile());
  if (name == "ckan") return SplpProfile::kCkan;
  if (!name.empty() && name != "dataset-rest")
    reader.Complain("SPLP_PROFILE",
                    absl::StrCat("\"", name, "\" is no profile of SPLP; write dataset-rest or ckan"));
  return SplpProfile::kDatasetRest;
}

std::optional<CkanSettings> ReadCkan(SettingReader& reader,
                                     const integration::v1::DatasetRestConfig& config) {
  TargetReader target(reader, kSplp, config.target());
  const std::optional<http::Url> url = target.ReadUrl();
  if (!url) return std::nullopt;
  CkanSettings out{.connection = target.ReadConnection(*url), .oauth = target.ReadOAuth(config.oauth())};
  out.options.gateway = out.oauth ? target.ReadGateway(*url, Proof::kTokens)
                                  : target.ReadGateway(*url, Proof::kKey, targets::ckan::DefaultGateway());
  target.ReadTraits(*url, &out.options.traits);
  ReadCkanOptions(reader, config.ckan(), &out.options);
  if (!reader.status().ok()) return std::nullopt;
  return out;
}

std::optional<DatasetRestSettings> ReadSplp(SettingReader& reader,
                                            const integration::v1::DatasetRestConfig& config) {
  TargetReader target(reader, kSplp, config.target());
  const std::optional<http::Url> url = target.ReadUrl();
  if (!url) return std::nullopt;
  DatasetRestSettings out{.connection = target.ReadConnection(*url),
                          .oauth = target.ReadOAuth(config.oauth())};
  out.options.gateway = target.ReadGateway(*url, out.oauth ? Proof::kTokens : Proof::kKey);
  target.ReadTraits(*url, &out.options.traits);
  if (!config.collection_path().empty()) out.options.collection_path = config.collection_path();
  if (!config.id_pointer().empty()) out.options.id_pointer = config.id_pointer();
  ReadFieldNames(reader, config, &out.options);
  if (!reader.status().ok()) return std::nullopt;
  return out;
}

std::optional<EwalidataSettings> ReadSipd(SettingReader& reader,
                                          const integration::v1::EwalidataConfig& config) {
  TargetReader target(reader, kSipd, config.target());
  const std::optional<http::Url> url = target.ReadUrl();
  if (!url) return std::nullopt;
  EwalidataSettings out{.connection = target.ReadConnection(*url)};
  out.options.gateway = target.ReadGateway(*url, Proof::kKey);
  target.ReadTraits(*url, &out.options.traits);
  ReadKodepemda(reader, config, &out.options);
  ReadProfile(reader, config, &out.options);
  if (!reader.status().ok()) return std::nullopt;
  return out;
}

}  // namespace satudata::main
