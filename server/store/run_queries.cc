#include "server/store/run_queries.h"

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "server/catalog/failure.h"
#include "server/store/chunk_queries.h"
#include "server/store/rows.h"
#include "server/store/standings.h"
#include "server/store/summary_queries.h"

namespace satudata::store {
namespace {

using Text = std::string;

constexpr absl::Duration kRequestIdLifetime = absl::Hours(7 * 24);
constexpr absl::Duration kPreviewLifetime = absl::Hours(24);

absl::Status RunNotFound(absl::string_view run_id) {
  return catalog::FailureStatus(
      absl::StatusCode::kNotFound,
      catalog::Failure{.reason = catalog::Reason::kRunNotFound, .args = {{"run_id", Text(run_id)}}});
}

absl::Status RequestIdReused(absl::string_view request_id) {
  return catalog::FailureStatus(absl::StatusCode::kInvalidArgument,
                                catalog::Failure{.reason = catalog::Reason::kRequestIdReused,
                                                 .args = {{"request_id", Text(request_id)}}});
}

std::string SelectRunsWhere(absl::string_view condition) {
  return absl::StrCat("SELECT ", kRunColumns, " FROM run WHERE ", condition);
}

void FillCounts(Connection& connection, std::vector<sync::Run>& runs) {
  absl::flat_hash_map<std::string, sync::Run*> by_id;
  std::vector<std::string> ids;
  for (sync::Run& run : runs) {
    by_id[run.run_id] = &run;
    ids.push_back(run.run_id);
  }
  connection.Select<std::tuple<Text, Text, sync::State, int64_t>>(
      "SELECT run_id, target, state, count FROM run_count "
      "WHERE run_id IN (SELECT value FROM json_each(:run_ids))",
      std::tuple<Text>(JsonArray(ids)), [&by_id](auto& row) {
        const auto& [run_id, target, state, count] = row;
        by_id.at(run_id)->counts[target][state] = count;
      });
}

void FillForecasts(Connection& connection, sync::Run& run) {
  static const auto* const kSql = new std::string(
      absl::StrCat("SELECT target, ", kForecastColumns, " FROM run_forecast WHERE run_id = :run_id"));
  connection.Select<std::tuple<Text, sync::Forecast>>(*kSql, std::tuple<Text>(run.run_id), [&run](auto& row) {
    run.forecasts[std::get<0>(row)] = std::get<1>(row);
  });
}

std::vector<sync::Run> WithCounts(Connection& connection, std::vector<sync::Run> runs) {
  if (!runs.empty()) FillCounts(connection, runs);
  for (sync::Run& run : runs) {
    if (run.request.is_preview()) FillForecasts(connection, run);
  }
  return runs;
}

void InsertRun(Connection& connection, const sync::Run& run, absl::string_view fingerprint) {
  static const auto* const kSql = new std::string(absl::StrCat(
      "INSERT INTO run (kind, requested_by, request_id, fingerprint, ", kRunColumns,
      ") VALUES (:kind, :requested_by, :request_id, :fingerprint, ", Placeholders(kRunColumns), ")"));
  connection.Execute(
      *kSql, std::tuple<sync::RunKind, Text, Text, Text, sync::Run>(
                 run.request.kind, run.request.requested_by, run.request.request_id, Text(fingerprint), run));
}

std::vector<sync::RunEvent> SelectDeliveryEvents(Connection& connection, const std::string& run_id,
                                                 int64_t after_sequence, int64_t limit) {
  static const auto* const kSql = new std::string(absl::StrCat(
      "SELECT ", kDeliveryColumns,
      " FROM delivery WHERE run_id = :run_id AND told = 1 AND sequence > :after ORDER BY sequence LIMIT "
      ":limit"));
  std::vector<sync::RunEvent> events;
  connection.Select<sync::Delivery>(*kSql, std::tuple<Text, int64_t, int64_t>(run_id, after_sequence, limit),
                                    [&](sync::Delivery& delivery) {
                                      const auto [sequence, time] =
                                          std::pair(delivery.sequence, delivery.update_time);
                                      events.push_back({run_id, sequence, time, std::move(delivery)});
                                    });
  return events;
}

std::vector<sync::RunEvent> SelectSkippedEvents(Connection& connection, const std::string& run_id,
                                                int64_t after_sequence, int64_t limit) {
  std::vector<sync::RunEvent> events;
  connection.Select<std::tuple<Text, Text, int64_t, catalog::Failure, absl::Time>>(
      "SELECT file_id, file_name, sequence, failure, skip_time FROM run_skipped_file "
      "WHERE run_id = :run_id AND sequence > :after ORDER BY sequence LIMIT :limit",
      std::tuple<Text, int64_t, int64_t>(run_id, after_sequence, limit), [&](auto& row) {
        auto& [file_id, file_name, sequence, failure, time] = row;
        events.push_back(
            {run_id, sequence, time,
             sync::FileSkipped{std::move(file_id), std::move(file_name), sequence, std::move(failure)}});
      });
  return events;
}

absl::Status CheckAlone(Connection& connection, const sync::SyncRequest& request) {
  for (const sync::Run& other : SelectUnfinishedRuns(connection)) {
    if (!sync::IsBulk(other.request.kind)) continue;
    for (const std::string& target : other.request.targets) {
      if (std::find(request.targets.begin(), request.targets.end(), target) == request.targets.end())
        continue;
      return catalog::FailureStatus(
          absl::StatusCode::kAborted,
          {.reason = catalog::Reason::kRunActive, .args = {{"run_id", other.run_id}, {"target", target}}});
    }
  }
  return absl::OkStatus();
}

// The files lose their newest delivery at this target: the one before it speaks for them again, if any.
void RestoreStatuses(Connection& connection, const std::tuple<Text, Text>& run_and_target) {
  connection.Execute(
      "DELETE FROM target_status WHERE (file_id, target) IN "
      "(SELECT file_id, target FROM delivery WHERE run_id = :run_id AND target = :target AND is_preview = 0)",
      run_and_target);
  connection.Execute(
      absl::StrCat("INSERT INTO target_status (file_id, target, delivery_id, state, reason, run_id, failure, "
                   "records, update_time) "
                   "SELECT d.file_id, d.target, d.delivery_id, CASE WHEN d.state IN (",
                   IndexedStatesSql(),
                   ") THEN d.state ELSE '' END, d.reason, '', '', '', 0 FROM delivery d "
                   "WHERE d.delivery_id IN (SELECT max(older.delivery_id) FROM delivery gone "
                   "JOIN delivery older ON older.file_id = gone.file_id AND older.target = gone.target "
                   "WHERE gone.run_id = :run_id AND gone.target = :target AND gone.is_preview = 0 "
                   "AND older.run_id <> :run_id AND older.is_preview = 0 "
                   "GROUP BY gone.file_id, gone.target)"),
      run_and_target);
}

}  // namespace

// Deliveries and records go with their runs.
void DeleteOldPreviews(Connection& connection, absl::Time now) {
  constexpr absl::string_view kDeliveriesOfOld =
      "SELECT d.delivery_id FROM run u JOIN delivery d ON d.run_id = u.run_id "
      "WHERE u.kind = 'PREVIEW' AND u.create_time < :before";
  const std::tuple<absl::Time> before(now - kPreviewLifetime);
  for (const absl::string_view table : {"attempt", "shared_attempt"}) {
    connection.Execute(absl::StrCat("DELETE FROM ", table, " WHERE delivery_id IN (", kDeliveriesOfOld, ")"),
                       before);
  }
  connection.Execute("DELETE FROM run WHERE kind = 'PREVIEW' AND create_time < :before", before);
}

absl::StatusOr<sync::Run> SelectRun(Connection& connection, absl::string_view run_id) {
  static const auto* const kSql = new std::string(SelectRunsWhere("run_id = :run_id"));
  auto runs = WithCounts(connection, connection.SelectAll<sync::Run>(*kSql, std::tuple<Text>(Text(run_id))));
  if (runs.empty()) return RunNotFound(run_id);
  return std::move(runs.front());
}

std::vector<sync::Run> SelectRuns(Connection& connection, const sync::RunFilter& filter,
                                  const sync::Page& page) {
  static const auto* const kSql =
      new std::string(SelectRunsWhere("(:after = '' OR run_id < :after) AND (:state = '' OR state = :state) "
                                      "AND (:kind = '' OR kind = :kind) ORDER BY run_id DESC LIMIT :limit"));
  const Text state(filter.state.has_value() ? ColumnText(*filter.state) : "");
  const Text kind(filter.kind.has_value() ? ColumnText(*filter.kind) : "");
  return WithCounts(connection,
                    connection.SelectAll<sync::Run>(
                        *kSql, std::tuple<Text, Text, Text, int64_t>(page.after, state, kind, page.limit)));
}

std::vector<sync::Run> SelectUnfinishedRuns(Connection& connection) {
  static const auto* const kSql =
      new std::string(SelectRunsWhere("state IN ('QUEUED', 'RUNNING') ORDER BY run_id"));
  return WithCounts(connection, connection.SelectAll<sync::Run>(*kSql, std::tuple<>()));
}

std::vector<std::string> SelectPlannedTargets(Connection& connection, absl::string_view run_id) {
  return connection.SelectAll<Text>(
      "SELECT target FROM run_planned_target WHERE run_id = :run_id ORDER BY target",
      std::tuple<Text>(Text(run_id)));
}

absl::StatusOr<std::optional<sync::Run>> SelectRunOfRequest(Connection& connection,
                                                            const sync::SyncRequest& request,
                                                            absl::string_view fingerprint, absl::Time now) {
  if (request.request_id.empty()) return std::nullopt;
  const auto earlier = connection.SelectOne<std::tuple<Text, Text>>(
      "SELECT run_id, fingerprint FROM run WHERE requested_by = :requested_by AND request_id = :request_id "
      "AND request_id <> '' AND create_time > :after ORDER BY create_time DESC LIMIT 1",
      std::tuple<Text, Text, absl::Time>(request.requested_by, request.request_id, now - kRequestIdLifetime));
  if (!earlier.has_value()) return std::nullopt;
  if (std::get<1>(*earlier) != fingerprint) return RequestIdReused(request.request_id);
  absl::StatusOr<sync::Run> found = SelectRun(connection, std::get<0>(*earlier));
  if (!found.ok()) return found.status();
  return *std::move(found);
}

std::optional<int64_t> SelectLastCatalogueSize(Connection& connection, absl::string_view before_run_id) {
  return connection.SelectOne<int64_t>(
      "SELECT verified_file_count FROM run WHERE verified_file_count IS NOT NULL AND run_id < :before "
      "ORDER BY run_id DESC LIMIT 1",
      std::tuple<Text>(Text(before_run_id)));
}

absl::StatusOr<sync::RunCreation> InsertOrAttachRun(Connection& connection, const sync::NewRun& start,
                                                    absl::Time now) {
  const sync::Run& run = start.run;
  const sync::SyncRequest& request = run.request;
  absl::StatusOr<std::optional<sync::Run>> earlier =
      SelectRunOfRequest(connection, request, start.fingerprint, now);
  if (!earlier.ok()) return earlier.status();
  if (earlier->has_value()) return sync::RunCreation{.run = **std::move(earlier), .attached = true};
  if (start.alone) {
    if (absl::Status alone = CheckAlone(connection, request); !alone.ok()) return alone;
  }
  InsertRun(connection, run, start.fingerprint);
  InsertRunChunk(connection, run.run_id, start.lease);
  return sync::RunCreation{.run = run, .attached = false};
}

void DeletePlan(Connection& connection, absl::string_view run_id, absl::string_view target) {
  const std::tuple<Text, Text> params{Text(run_id), Text(target)};
  RestoreStatuses(connection, params);
  WithdrawSettled(connection, Text(run_id), Text(target));
  connection.Execute("DELETE FROM delivery WHERE run_id = :run_id AND target = :target", params);
  DeleteChunksOfPlan(connection, run_id, target);
  connection.Execute("DELETE FROM run_count WHERE run_id = :run_id AND target = :target", params);
  connection.Execute("DELETE FROM run_forecast WHERE run_id = :run_id AND target = :target", params);
  connection.Execute("DELETE FROM run_planned_target WHERE run_id = :run_id AND target = :target", params);
}

std::vector<sync::RunEvent> SelectEvents(Connection& connection, absl::string_view run_id,
                                         int64_t after_sequence, int64_t limit) {
  const Text run(run_id);
  std::vector<sync::RunEvent> deliveries = SelectDeliveryEvents(connection, run, after_sequence, limit);
  std::vector<sync::RunEvent> skipped = SelectSkippedEvents(connection, run, after_sequence, limit);
  if (skipped.empty()) return deliveries;
  std::vector<sync::RunEvent> events;
  std::merge(std::make_move_iterator(deliveries.begin()), std::make_move_iterator(deliveries.end()),
             std::make_move_iterator(skipped.begin()), std::make_move_iterator(skipped.end()),
             std::back_inserter(events),
             [](const sync::RunEvent& a, const sync::RunEvent& b) { return a.sequence < b.sequence; });
  if (events.size() > static_cast<size_t>(limit)) events.resize(static_cast<size_t>(limit));
  return events;
}

}  // namespace satudata::store
