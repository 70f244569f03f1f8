#include "server/targets/dataset_rest/dataset_rest_target.h"

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/http/url.h"
#include "server/targets/dataset_rest/codec.h"
#include "server/targets/dataset_rest/verdict.h"
#include "server/targets/verdicts.h"

namespace satudata::targets::dataset_rest {
namespace {

// Raised whenever the same dataset could be judged differently by this code.
constexpr absl::string_view kRulesVersion = "dataset-rest-1";

Options WithRulesVersion(Options options) {
  if (options.traits.rules_version.empty()) options.traits.rules_version = std::string(kRulesVersion);
  return options;
}

void Append(std::vector<sync::Exchange> more, std::vector<sync::Exchange>& exchanges) {
  std::move(more.begin(), more.end(), std::back_inserter(exchanges));
}

}  // namespace

sync::TargetTraits DefaultTraits() {
  sync::TargetTraits traits;
  traits.name = "splp";
  traits.profile = "dataset-rest";
  traits.confirmation = sync::Confirmation::kResponse;
  traits.max_batch_records = 1;
  traits.request_deadline = absl::Seconds(30);
  traits.read_deadline = absl::Seconds(30);
  traits.settle_time = absl::Seconds(5);
  return traits;
}

DatasetRestTarget::DatasetRestTarget(Options options, std::unique_ptr<http::HttpClient> client,
                                     base::Clock& clock, std::unique_ptr<TokenSource> tokens)
    : options_(WithRulesVersion(std::move(options))),
      clock_(clock),
      gateway_(options_.gateway, std::move(client), std::move(tokens)) {}

sync::Projection DatasetRestTarget::Project(const catalog::CatalogFile& file,
                                            absl::Span<const catalog::IndicatorValue>,
                                            const catalog::Failure&) const {
  sync::Projection projection;
  if (!file.is_public && options_.traits.withhold_private_files) {
    projection.skipped.reason = catalog::Reason::kFilePrivate;
    return projection;
  }
  projection.rejected = FindMissingMetadata(file);
  if (projection.rejected.ok())
    projection.records.push_back({.record = EncodeDataset(file, options_.field_names)});
  return projection;
}

std::string DatasetRestTarget::ItemPath(absl::string_view dataset_id) const {
  return absl::StrCat(options_.collection_path, "/", http::PercentEncode(dataset_id));
}

Call DatasetRestTarget::CreateOf(const sync::OutboundRecord& record) const {
  return {.operation = "create_dataset",
          .method = "POST",
          .path = options_.collection_path,
          .body = record.payload,
          .turn = Turn::kGiven};
}

std::vector<sync::PlannedRequest> DatasetRestTarget::Render(
    absl::Span<const sync::OutboundRecord> records) const {
  return {gateway_.Render(CreateOf(records.front()))};
}

sync::SendResult DatasetRestTarget::Send(absl::Span<const sync::OutboundRecord> records,
                                         const base::Deadline& deadline, absl::string_view traceparent) {
  const sync::OutboundRecord& record = records.front();
  bool is_there = false;
  Reply reply = gateway_.Do(CreateOf(record), deadline, traceparent,
                            [&](const http::Answer& answer, absl::Time received_at) {
                              is_there = SaysAlreadyThere(answer);
                              return JudgeWrite(options_, record.key, answer, received_at);
                            });
  if (is_there) return SettleConflict(record, deadline, traceparent, std::move(reply.exchanges));
  return {.verdict = std::move(reply.verdict), .exchanges = std::move(reply.exchanges)};
}

sync::SendResult DatasetRestTarget::SettleConflict(const sync::OutboundRecord& record,
                                                   const base::Deadline& deadline,
                                                   absl::string_view traceparent,
                                                   std::vector<sync::Exchange> post) {
  sync::SendResult result{.exchanges = std::move(post)};
  ReadReply read = ReadDataset("get_dataset", record.key, Turn::kAwaited, deadline, traceparent);
  Append(std::move(read.reply.exchanges), result.exchanges);
  if (read.reply.verdict.kind != sync::VerdictKind::kJudged) {
    result.verdict = std::move(read.reply.verdict);
    result.verdict.effect = sync::Effect::kNone;  // The POST was refused, and a GET changes nothing.
  } else if (!read.held.has_value()) {
    result.verdict =
        Unknown({.http_code = 404, .text = "the dataset is said both to be there and not to be"});
  } else if (read.held->hash == record.hash) {
    result.verdict = Judged({{.ruling = sync::Ruling::kConfirmed, .remote_id = read.held->remote_id}});
  } else {
    Reply put = Update(record, deadline, traceparent);
    result.verdict = std::move(put.verdict);
    Append(std::move(put.exchanges), result.exchanges);
  }
  return result;
}

Reply DatasetRestTarget::Update(const sync::OutboundRecord& record, const base::Deadline& deadline,
                                absl::string_view traceparent) {
  const Call call{
      .operation = "update_dataset", .method = "PUT", .path = ItemPath(record.key), .body = record.payload};
  return gateway_.Do(call, deadline, traceparent, [&](const http::Answer& answer, absl::Time received_at) {
    return JudgeWrite(options_, record.key, answer, received_at);
  });
}

DatasetRestTarget::ReadReply DatasetRestTarget::ReadDataset(absl::string_view operation,
                                                            absl::string_view dataset_id, Turn turn,
                                                            const base::Deadline& deadline,
                                                            absl::string_view traceparent) {
  ReadReply read;
  const Call call{.operation = std::string(operation), .path = ItemPath(dataset_id), .turn = turn};
  read.reply =
      gateway_.Do(call, deadline, traceparent, [&](const http::Answer& answer, absl::Time received_at) {
        return JudgeRead(options_, dataset_id, answer, received_at, read.held);
      });
  return read;
}

sync::ReadResult DatasetRestTarget::Read(absl::string_view scope, const base::Deadline& deadline) {
  sync::ReadResult result;
  sync::Observation observation{.scope = std::string(scope), .start_time = clock_.Now()};
  ReadReply read = ReadDataset("get_dataset", scope, Turn::kGiven, deadline, /*traceparent=*/"");
  result.verdict = std::move(read.reply.verdict);
  result.exchanges = std::move(read.reply.exchanges);
  if (result.verdict.kind != sync::VerdictKind::kJudged) return result;
  if (read.held.has_value()) observation.values.emplace(scope, *std::move(read.held));
  result.observation = std::move(observation);
  return result;
}

sync::CheckResult DatasetRestTarget::Check(const base::Deadline& deadline) {
  ReadReply read = ReadDataset("check", options_.check_id, Turn::kUnasked, deadline, /*traceparent=*/"");
  return {.healthy = read.reply.verdict.kind == sync::VerdictKind::kJudged,
          .failure = std::move(read.reply.verdict.failure),
          .latency = read.reply.duration(),
          .http_code = read.reply.http_code()};
}

}  // namespace satudata::targets::dataset_rest
