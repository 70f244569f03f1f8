#include "server/store/summary_queries.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "server/store/catalog_tables.h"
#include "server/store/rows.h"

namespace satudata::store {
namespace {

using sync::State;
using Text = std::string;

// A value's key is `kodepemda.kodeindikator.tahun`, and the urusan is the first two parts of the second. SQL
// cuts it out: reading each key to do so takes several times as long.
constexpr char kUrusanOf[] = "substr(k.key, 6, 4)";
absl::string_view IsValueKey(Connection& connection) {
  return connection.postgres() == nullptr ? "k.key GLOB '[0-9][0-9][0-9][0-9].[0-9].[0-9][0-9].*'"
                                          : "k.key ~ '^[0-9]{4}[.][0-9][.][0-9]{2}[.]'";
}

using TargetStateCount = std::tuple<Text, State, int64_t>;

// By target, state and, if any, urusan. CROSS JOIN keeps the order that the indexes serve.
void AddStandings(Connection& connection, const Text& targets, sync::TargetCounts& standings) {
  connection.Select<TargetStateCount>(
      "SELECT s.target, coalesce(d.state, s.state), count(*) FROM catalog_file f "
      "CROSS JOIN target_status s ON s.file_id = f.file_id "
      "LEFT JOIN delivery d ON d.delivery_id = s.delivery_id "
      "WHERE s.target IN (SELECT value FROM json_each(:targets)) "
      "AND (s.delivery_id = '' OR d.delivery_id IS NOT NULL) GROUP BY 1, 2",
      std::tuple<Text>(targets), [&standings](TargetStateCount& row) {
        const auto& [target, state, count] = row;
        standings[target][state] += count;
      });
}

// Files that have a baseline and nothing else are UNCHANGED. There are few.
constexpr char kHeldAlone[] =
    " FROM json_each(:targets) t CROSS JOIN catalog_file f CROSS JOIN baseline k "
    "ON k.file_id = f.file_id AND k.target = t.value "
    "WHERE NOT EXISTS (SELECT 1 FROM target_status s WHERE s.file_id = f.file_id AND s.target = t.value)";

bool AddHeldAlone(Connection& connection, const Text& targets, sync::TargetCounts& standings) {
  bool any = false;
  connection.Select<std::tuple<Text, int64_t>>(
      absl::StrCat("SELECT k.target, count(DISTINCT k.file_id)", kHeldAlone, " GROUP BY 1"),
      std::tuple<Text>(targets), [&](auto& row) {
        const auto& [target, count] = row;
        standings[target][State::kUnchanged] += count;
        any = true;
      });
  return any;
}

// Of the newest deliveries; of files that stand UNCHANGED without one, what the target holds of them.
Text NewestRecords(Connection& connection) {
  return absl::StrCat("SELECT s.target, k.state, ", kUrusanOf,
                      ", count(*) FROM target_status s CROSS JOIN record k ON k.delivery_id = s.delivery_id "
                      "WHERE s.target IN (SELECT value FROM json_each(:targets)) AND ",
                      IsValueKey(connection), " GROUP BY 1, 2, 3");
}
Text UnchangedRecords(Connection& connection, absl::string_view source) {
  return absl::StrCat("SELECT k.target, 'UNCHANGED', ", kUrusanOf, ", count(*)", source, " AND ",
                      IsValueKey(connection), " GROUP BY 1, 2, 3");
}
constexpr char kFoundUnchanged[] =
    " FROM json_each(:targets) t CROSS JOIN target_status s "
    "ON s.state = 'UNCHANGED' AND s.state <> '' AND s.target = t.value "
    "CROSS JOIN baseline k ON k.file_id = s.file_id AND k.target = s.target WHERE TRUE";

void AddUrusans(Connection& connection, const Text& sql, const Text& targets,
                std::map<Text, sync::TargetCounts>& urusans) {
  connection.Select<std::tuple<Text, State, Text, int64_t>>(
      sql, std::tuple<Text>(targets), [&urusans](auto& row) {
        const auto& [target, state, urusan, count] = row;
        urusans[urusan][target][state] += count;
      });
}

// Final ones are counted as they come; what is under way is looked at.
void AddQuarters(Connection& connection, const Text& targets, absl::Time since,
                 std::vector<sync::QuarterCount>& quarters) {
  const int64_t first = absl::ToUnixSeconds(since) / absl::ToInt64Seconds(sync::kQuarter);
  const Text among = " AND target IN (SELECT value FROM json_each(:targets))";
  const Text settled = absl::StrCat(
      "SELECT quarter, target, state, count FROM settled_count WHERE quarter >= :first AND count > 0", among);
  const Text unsettled =
      absl::StrCat("SELECT update_time / ", absl::ToInt64Microseconds(sync::kQuarter),
                   " AS quarter, target, state, count(*) FROM delivery "
                   "WHERE unsettled = 1 AND update_time / ",
                   absl::ToInt64Microseconds(sync::kQuarter), " >= :first", among, " GROUP BY 1, 2, 3");
  for (const Text& sql : {settled, unsettled}) {
    connection.Select<std::tuple<int64_t, Text, State, int64_t>>(
        sql, std::tuple<int64_t, Text>(first, targets), [&quarters](auto& row) {
          auto& [quarter, target, state, count] = row;
          quarters.push_back({quarter, std::move(target), state, count});
        });
  }
}

void AddTurns(Connection& connection, const Text& targets, std::vector<sync::Turn>& turns) {
  std::vector<Text> states;
  for (int i = 0; i < sync::kStateCount; ++i) {
    const auto state = static_cast<State>(i);
    if (sync::IsSomebodysTurn(state)) states.emplace_back(sync::StateName(state));
  }
  connection.Select<std::tuple<Text, Text, int64_t>>(
      "SELECT reason, target, count(*) FROM target_status WHERE reason <> '' "
      "AND state IN (SELECT value FROM json_each(:states)) "
      "AND target IN (SELECT value FROM json_each(:targets)) GROUP BY 1, 2",
      std::tuple<Text, Text>(JsonArray(states), targets), [&turns](auto& row) {
        auto& [reason, target, count] = row;
        const auto known = catalog::ParseReason(reason);
        turns.push_back({known.value_or(catalog::Reason::kInternal), std::move(target), count});
      });
}

}  // namespace

sync::StoredSummary SelectSummary(Connection& connection, const sync::SummaryScope& scope) {
  const Text targets = JsonArray(scope.targets);
  sync::StoredSummary summary;
  std::tie(summary.file_count, summary.verified_file_count) = CountFiles(connection);
  AddStandings(connection, targets, summary.standings);
  const Text of_values = JsonArray(scope.indicator_targets);
  AddUrusans(connection, NewestRecords(connection), of_values, summary.urusans);
  AddUrusans(connection, UnchangedRecords(connection, kFoundUnchanged), of_values, summary.urusans);
  if (AddHeldAlone(connection, targets, summary.standings)) {
    AddUrusans(connection, UnchangedRecords(connection, kHeldAlone), of_values, summary.urusans);
  }
  AddQuarters(connection, targets, scope.since, summary.quarters);
  AddTurns(connection, targets, summary.turns);
  return summary;
}

void SettledCounts::Write(Connection& connection) const {
  for (const auto& [key, count] : counts_) {
    const auto& [quarter, target, state] = key;
    connection.Defer(
        "INSERT INTO settled_count (quarter, target, state, count) VALUES (:quarter, :target, :state, "
        ":count) "
        "ON CONFLICT (quarter, target, state) DO UPDATE SET count = settled_count.count + excluded.count",
        std::tuple<int64_t, Text, State, int64_t>(quarter, target, state, count));
  }
}

void WithdrawSettled(Connection& connection, const std::string& run_id, const std::string& target) {
  connection.Execute(
      absl::StrCat("INSERT INTO settled_count (quarter, target, state, count) SELECT update_time / ",
                   absl::ToInt64Microseconds(sync::kQuarter),
                   ", target, state, -count(*) FROM delivery WHERE run_id = :run_id AND target = :target "
                   "AND unsettled = 0 AND is_preview = 0 GROUP BY 1, 2, 3 "
                   "ON CONFLICT (quarter, target, state) DO UPDATE SET "
                   "count = settled_count.count + excluded.count"),
      std::tuple<Text, Text>(run_id, target));
}

}  // namespace satudata::store
