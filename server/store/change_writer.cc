#include "server/store/change_writer.h"

#include <optional>

#include "absl/strings/str_cat.h"
#include "server/store/chunk_queries.h"
#include "server/store/rows.h"
#include "server/store/sql_error.h"

namespace satudata::store {
namespace {

using Text = std::string;

std::string InsertOrReplace(absl::string_view table, absl::string_view keys, absl::string_view columns) {
  return absl::StrCat("INSERT INTO ", table, " (", keys, ", ", columns, ") VALUES (", Placeholders(keys),
                      ", ", Placeholders(columns), ") ON CONFLICT (", keys, ") DO UPDATE SET ",
                      FromExcluded(columns));
}

// `columns` begin with the two of the key.
std::string ReplaceByTargetAndKey(absl::string_view table, absl::string_view columns) {
  return InsertOrReplace(table, "target, key", columns.substr(absl::string_view("target, key, ").size()));
}

// What is kept beside a delivery to find it by; see the schema.
struct DeliveryMarks {
  bool unsettled = false;
  Text indexed_state;
};

DeliveryMarks MarksOf(sync::State state, bool is_preview) {
  if (is_preview) return {};
  const bool passed_by_all = state == sync::State::kQueued || state == sync::State::kSending ||
                             state == sync::State::kConfirmed || state == sync::State::kUnchanged;
  return {.unsettled = !sync::IsFinal(state), .indexed_state = Text(passed_by_all ? "" : ColumnText(state))};
}

// What was accepted and never seen may still arrive after it was given up.
bool IsEffectOpen(const sync::Record& record) {
  switch (record.state) {
    case sync::State::kSending:
    case sync::State::kUnknown:
    case sync::State::kAccepted:
      return true;
    case sync::State::kParked:
      return record.send_time.has_value();
    default:
      return false;
  }
}

}  // namespace

ChangeWriter::RunCounter& ChangeWriter::CounterOf(const std::string& run_id) {
  const auto known = runs_.find(run_id);
  if (known != runs_.end()) return known->second;
  const auto row = connection_.SelectOne<std::tuple<int64_t, sync::RunKind>>(
      "SELECT last_sequence, kind FROM run WHERE run_id = :run_id", std::tuple<Text>(run_id));
  if (!row.has_value()) throw Refused("a change of a run that does not exist");
  const auto& [last_sequence, kind] = *row;
  return runs_[run_id] =
             RunCounter{.last_sequence = last_sequence, .is_preview = kind == sync::RunKind::kPreview};
}

void ChangeWriter::Count(const std::string& run_id, const std::string& target, sync::State state,
                         int64_t delta) {
  counts_[{run_id, target, state}] += delta;
}

// Leases are given in transactions of their own, so what was read once holds for this one.
bool ChangeWriter::IsCurrent(const sync::Fence& fence) {
  const auto [known, fresh] = tokens_.try_emplace(fence.chunk_id);
  if (fresh) known->second = SelectToken(connection_, fence.chunk_id);
  return known->second == fence.token;
}

// A run is said to have ended after all that happened in it, and to have started before.
bool ChangeWriter::Apply(sync::Change& change) {
  if (change.fence.has_value() && !IsCurrent(*change.fence)) return false;
  RunCounter& run = CounterOf(change.run_id);
  const bool ends = change.run_state.has_value() && sync::IsFinal(change.run_state->current);
  if (!ends) ApplyRunState(change, run);
  for (sync::DeliveryChange& delivery : change.deliveries) ApplyDelivery(delivery, run);
  for (const std::string& delivery_id : change.cleared_deliveries) {
    connection_.Execute("DELETE FROM record WHERE delivery_id = :delivery_id", std::tuple<Text>(delivery_id));
  }
  for (const sync::RecordChange& record : change.records) ApplyRecord(record);
  for (sync::FileSkipped& skipped : change.skipped) ApplySkipped(skipped, change.run_id, run);
  for (const auto& [target, files] : change.unchanged) {
    Count(change.run_id, target, sync::State::kUnchanged, files);
  }
  for (const sync::Attempt& attempt : change.attempts) ApplyAttempt(attempt);
  ApplyKnowledge(change);
  ApplyRunStop(change);
  for (const sync::Chunk& chunk : change.new_chunks) InsertChunk(connection_, chunk);
  if (change.ends_chunk) DeleteChunk(connection_, change.fence->chunk_id);
  if (ends) ApplyRunState(change, run);
  ApplyRunTimes(change);
  return true;
}

void ChangeWriter::ApplyRunState(sync::Change& change, RunCounter& run) {
  if (!change.run_state.has_value()) return;
  change.run_state->sequence = ++run.last_sequence;
  connection_.Execute("UPDATE run SET state = :state, failure = :failure WHERE run_id = :run_id",
                      std::tuple<sync::RunState, catalog::Failure, Text>(
                          change.run_state->current, change.run_state->failure, change.run_id));
}

void ChangeWriter::ApplyRunStop(const sync::Change& change) {
  if (change.run_stop.has_value()) {
    connection_.Execute(
        "UPDATE run SET stop_time = coalesce(stop_time, :stop_time), "
        "failure = CASE failure WHEN '' THEN :failure ELSE failure END WHERE run_id = :run_id",
        std::tuple<absl::Time, catalog::Failure, Text>(change.run_stop->time, change.run_stop->failure,
                                                       change.run_id));
  }
  if (change.verified_file_count.has_value()) {
    connection_.Execute("UPDATE run SET verified_file_count = :count WHERE run_id = :run_id",
                        std::tuple<int64_t, Text>(*change.verified_file_count, change.run_id));
  }
}

void ChangeWriter::ApplyRunTimes(const sync::Change& change) {
  if (!change.run_start_time.has_value() && !change.run_end_time.has_value()) return;
  using Time = std::optional<absl::Time>;
  connection_.Execute(
      "UPDATE run SET start_time = coalesce(:start_time, start_time), end_time = coalesce(:end_time, "
      "end_time) "
      "WHERE run_id = :run_id",
      std::tuple<Time, Time, Text>(change.run_start_time, change.run_end_time, change.run_id));
}

void ChangeWriter::ApplyDelivery(sync::DeliveryChange& change, RunCounter& run) {
  sync::Delivery& delivery = change.delivery;
  delivery.sequence = ++run.last_sequence;
  targets_[delivery.delivery_id] = delivery.target;
  if (change.previous.has_value()) {
    UpdateDelivery(delivery, run.is_preview);
    Count(delivery.run_id, delivery.target, *change.previous, -1);
  } else {
    InsertDelivery(delivery, run.is_preview);
    if (!run.is_preview) PointStatusTo(delivery);
  }
  Count(delivery.run_id, delivery.target, delivery.state, 1);
}

void ChangeWriter::InsertDelivery(const sync::Delivery& delivery, bool is_preview) {
  static const auto* const kSql = new std::string(absl::StrCat(
      "INSERT INTO delivery (", kDeliveryColumns, ", is_preview, unsettled, indexed_state) VALUES (",
      Placeholders(kDeliveryColumns), ", :is_preview, :unsettled, :indexed_state)"));
  DeliveryMarks marks = MarksOf(delivery.state, is_preview);
  connection_.Execute(*kSql, std::tuple<sync::Delivery, bool, bool, Text>(
                                 delivery, is_preview, marks.unsettled, std::move(marks.indexed_state)));
}

void ChangeWriter::UpdateDelivery(const sync::Delivery& delivery, bool is_preview) {
  using Params = std::tuple<sync::State, int, Text, catalog::Failure, sync::StateCounts, int64_t, int64_t,
                            int64_t, absl::Time, std::optional<absl::Time>, bool, Text, Text>;
  DeliveryMarks marks = MarksOf(delivery.state, is_preview);
  const int64_t changed = connection_.Execute(
      "UPDATE delivery SET state = :state, attempt_count = :attempt_count, remote_id = :remote_id, "
      "failure = :failure, records = :records, finding_count = :finding_count, revision = :revision, "
      "sequence = :sequence, update_time = :update_time, next_attempt_time = :next_attempt_time, "
      "unsettled = :unsettled, indexed_state = :indexed_state WHERE delivery_id = :delivery_id",
      Params(delivery.state, delivery.attempt_count, delivery.remote_id, delivery.failure, delivery.records,
             delivery.finding_count, delivery.revision, delivery.sequence, delivery.update_time,
             delivery.next_attempt_time, marks.unsettled, std::move(marks.indexed_state),
             delivery.delivery_id));
  if (changed == 0) throw Refused("a change of a delivery that does not exist");
}

// From now on the file stands as this delivery does, unless a newer one has been put there already.
void ChangeWriter::PointStatusTo(const sync::Delivery& delivery) {
  connection_.Execute(
      "INSERT INTO target_status (file_id, target, delivery_id, state, run_id, failure, records, "
      "update_time) "
      "VALUES (:file_id, :target, :delivery_id, '', '', '', '', 0) "
      "ON CONFLICT (file_id, target) DO UPDATE SET delivery_id = excluded.delivery_id, state = '', run_id = "
      "'', "
      "failure = '', records = '', update_time = 0 WHERE excluded.delivery_id > target_status.delivery_id",
      std::tuple<Text, Text, Text>(delivery.file_id, delivery.target, delivery.delivery_id));
}

void ChangeWriter::ApplyRecord(const sync::RecordChange& change) {
  static const auto* const kSql = new std::string(
      absl::StrCat("INSERT INTO record (delivery_id, position, target, is_open, ", kRecordColumns,
                   ") VALUES (:delivery_id, :position, :target, :is_open, ", Placeholders(kRecordColumns),
                   ") ON CONFLICT (delivery_id, position) DO UPDATE SET is_open = excluded.is_open, ",
                   FromExcluded(kRecordColumns)));
  std::string& target = targets_[change.delivery_id];
  if (target.empty()) {
    target = connection_
                 .SelectOne<Text>("SELECT target FROM delivery WHERE delivery_id = :delivery_id",
                                  std::tuple<Text>(change.delivery_id))
                 .value_or("");
    if (target.empty()) throw Refused("a record of a delivery that does not exist");
  }
  connection_.Execute(
      *kSql, std::tuple<Text, int64_t, Text, bool, sync::Record>(change.delivery_id, change.position, target,
                                                                 IsEffectOpen(change.record), change.record));
}

// A run that is planned again after a restart skips the same files again: they are counted once.
void ChangeWriter::ApplySkipped(sync::FileSkipped& skipped, const std::string& run_id, RunCounter& run) {
  using Params = std::tuple<Text, Text, Text, int64_t, catalog::Failure, absl::Time>;
  skipped.sequence = ++run.last_sequence;
  const Params params(run_id, skipped.file_id, skipped.file_name, skipped.sequence, skipped.failure, now_);
  const int64_t inserted = connection_.Execute(
      "INSERT INTO run_skipped_file (run_id, file_id, file_name, sequence, failure, skip_time) "
      "VALUES (:run_id, :file_id, :file_name, :sequence, :failure, :skip_time) "
      "ON CONFLICT (run_id, file_id) DO NOTHING",
      params);
  run.skipped_files += inserted;
  if (inserted != 0) return;
  connection_.Execute(
      "UPDATE run_skipped_file SET sequence = :sequence, failure = :failure, skip_time = :skip_time "
      "WHERE run_id = :run_id AND file_id = :file_id",
      std::tuple<int64_t, catalog::Failure, absl::Time, Text, Text>(skipped.sequence, skipped.failure, now_,
                                                                    run_id, skipped.file_id));
}

void ChangeWriter::ApplyAttempt(const sync::Attempt& attempt) {
  static const auto* const kSql =
      new std::string(absl::StrCat("INSERT INTO attempt (", kAttemptColumns, ", delivery_ids) VALUES (",
                                   Placeholders(kAttemptColumns), ", :delivery_ids)"));
  connection_.Execute(*kSql, std::tuple<sync::Attempt, Text>(attempt, JsonArray(attempt.delivery_ids)));
  for (const std::string& delivery_id : attempt.delivery_ids) {
    connection_.Execute(
        "INSERT INTO delivery_attempt (delivery_id, attempt_id) VALUES (:delivery_id, :attempt_id)",
        std::tuple<Text, Text>(delivery_id, attempt.attempt_id));
  }
}

void ChangeWriter::ApplyKnowledge(const sync::Change& change) {
  static const auto* const kBaseline = new std::string(ReplaceByTargetAndKey("baseline", kBaselineColumns));
  static const auto* const kRefusal = new std::string(ReplaceByTargetAndKey("refusal", kRefusalColumns));
  for (const sync::Baseline& baseline : change.baselines) connection_.Execute(*kBaseline, baseline);
  for (const sync::Refusal& refusal : change.refusals) connection_.Execute(*kRefusal, refusal);
  for (const sync::FileTargetStatus& status : change.statuses) ApplyStatus(status);
  for (const std::string& target : change.planned_targets) {
    connection_.Execute(
        "INSERT INTO run_planned_target (run_id, target) VALUES (:run_id, :target) ON CONFLICT DO NOTHING",
        std::tuple<Text, Text>(change.run_id, target));
  }
}

void ChangeWriter::ApplyStatus(const sync::FileTargetStatus& status) {
  static const auto* const kSql =
      new std::string(InsertOrReplace("target_status", "file_id, target",
                                      kStatusColumns.substr(absl::string_view("file_id, target, ").size())));
  connection_.Execute(*kSql, status);
}

void ChangeWriter::Finish() {
  for (const auto& [run_id, run] : runs_) {
    connection_.Execute(
        "UPDATE run SET last_sequence = :last_sequence, skipped_file_count = skipped_file_count + :skipped "
        "WHERE run_id = :run_id",
        std::tuple<int64_t, int64_t, Text>(run.last_sequence, run.skipped_files, run_id));
  }
  for (const auto& [key, delta] : counts_) {
    if (delta == 0) continue;
    const auto& [run_id, target, state] = key;
    connection_.Execute(
        "INSERT INTO run_count (run_id, target, state, count) VALUES (:run_id, :target, :state, :count) "
        "ON CONFLICT (run_id, target, state) DO UPDATE SET count = run_count.count + excluded.count",
        std::tuple<Text, Text, sync::State, int64_t>(run_id, target, state, delta));
  }
}

}  // namespace satudata::store
