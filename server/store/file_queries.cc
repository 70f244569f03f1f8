#include "server/store/file_queries.h"

#include <map>
#include <optional>
#include <tuple>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "server/catalog/failure.h"
#include "server/store/catalog_tables.h"
#include "server/store/rows.h"
#include "server/store/standings.h"

namespace satudata::store {
namespace {

using Text = std::string;
using Statuses = std::map<std::string, std::map<std::string, sync::FileTargetStatus>>;  // By file, by target.

std::string SelectFilesFrom(absl::string_view source_and_conditions) {
  return absl::StrCat("SELECT ", Qualified("f", kFileColumns), " FROM ", source_and_conditions);
}

// A file whose value the target holds though no delivery ever stood for it: it was found unchanged.
sync::FileTargetStatus HeldWithoutDelivery(const std::string& file_id, const std::string& target,
                                           absl::Time confirm_time) {
  sync::FileTargetStatus status;
  status.file_id = file_id;
  status.target = target;
  status.state = sync::State::kUnchanged;
  status.update_time = confirm_time;
  return status;
}

void AddHeld(Connection& connection, const std::string& file_ids, Statuses& statuses) {
  connection.Select<std::tuple<Text, Text, int64_t, absl::Time>>(
      "SELECT file_id, target, count(*), max(confirm_time) FROM baseline "
      "WHERE file_id IN (SELECT value FROM json_each(:file_ids)) GROUP BY file_id, target",
      std::tuple<Text>(file_ids), [&statuses](auto& row) {
        const auto& [file_id, target, count, confirm_time] = row;
        auto& status = statuses[file_id]
                           .try_emplace(target, HeldWithoutDelivery(file_id, target, confirm_time))
                           .first->second;
        status.held_record_count = count;
        status.held_confirm_time = confirm_time;
      });
}

Statuses SelectStatuses(Connection& connection, absl::Span<const std::string> file_ids) {
  constexpr absl::string_view kSql =
      "SELECT s.file_id, s.target, coalesce(d.state, s.state), coalesce(d.run_id, s.run_id), s.delivery_id, "
      "coalesce(d.failure, s.failure), coalesce(d.records, s.records), coalesce(d.update_time, "
      "s.update_time) "
      "FROM target_status s LEFT JOIN delivery d ON d.delivery_id = s.delivery_id "
      "WHERE s.file_id IN (SELECT value FROM json_each(:file_ids)) "
      "AND (s.delivery_id = '' OR d.delivery_id IS NOT NULL)";
  Statuses statuses;
  const std::string ids = JsonArray(file_ids);
  connection.Select<sync::FileTargetStatus>(kSql, std::tuple<Text>(ids), [&](sync::FileTargetStatus& status) {
    sync::FileTargetStatus& place = statuses[status.file_id][status.target];
    place = std::move(status);
  });
  AddHeld(connection, ids, statuses);
  return statuses;
}

// Of a file that is not verified any more, what the target holds all the same could be withdrawn.
void AddHeldKeys(Connection& connection, const std::string& file_id, Statuses& statuses) {
  for (auto& [target, status] : statuses[file_id]) {
    status.held_keys = connection.SelectAll<Text>(
        "SELECT key FROM baseline WHERE file_id = :file_id AND target = :target ORDER BY key LIMIT :limit",
        std::tuple<Text, Text, int64_t>(file_id, target, sync::kMostHeldKeys));
  }
}

std::vector<sync::FileTargetStatus> ByTarget(Statuses& statuses, const std::string& file_id) {
  std::vector<sync::FileTargetStatus> list;
  for (auto& [target, status] : statuses[file_id]) list.push_back(std::move(status));
  return list;
}

// `%`, `_` and the escape itself stand for themselves in a search.
std::string ContainsPattern(absl::string_view text) {
  return absl::StrCat(
      "%", absl::StrReplaceAll(absl::AsciiStrToLower(text), {{"\\", "\\\\"}, {"%", "\\%"}, {"_", "\\_"}}),
      "%");
}

// UNCHANGED is also where a file stands that has a baseline and nothing else.
constexpr absl::string_view kStandsSo =
    " AND coalesce((SELECT coalesce(d.state, s.state) FROM target_status s "
    "LEFT JOIN delivery d ON d.delivery_id = s.delivery_id WHERE s.file_id = f.file_id AND s.target = "
    ":target), "
    "(SELECT 'UNCHANGED' FROM baseline b WHERE b.file_id = f.file_id AND b.target = :target)) = :state";

// Who stands so, out of an index; who may, of what is under way; or each file is looked at, which is right
// for the states that most files are in.
std::string StandsSo(sync::State state) {
  if (IsIndexed(state)) {
    return " AND f.file_id IN (SELECT s.file_id FROM target_status s "
           "WHERE s.state = :state AND s.state <> '' AND s.target = :target)";
  }
  if (state == sync::State::kConfirmed || state == sync::State::kUnchanged) return Text(kStandsSo);
  return absl::StrCat(
      " AND f.file_id IN (SELECT d.file_id FROM delivery d "
      "WHERE d.target = :target AND d.unsettled = 1 AND d.state = :state)",
      kStandsSo);
}

// Only the conditions that are asked for, so that an index serves them. All parameters are named first: that
// is what numbers them.
std::string SelectMatching(absl::string_view what, const sync::FileFilter& filter) {
  std::string sql =
      absl::StrCat("SELECT ", what,
                   " FROM catalog_file f WHERE f.file_id > :after "
                   "AND coalesce(:pattern, :verification, :theme, :producer, :target, :state) IS NOT NULL");
  if (!filter.text.empty()) {
    sql +=
        " AND (lower(f.name) LIKE :pattern ESCAPE '\\' OR lower(f.file_name) LIKE :pattern ESCAPE '\\' "
        "OR lower(f.file_id) LIKE :pattern ESCAPE '\\')";
  }
  if (filter.verification.has_value()) sql += " AND f.verification = :verification";
  if (!filter.theme.empty()) sql += " AND f.theme = :theme";
  if (!filter.producer.empty()) sql += " AND f.producer = :producer";
  if (filter.state.has_value() && !filter.target.empty()) {
    sql += StandsSo(*filter.state);
  }
  return sql;
}

using MatchParams = std::tuple<Text, Text, Text, Text, Text, Text, Text>;

MatchParams ParamsOf(const sync::FileFilter& filter, const std::string& after) {
  return {after,
          ContainsPattern(filter.text),
          Text(filter.verification.has_value() ? ColumnText(*filter.verification) : ""),
          filter.theme,
          filter.producer,
          filter.target,
          Text(filter.state.has_value() ? ColumnText(*filter.state) : "")};
}

// Ids alone: an index often has all that this needs, so that files which are skipped are not read.
std::vector<std::string> SelectPageIds(Connection& connection, const sync::FileFilter& filter,
                                       const sync::Page& page) {
  return connection.SelectAll<Text>(
      absl::StrCat(SelectMatching("f.file_id", filter), " ORDER BY f.file_id LIMIT :limit OFFSET :skip"),
      std::tuple_cat(ParamsOf(filter, page.after), std::tuple<int64_t, int64_t>(page.limit, page.skip)));
}

// A delivery that mixes final states has its records' states in words: `CONFIRMED=3 PARKED=1`.
std::string LeftOverCondition(bool include_rejected) {
  const absl::string_view rejected =
      include_rejected ? " OR d.state = 'REJECTED' OR (d.state = 'PARTIAL' AND d.records LIKE '%REJECTED=%')"
                       : "";
  return absl::StrCat(
      " AND EXISTS (SELECT 1 FROM target_status s JOIN delivery d ON d.delivery_id = s.delivery_id "
      "WHERE s.file_id = f.file_id AND s.target = :left_at AND d.run_id = :left_by "
      "AND (d.state = 'DEFERRED' OR d.state = 'PARKED' "
      "OR (d.state = 'PARTIAL' AND d.records LIKE '%PARKED=%')",
      rejected, "))");
}

std::string PlanSql(const sync::PlanFilter& filter) {
  std::string sql = SelectFilesFrom(
      "catalog_file f WHERE f.file_id > :after "
      "AND coalesce(:file_ids, :themes, :producers, :left_at, :left_by) IS NOT NULL");
  if (filter.left_over.has_value()) sql += LeftOverCondition(filter.left_over->include_rejected);
  if (!filter.file_ids.empty()) sql += " AND f.file_id IN (SELECT value FROM json_each(:file_ids))";
  if (!filter.themes.empty()) sql += " AND f.theme IN (SELECT value FROM json_each(:themes))";
  if (!filter.producers.empty()) sql += " AND f.producer IN (SELECT value FROM json_each(:producers))";
  return sql + " ORDER BY f.file_id LIMIT :limit";
}

// A file's id behind its revision, which has this many digits.
constexpr int kRevisionDigits = 20;

std::string JsonPins(absl::Span<const sync::FilePin> pins) {
  std::vector<std::string> texts;
  texts.reserve(pins.size());
  for (const sync::FilePin& pin : pins) {
    texts.push_back(absl::StrFormat("%0*d%s", kRevisionDigits, pin.revision, pin.file_id));
  }
  return JsonArray(texts);
}

}  // namespace

absl::Status FileNotFound(absl::string_view file_id) {
  return catalog::FailureStatus(
      absl::StatusCode::kNotFound,
      catalog::Failure{.reason = catalog::Reason::kFileNotFound, .args = {{"file_id", Text(file_id)}}});
}

absl::StatusOr<std::vector<sync::FileTargetStatus>> SelectFileStatus(Connection& connection,
                                                                     absl::string_view file_id) {
  const Text id(file_id);
  const auto verification = connection.SelectOne<catalog::Verification>(
      "SELECT verification FROM catalog_file WHERE file_id = :file_id", std::tuple<Text>(id));
  if (!verification.has_value()) return FileNotFound(file_id);
  Statuses statuses = SelectStatuses(connection, {id});
  if (*verification != catalog::Verification::kVerified) AddHeldKeys(connection, id, statuses);
  return ByTarget(statuses, id);
}

std::vector<sync::FileRow> SelectFileRows(Connection& connection, const sync::FileFilter& filter,
                                          const sync::Page& page) {
  static const auto* const kSql = new std::string(SelectFilesFrom(
      "catalog_file f WHERE f.file_id IN (SELECT value FROM json_each(:ids)) ORDER BY f.file_id"));
  const std::vector<std::string> ids = SelectPageIds(connection, filter, page);
  std::vector<sync::FileRow> rows;
  connection.Select<catalog::CatalogFile>(
      *kSql, std::tuple<Text>(JsonArray(ids)),
      [&rows](catalog::CatalogFile& file) { rows.push_back({.file = std::move(file), .statuses = {}}); });
  Statuses statuses = SelectStatuses(connection, ids);
  for (sync::FileRow& row : rows) row.statuses = ByTarget(statuses, row.file.file_id);
  return rows;
}

int64_t CountMatchingFiles(Connection& connection, const sync::FileFilter& filter) {
  return connection.SelectOne<int64_t>(SelectMatching("count(*)", filter), ParamsOf(filter, /*after=*/""))
      .value_or(0);
}

std::vector<catalog::FileWithValues> SelectFilesToPlan(Connection& connection, const sync::PlanFilter& filter,
                                                       absl::string_view after_file_id, int64_t limit) {
  std::vector<catalog::FileWithValues> files;
  const sync::LeftOver left = filter.left_over.value_or(sync::LeftOver());
  connection.Select<catalog::CatalogFile>(
      PlanSql(filter),
      std::tuple<Text, Text, Text, Text, Text, Text, int64_t>(
          Text(after_file_id), JsonArray(filter.file_ids), JsonArray(filter.themes),
          JsonArray(filter.producers), left.target, left.run_id, limit),
      [&files](catalog::CatalogFile& file) { files.push_back({.file = std::move(file), .values = {}}); });
  SelectValuesOf(connection, files);
  return files;
}

std::vector<catalog::FileWithValues> SelectFilesById(Connection& connection,
                                                     absl::Span<const std::string> file_ids) {
  const auto count = static_cast<int64_t>(file_ids.size());
  if (file_ids.empty()) return {};
  return SelectFilesToPlan(connection, {.file_ids = {file_ids.begin(), file_ids.end()}}, "", count);
}

std::vector<std::string> SelectMovedFiles(Connection& connection, absl::Span<const sync::FilePin> pins) {
  static_assert(kRevisionDigits == 20);
  // A look-up per pin, never a join: PostgreSQL would read the whole catalogue for each batch that is sent.
  return connection.SelectAll<Text>(
      "SELECT substr(pin.value, 21) FROM json_each(:pins) pin WHERE COALESCE("
      "(SELECT f.verification = 'VERIFIED' AND f.revision = CAST(substr(pin.value, 1, 20) AS BIGINT) "
      "FROM catalog_file f WHERE f.file_id = substr(pin.value, 21)), FALSE) IS NOT TRUE",
      std::tuple<Text>(JsonPins(pins)));
}

std::vector<sync::Contradiction> SelectContradictions(Connection& connection,
                                                      absl::Span<const std::string> file_ids,
                                                      absl::string_view default_kodepemda) {
  // An empty region and the default are the same region; CROSS JOIN keeps the order that the indexes serve.
  constexpr absl::string_view kSql =
      "SELECT mine.file_id, mine.position, other.file_id, other_file.name, other.value "
      "FROM json_each(:file_ids) k "
      "CROSS JOIN indicator_value mine ON mine.file_id = k.value AND mine.value IS NOT NULL "
      "CROSS JOIN indicator_value other ON other.kodeindikator = mine.kodeindikator "
      "AND other.tahun = mine.tahun AND other.value IS NOT NULL "
      "AND other.region IN (mine.region, CASE mine.region WHEN '' THEN :home WHEN :home THEN '' "
      "ELSE mine.region END) "
      "AND other.value <> mine.value AND other.file_id <> mine.file_id "
      "CROSS JOIN catalog_file other_file ON other_file.file_id = other.file_id "
      "AND other_file.verification = 'VERIFIED' "
      "ORDER BY mine.file_id, mine.position, other.file_id";
  std::vector<sync::Contradiction> contradictions;
  connection.Select<std::tuple<Text, int64_t, Text, Text, Text>>(
      kSql, std::tuple<Text, Text>(JsonArray(file_ids), Text(default_kodepemda)), [&](auto& row) {
        auto& [file_id, position, other_file_id, other_file_name, other_value] = row;
        const bool named = !contradictions.empty() && contradictions.back().file_id == file_id &&
                           contradictions.back().position == position;
        if (named) return;  // One other file is enough to show the value's contradiction.
        contradictions.push_back({std::move(file_id), position, std::move(other_file_id),
                                  std::move(other_file_name), std::move(other_value)});
      });
  return contradictions;
}

std::vector<sync::OwnValue> SelectVerifiedValues(Connection& connection,
                                                 absl::Span<const std::string> kodeindikators,
                                                 absl::string_view kodepemda,
                                                 absl::string_view default_kodepemda) {
  // An empty region is the default; CROSS JOIN keeps the order that the indexes serve.
  constexpr absl::string_view kSql =
      "SELECT v.kodeindikator, v.tahun, v.value, v.file_id FROM json_each(:kodeindikators) k "
      "CROSS JOIN indicator_value v ON v.kodeindikator = k.value AND v.value IS NOT NULL "
      "AND v.region IN (:kodepemda, CASE :kodepemda WHEN :home THEN '' ELSE :kodepemda END) "
      "CROSS JOIN catalog_file f ON f.file_id = v.file_id AND f.verification = 'VERIFIED' "
      "ORDER BY v.kodeindikator, v.tahun, v.file_id, v.position";
  std::vector<sync::OwnValue> values;
  connection.Select<std::tuple<Text, Text, Text, Text>>(
      kSql, std::tuple<Text, Text, Text>(JsonArray(kodeindikators), Text(kodepemda), Text(default_kodepemda)),
      [&values](auto& row) {
        auto& [kodeindikator, tahun, value, file_id] = row;
        const bool known =
            !values.empty() && values.back().kodeindikator == kodeindikator && values.back().tahun == tahun;
        if (known) return;
        values.push_back({std::move(kodeindikator), std::move(tahun), std::move(value), std::move(file_id)});
      });
  return values;
}

}  // namespace satudata::store
