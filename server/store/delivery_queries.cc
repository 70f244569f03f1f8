#include "server/store/delivery_queries.h"

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/catalog/failure.h"
#include "server/store/rows.h"

namespace satudata::store {
namespace {

using Text = std::string;

std::string SelectDeliveriesWhere(absl::string_view condition) {
  return absl::StrCat("SELECT ", Qualified("d", kDeliveryColumns), " FROM delivery d WHERE ", condition);
}

std::vector<sync::DeliveryDetail> WithRecords(Connection& connection,
                                              std::vector<sync::Delivery> deliveries) {
  static const auto* const kSql = new std::string(
      absl::StrCat("SELECT delivery_id, ", kRecordColumns,
                   " FROM record WHERE delivery_id IN (SELECT value FROM json_each(:delivery_ids)) "
                   "ORDER BY delivery_id, position"));
  std::vector<sync::DeliveryDetail> details;
  absl::flat_hash_map<std::string, size_t> places;
  std::vector<std::string> ids;
  for (sync::Delivery& delivery : deliveries) {
    places[delivery.delivery_id] = details.size();
    ids.push_back(delivery.delivery_id);
    details.push_back({.delivery = std::move(delivery)});
  }
  if (details.empty()) return details;
  connection.Select<std::tuple<Text, sync::Record>>(*kSql, std::tuple<Text>(JsonArray(ids)), [&](auto& row) {
    details[places.at(std::get<0>(row))].records.push_back(std::move(std::get<1>(row)));
  });
  return details;
}

std::vector<sync::Record> SelectFirstRecords(Connection& connection, const std::string& delivery_id) {
  static const auto* const kSql = new std::string(absl::StrCat(
      "SELECT ", kRecordColumns, " FROM record WHERE delivery_id = :delivery_id ORDER BY position LIMIT ",
      sync::kDetailRecords));
  return connection.SelectAll<sync::Record>(*kSql, std::tuple<Text>(delivery_id));
}

std::vector<sync::Attempt> SelectLastAttempts(Connection& connection, const std::string& delivery_id) {
  // The first column is the attempt's id.
  static const auto* const kColumns =
      new std::string(absl::StrCat("SELECT ", Qualified("a", kAttemptColumns), ", a.delivery_ids FROM "));
  static const auto* const kSql = new std::string(
      absl::StrCat(*kColumns, "attempt a WHERE a.delivery_id = :delivery_id UNION ALL ", *kColumns,
                   "shared_attempt s CROSS JOIN attempt a ON a.delivery_id = s.kept_with "
                   "AND a.attempt_id = s.attempt_id WHERE s.delivery_id = :delivery_id "
                   "ORDER BY 1 DESC LIMIT ",
                   sync::kDetailAttempts));
  std::vector<sync::Attempt> attempts;
  connection.Select<std::tuple<sync::Attempt, Text>>(*kSql, std::tuple<Text>(delivery_id), [&](auto& row) {
    auto& [attempt, delivery_ids] = row;
    attempt.delivery_ids =
        delivery_ids.empty() ? std::vector<std::string>{delivery_id} : ParseJsonArray(delivery_ids);
    attempts.push_back(std::move(attempt));
  });
  std::reverse(attempts.begin(), attempts.end());
  return attempts;
}

std::vector<sync::PlannedRequest> SelectPreviews(Connection& connection, const std::string& delivery_id) {
  static const auto* const kSql = new std::string(
      absl::StrCat("SELECT ", kPreviewColumns,
                   " FROM delivery_preview WHERE delivery_id = :delivery_id ORDER BY position"));
  return connection.SelectAll<sync::PlannedRequest>(*kSql, std::tuple<Text>(delivery_id));
}

// How many rows these tables have of a delivery beyond those that were read.
int64_t CountOmitted(Connection& connection, std::initializer_list<absl::string_view> tables,
                     const std::string& delivery_id, size_t read, int64_t limit) {
  if (static_cast<int64_t>(read) < limit) return 0;
  int64_t omitted = -static_cast<int64_t>(read);
  for (const absl::string_view table : tables) {
    const auto rows = connection.SelectOne<int64_t>(
        absl::StrCat("SELECT count(*) FROM ", table, " WHERE delivery_id = :delivery_id"),
        std::tuple<Text>(delivery_id));
    omitted += rows.value_or(0);
  }
  return omitted;
}

template <typename Row>
absl::flat_hash_map<std::string, Row> SelectByKey(Connection& connection, absl::string_view table,
                                                  absl::string_view columns, absl::string_view target,
                                                  absl::Span<const std::string> keys) {
  absl::flat_hash_map<std::string, Row> rows;
  if (keys.empty()) return rows;
  // CROSS JOIN keeps the keys outside: one descent of the table's tree for each.
  connection.Select<Row>(
      absl::StrCat("SELECT ", Qualified("t", columns), " FROM json_each(:keys) k CROSS JOIN ", table,
                   " t ON t.target = :target AND t.key = k.value"),
      std::tuple<Text, Text>(JsonArray(keys), Text(target)), [&rows](Row& row) {
        std::string key = row.key;
        rows[std::move(key)] = std::move(row);
      });
  return rows;
}

}  // namespace

absl::StatusOr<sync::DeliveryDetail> SelectDelivery(Connection& connection, absl::string_view delivery_id) {
  static const auto* const kSql = new std::string(SelectDeliveriesWhere("d.delivery_id = :delivery_id"));
  const Text id(delivery_id);
  std::optional<sync::Delivery> delivery = connection.SelectOne<sync::Delivery>(*kSql, std::tuple<Text>(id));
  if (!delivery.has_value()) {
    return catalog::FailureStatus(
        absl::StatusCode::kNotFound,
        catalog::Failure{.reason = catalog::Reason::kDeliveryNotFound, .args = {{"delivery_id", id}}});
  }
  sync::DeliveryDetail detail{.delivery = *std::move(delivery),
                              .records = SelectFirstRecords(connection, id),
                              .attempts = SelectLastAttempts(connection, id),
                              .previews = SelectPreviews(connection, id)};
  detail.omitted_records =
      CountOmitted(connection, {"record"}, id, detail.records.size(), sync::kDetailRecords);
  detail.omitted_attempts = CountOmitted(connection, {"attempt", "shared_attempt"}, id,
                                         detail.attempts.size(), sync::kDetailAttempts);
  return detail;
}

std::vector<sync::DeliveryDetail> SelectUnsettled(Connection& connection, const sync::Chunk& chunk) {
  static const auto* const kSql = new std::string(SelectDeliveriesWhere(
      "d.delivery_id BETWEEN :first AND :last AND d.run_id = :run_id AND d.target = :target "
      "AND d.state IN ('QUEUED', 'SENDING', 'ACCEPTED', 'UNKNOWN', 'DEFERRED') ORDER BY d.delivery_id"));
  return WithRecords(connection,
                     connection.SelectAll<sync::Delivery>(
                         *kSql, std::tuple<Text, Text, Text, Text>(chunk.chunk_id, chunk.last_delivery_id,
                                                                   chunk.run_id, chunk.target)));
}

absl::flat_hash_map<std::string, sync::OpenRecord> SelectOpenRecords(Connection& connection,
                                                                     absl::string_view target,
                                                                     absl::Span<const std::string> keys) {
  static const auto* const kSql = new std::string(
      absl::StrCat("SELECT r.delivery_id, d.run_id, d.file_id, ", Qualified("r", kRecordColumns),
                   " FROM json_each(:keys) k CROSS JOIN record r ON r.target = :target AND r.key = k.value "
                   "AND r.is_open = 1 "
                   // What was given up is of no interest once its key was confirmed later.
                   "AND NOT (r.state = 'PARKED' AND EXISTS (SELECT 1 FROM baseline b "
                   "WHERE b.target = r.target AND b.key = r.key AND b.confirm_time > r.send_time)) "
                   "CROSS JOIN delivery d ON d.delivery_id = r.delivery_id ORDER BY r.delivery_id"));
  absl::flat_hash_map<std::string, sync::OpenRecord> open;
  connection.Select<std::tuple<Text, Text, Text, sync::Record>>(
      *kSql, std::tuple<Text, Text>(JsonArray(keys), Text(target)), [&open](auto& row) {
        auto& [delivery_id, run_id, file_id, record] = row;
        std::string key = record.key;
        open[std::move(key)] = sync::OpenRecord{std::move(delivery_id), std::move(run_id), std::move(file_id),
                                                std::move(record)};
      });
  return open;
}

absl::flat_hash_map<std::string, sync::Baseline> SelectBaselines(Connection& connection,
                                                                 absl::string_view target,
                                                                 absl::Span<const std::string> keys) {
  return SelectByKey<sync::Baseline>(connection, "baseline", kBaselineColumns, target, keys);
}

absl::flat_hash_map<std::string, sync::KeyUse> SelectKeysInUse(Connection& connection,
                                                               absl::string_view target,
                                                               absl::Span<const std::string> keys,
                                                               absl::Span<const std::string> delivery_ids) {
  absl::flat_hash_map<std::string, sync::KeyUse> uses;
  connection.Select<std::tuple<Text, Text, sync::State>>(
      "SELECT r.key, r.delivery_id, r.state FROM json_each(:keys) k "
      "CROSS JOIN record r ON r.target = :target AND r.key = k.value AND r.is_open = 1 "
      "AND r.state <> 'PARKED' AND r.delivery_id NOT IN (SELECT value FROM json_each(:ids))",
      std::tuple<Text, Text, Text>(JsonArray(keys), Text(target), JsonArray(delivery_ids)),
      [&uses](auto& row) {
        auto& [key, delivery_id, state] = row;
        sync::KeyUse& use = uses[std::move(key)];
        // One that is further than SENDING will not give way; of the others the oldest goes first.
        const bool goes_first = use.state == sync::State::kSending &&
                                (state != sync::State::kSending || delivery_id < use.delivery_id);
        if (use.delivery_id.empty() || goes_first) use = {std::move(delivery_id), state};
      });
  return uses;
}

absl::flat_hash_map<std::string, std::string> SelectNewerDeliveries(
    Connection& connection, absl::Span<const std::string> delivery_ids) {
  absl::flat_hash_map<std::string, std::string> newer;
  connection.Select<std::tuple<Text, Text>>(
      "SELECT d.delivery_id, s.delivery_id FROM json_each(:ids) k "
      "CROSS JOIN delivery d ON d.delivery_id = k.value AND d.file_id <> '' "
      "CROSS JOIN target_status s ON s.file_id = d.file_id AND s.target = d.target "
      "AND s.delivery_id > d.delivery_id",
      std::tuple<Text>(JsonArray(delivery_ids)),
      [&newer](auto& row) { newer[std::get<0>(row)] = std::get<1>(row); });
  return newer;
}

std::vector<sync::Baseline> SelectBaselinesUnder(Connection& connection, absl::string_view target,
                                                 absl::Span<const std::string> prefixes) {
  // Keys are printable ASCII, of which `~` is the last: one range of the table's tree for each prefix.
  static const auto* const kSql =
      new std::string(absl::StrCat("SELECT ", Qualified("t", kBaselineColumns),
                                   " FROM json_each(:prefixes) k CROSS JOIN baseline t ON t.target = :target "
                                   "AND t.key >= k.value AND t.key < k.value || '~'"));
  return connection.SelectAll<sync::Baseline>(*kSql,
                                              std::tuple<Text, Text>(JsonArray(prefixes), Text(target)));
}

absl::flat_hash_map<std::string, sync::Refusal> SelectRefusals(Connection& connection,
                                                               absl::string_view target,
                                                               absl::Span<const std::string> keys) {
  return SelectByKey<sync::Refusal>(connection, "refusal", kRefusalColumns, target, keys);
}

}  // namespace satudata::store
