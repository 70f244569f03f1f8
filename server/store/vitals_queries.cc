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

// Whole runs that are looked through for each target's last good one: a target that was left out of so many
// has none.
constexpr int64_t kWholeRuns = 50;

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

std::map<std::string, absl::Time> SelectSyncTimes(Connection& connection) {
  static const auto* const kSql = new Text(absl::StrCat(
      "SELECT ", kRunColumns,
      " FROM run WHERE verified_file_count IS NOT NULL AND kind = 'SYNC_ALL' AND state IN ('SUCCEEDED', "
      "'PARTIAL') ORDER BY run_id DESC LIMIT :limit"));
  std::map<std::string, absl::Time> times;
  connection.Select<sync::Run>(*kSql, std::tuple<int64_t>(kWholeRuns), [&times](sync::Run& run) {
    if (!run.end_time.has_value()) return;
    for (const std::string& target : run.request.targets) times.try_emplace(target, *run.end_time);
  });
  return times;
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
                            .sync_times = SelectSyncTimes(connection),
                            .runs = SelectRunMarks(connection)};
  for (const std::string& target : targets) {
    if (const auto time = SelectConfirmTime(connection, target)) vitals.confirm_times[target] = *time;
  }
  return vitals;
}

}  // namespace satudata::store
