#include "server/targets/ewalidata/ewalidata_target.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "server/catalog/indicator.h"
#include "server/http/url.h"
#include "server/targets/ewalidata/projection.h"
#include "server/targets/ewalidata/verdict.h"
#include "server/targets/verdicts.h"

namespace satudata::targets::ewalidata {
namespace {

// Raised whenever the same value could be judged differently by this code.
constexpr absl::string_view kRulesVersion = "ewalidata-1";

Options WithRulesVersion(Options options) {
  if (options.traits.rules_version.empty()) {
    options.traits.rules_version = absl::StrCat(kRulesVersion, "/", options.default_kodepemda);
  }
  return options;
}

sync::Verdict ScopeMalformed(absl::string_view scope) {
  return Unknown({.text = absl::StrCat("no table is called ", scope)});
}

}  // namespace

sync::TargetTraits DefaultTraits() {
  sync::TargetTraits traits;
  traits.name = "sipd";
  traits.profile = "ewalidata";
  traits.confirmation = sync::Confirmation::kReadBack;
  traits.reads_tables = true;
  traits.max_batch_records = 100;
  traits.request_deadline = absl::Seconds(180);
  traits.read_deadline = absl::Seconds(300);
  traits.settle_time = absl::Minutes(10);
  traits.withdraws = true;
  return traits;
}

EwalidataTarget::EwalidataTarget(Options options, std::unique_ptr<http::HttpClient> client,
                                 base::Clock& clock, std::unique_ptr<TokenSource> tokens)
    : options_(WithRulesVersion(std::move(options))),
      clock_(clock),
      gateway_(options_.gateway, std::move(client), std::move(tokens)),
      references_(
          {.ttl = options_.reference_ttl, .retry_time = options_.reference_retry_time},
          [this](absl::string_view kodepemda, const base::Deadline& deadline) {
            return FetchReferences(kodepemda, deadline);
          },
          clock) {}

sync::Projection EwalidataTarget::Project(const catalog::CatalogFile& file,
                                          absl::Span<const catalog::IndicatorValue> values,
                                          const catalog::Failure& content_failure) const {
  return ProjectFile(file, values, content_failure, options_, CachedLists());
}

sync::ProjectedRecord EwalidataTarget::ProjectWithdrawal(const sync::Withdrawal& withdrawal) const {
  return MakeWithdrawal(withdrawal, options_, CachedLists());
}

FindReferences EwalidataTarget::CachedLists() const {
  return [this](absl::string_view kodepemda) { return references_.Cached(kodepemda); };
}

Call EwalidataTarget::CallOf(absl::Span<const sync::OutboundRecord> records) const {
  if (records.front().hash == sync::kWithdrawnHash) {
    return {.operation = "push_disable_dssd",
            .method = "POST",
            .path = options_.withdraw_path,
            .body = EncodeWithdrawal(records, options_.withdrawal_fields),
            .turn = Turn::kGiven};
  }
  return {.operation = "push_dssd",
          .method = "POST",
          .path = options_.push_path,
          .body = EncodePush(records, options_.number_style, options_.push_fields),
          .turn = Turn::kGiven};
}

std::vector<sync::PlannedRequest> EwalidataTarget::Render(
    absl::Span<const sync::OutboundRecord> records) const {
  return {gateway_.Render(CallOf(records))};
}

sync::SendResult EwalidataTarget::Send(absl::Span<const sync::OutboundRecord> records,
                                       const base::Deadline& deadline, absl::string_view traceparent) {
  std::vector<std::string> row_keys;
  row_keys.reserve(records.size());
  for (const sync::OutboundRecord& record : records) {
    row_keys.push_back(RowKey(record.key, options_.row_key_template));
  }
  Reply reply = gateway_.Do(CallOf(records), deadline, traceparent,
                            [&](const http::Answer& answer, absl::Time received_at) {
                              return JudgePush(row_keys, answer, received_at);
                            });
  return {.verdict = std::move(reply.verdict), .exchanges = std::move(reply.exchanges)};
}

sync::Verdict EwalidataTarget::ReadTable(absl::string_view operation, absl::string_view endpoint,
                                         const TableScope& scope, const base::Deadline& deadline,
                                         std::vector<sync::Exchange>& exchanges, ObservedValues& values) {
  std::vector<TargetRow> rows;
  const Call call{.operation = std::string(operation),
                  .path = TablePath(endpoint, scope),
                  .max_answer_bytes = options_.max_table_bytes,
                  .turn = exchanges.empty() ? Turn::kGiven : Turn::kAwaited};
  Reply reply = gateway_.Do(call, deadline, /*traceparent=*/"",
                            [&](const http::Answer& answer, absl::Time received_at) {
                              return JudgeTable(answer, received_at, rows);
                            });
  std::move(reply.exchanges.begin(), reply.exchanges.end(), std::back_inserter(exchanges));
  values = ObserveRows(rows, scope, options_.number_style);
  return std::move(reply.verdict);
}

sync::ReadResult EwalidataTarget::Read(absl::string_view scope, const base::Deadline& deadline) {
  sync::ReadResult result;
  absl::string_view table_scope = scope;
  const bool of_withdrawals = ConsumeWithdrawalScope(table_scope);
  const std::optional<TableScope> table = ParseScope(table_scope);
  if (!table.has_value()) {
    result.verdict = ScopeMalformed(scope);
    return result;
  }
  RememberRegion(table->kodepemda);
  sync::Observation observation{.scope = std::string(scope), .start_time = clock_.Now()};
  result.verdict =
      ReadTable("get_dssd", options_.values_path, *table, deadline, result.exchanges, observation.values);
  if (result.verdict.kind != sync::VerdictKind::kJudged) return result;
  result.verdict = of_withdrawals ? ReadWithdrawn(*table, deadline, result.exchanges, observation.values)
                                  : ReadFinal(*table, deadline, result.exchanges, observation.values);
  if (result.verdict.kind == sync::VerdictKind::kJudged) result.observation = std::move(observation);
  return result;
}

sync::Verdict EwalidataTarget::ReadFinal(const TableScope& scope, const base::Deadline& deadline,
                                         std::vector<sync::Exchange>& exchanges, ObservedValues& values) {
  if (options_.final_values_path.empty()) return Judged({});
  ObservedValues final_values;
  sync::Verdict verdict =
      ReadTable("get_dssd_final", options_.final_values_path, scope, deadline, exchanges, final_values);
  if (verdict.kind == sync::VerdictKind::kJudged) MarkFinal(final_values, values);
  return verdict;
}

sync::Verdict EwalidataTarget::ReadWithdrawn(const TableScope& scope, const base::Deadline& deadline,
                                             std::vector<sync::Exchange>& exchanges, ObservedValues& values) {
  std::vector<TargetRow> rows;
  Reply reply = ReadReferences(scope.kodepemda, deadline, rows);
  std::move(reply.exchanges.begin(), reply.exchanges.end(), std::back_inserter(exchanges));
  if (reply.verdict.kind != sync::VerdictKind::kJudged) return std::move(reply.verdict);
  MarkWithdrawn(rows, scope, values);
  if (!rows.empty()) references_.Put(MakeReferenceList(scope.kodepemda, rows, clock_.Now()));
  return Judged({});
}

Reply EwalidataTarget::ReadReferences(absl::string_view kodepemda, const base::Deadline& deadline,
                                      std::vector<TargetRow>& rows) {
  const Call call{
      .operation = "get_ref_dssd",
      .path = absl::StrCat(options_.references_path, "?kodepemda=", http::PercentEncode(kodepemda)),
      .max_answer_bytes = options_.max_table_bytes};
  return gateway_.Do(call, deadline, /*traceparent=*/"",
                     [&](const http::Answer& answer, absl::Time received_at) {
                       return JudgeTable(answer, received_at, rows);
                     });
}

sync::CheckResult EwalidataTarget::Check(const base::Deadline& deadline) {
  std::vector<TargetRow> rows;
  const Call call{.operation = "check",
                  .path = CheckPath(),
                  .max_answer_bytes = options_.max_table_bytes,
                  .turn = Turn::kUnasked};
  Reply reply = gateway_.Do(call, deadline, /*traceparent=*/"",
                            [&](const http::Answer& answer, absl::Time received_at) {
                              return JudgeTable(answer, received_at, rows);
                            });
  return {.healthy = reply.verdict.kind == sync::VerdictKind::kJudged,
          .failure = std::move(reply.verdict.failure),
          .latency = reply.duration(),
          .http_code = reply.http_code()};
}

// One row of last year: the cheapest read there is.
std::string EwalidataTarget::CheckPath() {
  std::string kodepemda = options_.default_kodepemda;
  if (kodepemda.empty()) {
    base::MutexLock lock(&mu_);
    kodepemda = last_kodepemda_;
  }
  const absl::CivilYear last_year = absl::ToCivilYear(clock_.Now(), absl::UTCTimeZone()) - 1;
  const std::string region =
      kodepemda.empty() ? "" : absl::StrCat("kodepemda=", http::PercentEncode(kodepemda), "&");
  return absl::StrCat(options_.values_path, "?", region, "tahun=", last_year.year(), "&limit=1&offset=0");
}

void EwalidataTarget::RememberRegion(absl::string_view kodepemda) {
  base::MutexLock lock(&mu_);
  last_kodepemda_ = std::string(kodepemda);
}

absl::Status EwalidataTarget::Prepare(absl::Span<const std::string> kodepemdas,
                                      const base::Deadline& deadline) {
  absl::Status first_error;
  if (!options_.default_kodepemda.empty()) {
    first_error.Update(
        References(options_.default_kodepemda, ReferenceCache::Use::kPlanning, deadline).status());
  }
  for (const std::string& kodepemda : kodepemdas) {
    if (!kodepemda.empty())
      first_error.Update(References(kodepemda, ReferenceCache::Use::kPlanning, deadline).status());
  }
  return first_error;
}

absl::StatusOr<ReferenceListPtr> EwalidataTarget::References(absl::string_view kodepemda,
                                                             ReferenceCache::Use use,
                                                             const base::Deadline& deadline) {
  if (!catalog::IsKodepemda(kodepemda)) {
    return catalog::FailureStatus(
        absl::StatusCode::kInvalidArgument,
        {.reason = catalog::Reason::kKodepemdaInvalid, .args = {{"value", std::string(kodepemda)}}});
  }
  if (use == ReferenceCache::Use::kPlanning) RememberRegion(kodepemda);
  return references_.Get(kodepemda, use, deadline);
}

absl::StatusOr<ReferenceList> EwalidataTarget::FetchReferences(absl::string_view kodepemda,
                                                               const base::Deadline& deadline) {
  std::vector<TargetRow> rows;
  Reply reply = ReadReferences(kodepemda, deadline, rows);
  if (reply.verdict.kind != sync::VerdictKind::kJudged) {
    return catalog::FailureStatus(absl::StatusCode::kUnavailable, std::move(reply.verdict.failure));
  }
  if (rows.empty()) {  // An empty list would refuse every value of the region.
    return catalog::FailureStatus(absl::StatusCode::kUnavailable,
                                  {.reason = catalog::Reason::kAnswerUnknown,
                                   .args = {{"detail", "the reference list is empty"}},
                                   .http_code = reply.http_code()});
  }
  return MakeReferenceList(kodepemda, rows, clock_.Now());
}

}  // namespace satudata::targets::ewalidata
