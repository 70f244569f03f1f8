#include "server/store/vitals_queries.h"

#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/store/rows.h"
#include "server/sync/summary.h"

namespace satudata::store {
namespace {

using Text = std::string;

Text WatchedStatesSql() {
  std::vector<Text> names;
  for (const sync::State state : sync::WatchedStates()) names.emplace_back(sync::StateName(state));
  return absl::StrCat("'", absl::StrJoin(names, "', '"), "'");
}

// Ids of deliveries sort by when they were planned.
std::vector<sync::RestingFiles> SelectResting(Connection& connection,
                                              const std::vector<std::string>& targets) {
  static const auto* const kSql = new Text(absl::StrCat(
      "SELECT r.target, r.state, r.count, d.create_time FROM (SELECT target, state, count(*) AS count, "
      "min(delivery_id) AS first FROM target_status WHERE state IN (",
      WatchedStatesSql(),
      ") AND state <> '' AND target IN (SELECT value FROM json_each(:targets)) GROUP BY 1, 2) r "
      "JOIN delivery d ON d.delivery_id = r.first"));
  std::vector<sync::RestingFiles> resting;
  connection.Select<std::tuple<Text, sync::State, int64_t, absl::Time>>(
      *kSql, std::tuple<Text>(JsonArray(targets)), [&resting](auto& row) {
        auto& [target, state, count, oldest] = row;
        resting.push_back({std::move(target), state, count, oldest});
      });
  return resting;
}

std::optional<absl::Time> SelectConfirmTime(Connection& connection, const Text& target) {
  const auto quarter = connection.SelectOne<int64_t>(
      "SELECT quarter FROM settled_count WHERE target = :target AND state = 'CONFIRMED' AND count > 0 "
      "ORDER BY quarter DESC LIMIT 1",
      std::tuple<Text>(target));
  if (!quarter.has_value()) return std::nullopt;
  return absl::UnixEpoch() + *quarter * sync::kQuarter;
}

// The end of the last good run over the whole catalogue.
std::optional<absl::Time> SelectSyncTime(Connection& connection, const Text& target) {
  return connection.SelectOne<absl::Time>(
      "SELECT r.end_time FROM run_planned_target p CROSS JOIN run r ON r.run_id = p.run_id "
      "AND r.verified_file_count IS NOT NULL AND r.kind = 'SYNC_ALL' AND r.state IN ('SUCCEEDED', 'PARTIAL') "
      "AND r.end_time IS NOT NULL WHERE p.target = :target ORDER BY p.run_id DESC LIMIT 1",
      std::tuple<Text>(target));
}

std::vector<sync::RunMark> SelectRunMarks(Connection& connection) {
  std::vector<sync::RunMark> runs;
  connection.Select<std::tuple<Text, int64_t>>(
      "SELECT run_id, last_sequence FROM run WHERE state IN ('QUEUED', 'RUNNING') AND kind <> 'PREVIEW'",
      std::tuple<>(), [&runs](auto& row) {
        runs.push_back({std::get<0>(row), std::get<1>(row)});
      });
  return runs;
}

}  // namespace

sync::StoredVitals SelectVitals(Connection& connection, const std::vector<std::string>& targets) {
  sync::StoredVitals vitals{.resting = SelectResting(connection, targets),
                            .runs = SelectRunMarks(connection)};
  for (const std::string& target : targets) {
    if (const auto time = SelectConfirmTime(connection, target)) vitals.confirm_times[target] = *time;
    if (const auto time = SelectSyncTime(connection, target)) vitals.sync_times[target] = *time;
  }
  return vitals;
}

}  // namespace satudata::store
