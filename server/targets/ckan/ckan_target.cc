#include "server/targets/ckan/ckan_target.h"

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/http/url.h"
#include "server/targets/ckan/codec.h"
#include "server/targets/ckan/dataset_name.h"
#include "server/targets/ckan/verdict.h"
#include "server/targets/verdicts.h"

namespace satudata::targets::ckan {
namespace {

using catalog::Failure;
using catalog::Reason;
using sync::VerdictKind;

// Raised whenever the same dataset could be judged differently by this code.
constexpr absl::string_view kRulesVersion = "ckan-1";
// More content than any region has; beyond it the types are found out anew.
constexpr size_t kMostTypes = 20'000;

Options WithRulesVersion(Options options) {
  if (options.traits.rules_version.empty()) options.traits.rules_version = std::string(kRulesVersion);
  return options;
}

Failure FindMissingMetadata(const catalog::CatalogFile& file) {
  Failure failure;
  for (const auto& [field, value] : {std::pair("name", &file.name), std::pair("filename", &file.file_name)}) {
    if (!value->empty()) continue;
    failure.reason = Reason::kMetadataMissing;
    absl::StrAppend(&failure.args["field"], failure.args["field"].empty() ? "" : ", ", field);
    failure.field_violations.push_back({field, "wajib diisi (required)"});
  }
  return failure;
}

std::string InMebibytes(int64_t bytes) { return absl::StrCat(bytes >> 20, " MiB"); }

}  // namespace

sync::TargetTraits DefaultTraits() {
  sync::TargetTraits traits;
  traits.name = "splp";
  traits.profile = "ckan";
  traits.confirmation = sync::Confirmation::kReadBack;
  traits.max_batch_records = 1;
  traits.requests_per_send = 4;  // It is looked for, made, given its file, and read back.
  traits.request_deadline = absl::Seconds(120);
  traits.read_deadline = absl::Seconds(30);
  traits.settle_time = absl::Seconds(5);
  return traits;
}

GatewayOptions DefaultGateway() {
  GatewayOptions gateway;
  gateway.credentials.front().prefix = "";
  return gateway;
}

CkanTarget::CkanTarget(Options options, std::unique_ptr<http::HttpClient> client, base::Clock& clock,
                       catalog::ContentSource& contents, std::unique_ptr<TokenSource> tokens)
    : options_(WithRulesVersion(std::move(options))),
      clock_(clock),
      contents_(contents),
      gateway_(options_.gateway, std::move(client), std::move(tokens)),
      errands_{options_, gateway_, contents_} {}

sync::Projection CkanTarget::Project(const catalog::CatalogFile& file,
                                     absl::Span<const catalog::IndicatorValue>,
                                     const Failure& content_failure) const {
  sync::Projection projection;
  if (!file.is_public && options_.traits.withhold_private_files) {
    projection.skipped.reason = Reason::kFilePrivate;
    return projection;
  }
  projection.rejected = FindMissingMetadata(file);
  if (projection.rejected.ok()) projection.rejected = JudgeContent(file, content_failure);
  if (projection.rejected.ok()) projection.records.push_back({.record = EncodeRecord(DatasetOf(file))});
  return projection;
}

// kNone if the target would take it.
Failure CkanTarget::JudgeContent(const catalog::CatalogFile& file, const Failure& content_failure) const {
  // What is wrong with the values in it is another target's business.
  if (content_failure.reason == Reason::kContentMissing) return content_failure;
  if (file.content_sha256.empty()) {
    return content_failure.ok()
               ? Failure{.reason = Reason::kContentMissing, .args = {{"file_name", file.file_name}}}
               : content_failure;
  }
  if (file.content_size_bytes > options_.max_file_bytes) {
    return {.reason = Reason::kContentTooLarge,
            .args = {{"file_name", file.file_name}, {"limit", InMebibytes(options_.max_file_bytes)}}};
  }
  const absl::StatusOr<std::string> type = TypeOf(file);
  if (!type.ok()) return catalog::FailureOf(type.status());
  const std::vector<std::string>& refused = options_.refused_types;
  if (std::find(refused.begin(), refused.end(), *type) == refused.end()) return {};
  return {.reason = Reason::kContentTypeRefused,
          .args = {{"file_name", file.file_name}, {"type", *type}, {"target", options_.traits.name}}};
}

absl::StatusOr<std::string> CkanTarget::TypeOf(const catalog::CatalogFile& file) const {
  {
    base::MutexLock lock(&mu_);
    if (const auto known = types_.find(file.content_sha256); known != types_.end()) return known->second;
  }
  const auto content = contents_.Open(catalog::ContentPath(file));
  if (!content.ok()) return content.status();
  absl::StatusOr<std::string> type = (*content)->Type();
  if (!type.ok()) return type;
  base::MutexLock lock(&mu_);
  if (types_.size() >= kMostTypes) types_.clear();
  types_.emplace(file.content_sha256, *type);
  return type;
}

sync::SendResult CkanTarget::Send(absl::Span<const sync::OutboundRecord> records,
                                  const base::Deadline& deadline, absl::string_view traceparent) {
  const sync::OutboundRecord& record = records.front();
  std::optional<Dataset> dataset = DecodePayload(record.payload);
  if (!dataset.has_value()) {
    return {.verdict = Judged({{.ruling = sync::Ruling::kRejected,
                                .failure = {.reason = Reason::kInternal},
                                .is_lasting = false}})};
  }
  return SendErrand(errands_, record, *std::move(dataset), deadline, traceparent).Run();
}

std::vector<sync::PlannedRequest> CkanTarget::Render(absl::Span<const sync::OutboundRecord> records) const {
  const std::optional<Dataset> dataset = DecodePayload(records.front().payload);
  if (!dataset.has_value()) return {};
  return {gateway_.Render(CreateCallOf(options_, *dataset))};
}

sync::ReadResult CkanTarget::Read(absl::string_view scope, const base::Deadline& deadline) {
  sync::ReadResult result;
  sync::Observation observation{.scope = std::string(scope), .start_time = clock_.Now()};
  const std::string name = DatasetName(options_.name_prefix, scope);
  const Call call{.operation = "package_show",
                  .path = absl::StrCat(options_.action_path, "/package_show?id=", http::PercentEncode(name)),
                  .turn = Turn::kGiven};
  std::optional<HeldPackage> held;
  Reply reply = gateway_.Do(call, deadline, /*traceparent=*/"",
                            [&](const http::Answer& answer, absl::Time received_at) {
                              return JudgeShow(name, answer, received_at, held);
                            });
  result.exchanges = std::move(reply.exchanges);
  result.verdict = std::move(reply.verdict);
  if (IsRefusedForUsAlone(result.verdict, deadline, result)) result.verdict = Judged({});
  if (result.verdict.kind != VerdictKind::kJudged) return result;
  if (held.has_value() && held->IsWhole() && held->metadata.file_id == scope) {
    observation.values[std::string(scope)] = {.hash = held->Hash(), .remote_id = held->id};
  }
  result.observation = std::move(observation);
  return result;
}

// It is somebody else's and hidden from us: there is nothing of ours under that name.
bool CkanTarget::IsRefusedForUsAlone(const sync::Verdict& verdict, const base::Deadline& deadline,
                                     sync::ReadResult& result) {
  if (verdict.kind != VerdictKind::kUnauthorized || verdict.failure.target_code != kAuthorizationError)
    return false;
  bool is_member = false;
  Reply reply = AskMembership(errands_, deadline, Turn::kAwaited, is_member);
  std::move(reply.exchanges.begin(), reply.exchanges.end(), std::back_inserter(result.exchanges));
  return reply.verdict.kind == VerdictKind::kJudged && is_member;
}

sync::CheckResult CkanTarget::Check(const base::Deadline& deadline) {
  bool is_member = false;
  Reply reply = AskMembership(errands_, deadline, Turn::kUnasked, is_member);
  sync::CheckResult result{.failure = std::move(reply.verdict.failure),
                           .latency = reply.duration(),
                           .http_code = reply.http_code()};
  const bool answered = reply.verdict.kind == VerdictKind::kJudged;
  result.healthy = answered && is_member;
  if (answered && !is_member) {
    result.failure = Unauthorized({.http_code = reply.http_code(),
                                   .text = absl::StrCat("may not create datasets for ", options_.owner_org)})
                         .failure;
  }
  return result;
}

}  // namespace satudata::targets::ckan
