#include "server/store/change_writer.h"

#include <optional>
#include <tuple>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/store/chunk_queries.h"
#include "server/store/rows.h"
#include "server/store/sql_error.h"
#include "server/store/standings.h"

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
  bool told = false;
  friend bool operator==(const DeliveryMarks&, const DeliveryMarks&) = default;
};

DeliveryMarks MarksOf(sync::State state, sync::RunKind kind) {
  return {.unsettled = kind != sync::RunKind::kPreview && !sync::IsFinal(state),
          .told = sync::IsStreamed(kind, state)};
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

const Text& AttemptSql() {
  static const auto* const kSql =
      new Text(absl::StrCat("INSERT INTO attempt (delivery_id, delivery_ids, ", kAttemptColumns,
                            ") VALUES (:delivery_id, :delivery_ids, ", Placeholders(kAttemptColumns), ")"));
  return *kSql;
}

const Text& BaselineSql() {
  static const auto* const kSql = new Text(ReplaceByTargetAndKey("baseline", kBaselineColumns));
  return *kSql;
}

// Of a standing without a delivery, there is nothing that failed.
const Text& StatusSql() {
  static const auto* const kSql = new Text(
      absl::StrCat(InsertOrReplace("target_status", "file_id, target",
                                   kStatusColumns.substr(absl::string_view("file_id, target, ").size())),
                   ", reason = ''"));
  return *kSql;
}

const Text& InsertDeliverySql() {
  static const auto* const kSql = new Text(absl::StrCat(
      "INSERT INTO delivery (", kDeliveryColumns, ", is_preview, unsettled, told, reason) VALUES (",
      Placeholders(kDeliveryColumns), ", :is_preview, :unsettled, :told, :reason)"));
  return *kSql;
}

// Columns of indexes are named only where they change: whatever is named is taken out of its index and put
// back.
constexpr absl::string_view kMoveDelivery =
    "UPDATE delivery SET state = :state, attempt_count = :attempt_count, remote_id = :remote_id, "
    "failure = :failure, records = :records, finding_count = :finding_count, revision = :revision, "
    "sequence = :sequence, update_time = :update_time, next_attempt_time = :next_attempt_time";
constexpr absl::string_view kMoveMarks = ", unsettled = :unsettled, told = :told, reason = :reason";
constexpr absl::string_view kOfDelivery = " WHERE delivery_id = :delivery_id";

// From now on the file stands as this delivery does, unless a newer one has been put there already.
constexpr absl::string_view kPointStatus =
    "INSERT INTO target_status (file_id, target, delivery_id, state, reason, run_id, failure, records, "
    "update_time) VALUES (:file_id, :target, :delivery_id, :state, :reason, '', '', '', 0) "
    "ON CONFLICT (file_id, target) DO UPDATE SET delivery_id = excluded.delivery_id, "
    "state = excluded.state, reason = excluded.reason, run_id = '', failure = '', records = '', "
    "update_time = 0 WHERE excluded.delivery_id > target_status.delivery_id";
// A newer delivery's standing is left alone.
constexpr absl::string_view kMoveStatus =
    "UPDATE target_status SET state = :state, reason = :reason "
    "WHERE file_id = :file_id AND target = :target AND delivery_id = :delivery_id";

const Text& PutRecordSql() {
  static const auto* const kSql = new Text(
      absl::StrCat("INSERT INTO record (delivery_id, position, target, is_open, ", kRecordColumns,
                   ") VALUES (:delivery_id, :position, :target, :is_open, ", Placeholders(kRecordColumns),
                   ") ON CONFLICT (delivery_id, position) DO UPDATE SET is_open = excluded.is_open, ",
                   FromExcluded(kRecordColumns)));
  return *kSql;
}

// Of one whose key stays: all that is not in it. A statement of its own, since an upsert costs nearly twice
// as much and this is what happens to every record, twice.
constexpr absl::string_view kMoveRecord =
    "UPDATE record SET state = :state, value = :value, hash = :hash, change = :change, "
    "previous_value = :previous_value, previous_hash = :previous_hash, previous_known = :previous_known, "
    "failure = :failure, remote_id = :remote_id, attempt_count = :attempt_count, send_time = :send_time, "
    "sent_hash = :sent_hash, accept_time = :accept_time, is_open = :is_open "
    "WHERE delivery_id = :delivery_id AND position = :position AND key = :key AND scope = :scope";

using Time = std::optional<absl::Time>;
using PutDelivery = std::tuple<sync::Delivery, bool, bool, bool, Text>;
using MoveDelivery = std::tuple<sync::State, int, Text, catalog::Failure, sync::StateCounts, int64_t, int64_t,
                                int64_t, absl::Time, Time, Text>;
using MoveMarkedDelivery = std::tuple<sync::State, int, Text, catalog::Failure, sync::StateCounts, int64_t,
                                      int64_t, int64_t, absl::Time, Time, bool, bool, Text, Text>;
using PointStatus = std::tuple<Text, Text, Text, Text, Text>;
using MoveStatus = std::tuple<Text, Text, Text, Text, Text>;
using PutRecord = std::tuple<Text, int64_t, Text, bool, sync::Record>;
using MoveRecord = std::tuple<sync::State, Text, Text, sync::ChangeKind, Text, Text, bool, catalog::Failure,
                              Text, int, Time, Text, Time, bool, Text, int64_t, Text, Text>;

using PutAttempt = std::tuple<Text, Text, sync::Attempt>;

template <typename Params>
using Command = Statement<Params, std::tuple<>>;

}  // namespace

struct ChangeWriter::Commands {
  explicit Commands(Connection& connection)
      : put_delivery(connection.Command<PutDelivery>(InsertDeliverySql())),
        move_delivery(connection.Command<MoveDelivery>(absl::StrCat(kMoveDelivery, kOfDelivery))),
        move_marked_delivery(
            connection.Command<MoveMarkedDelivery>(absl::StrCat(kMoveDelivery, kMoveMarks, kOfDelivery))),
        point_status(connection.Command<PointStatus>(kPointStatus)),
        move_status(connection.Command<MoveStatus>(kMoveStatus)),
        put_record(connection.Command<PutRecord>(PutRecordSql())),
        move_record(connection.Command<MoveRecord>(kMoveRecord)),
        put_attempt(connection.Command<PutAttempt>(AttemptSql())),
        put_baseline(connection.Command<sync::Baseline>(BaselineSql())),
        put_status(connection.Command<sync::FileTargetStatus>(StatusSql())) {}

  Command<PutDelivery>& put_delivery;
  Command<MoveDelivery>& move_delivery;
  Command<MoveMarkedDelivery>& move_marked_delivery;
  Command<PointStatus>& point_status;
  Command<MoveStatus>& move_status;
  Command<PutRecord>& put_record;
  Command<MoveRecord>& move_record;
  Command<PutAttempt>& put_attempt;
  Command<sync::Baseline>& put_baseline;
  Command<sync::FileTargetStatus>& put_status;
};

ChangeWriter::ChangeWriter(Connection& connection, absl::Time now)
    : connection_(connection), now_(now), commands_(std::make_unique<Commands>(connection)) {}

ChangeWriter::~ChangeWriter() = default;

ChangeWriter::RunCounter& ChangeWriter::CounterOf(const std::string& run_id) {
  const auto known = runs_.find(run_id);
  if (known != runs_.end()) return known->second;
  const auto row = connection_.SelectOne<std::tuple<int64_t, sync::RunKind>>(
      "SELECT last_sequence, kind FROM run WHERE run_id = :run_id", std::tuple<Text>(run_id));
  if (!row.has_value()) throw Refused("a change of a run that does not exist");
  const auto& [last_sequence, kind] = *row;
  return runs_[run_id] = RunCounter{.last_sequence = last_sequence, .kind = kind, .counts = {}};
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
    connection_.Defer("DELETE FROM record WHERE delivery_id = :delivery_id", std::tuple<Text>(delivery_id));
  }
  ApplyRecords(change, run);
  for (sync::FileSkipped& skipped : change.skipped) ApplySkipped(skipped, change.run_id, run);
  for (const auto& [target, files] : change.unchanged) {
    run.counts[target][sync::State::kUnchanged] += files;
  }
  for (const sync::Attempt& attempt : change.attempts) ApplyAttempt(attempt);
  ApplyKnowledge(change);
  ApplyPreview(change);
  ApplyRunStop(change);
  for (const sync::Chunk& chunk : change.new_chunks) InsertChunk(connection_, chunk);
  if (change.settles_chunk && !change.ends_chunk) SettleChunk(connection_, change.fence->chunk_id);
  if (change.ends_chunk) DeleteChunk(connection_, change.fence->chunk_id);
  if (ends) ApplyRunState(change, run);
  if (ends) DeleteChunk(connection_, change.run_id);
  ApplyRunTimes(change);
  return true;
}

void ChangeWriter::ApplyRunState(sync::Change& change, RunCounter& run) {
  if (!change.run_state.has_value()) return;
  change.run_state->sequence = ++run.last_sequence;
  connection_.Defer("UPDATE run SET state = :state, failure = :failure WHERE run_id = :run_id",
                    std::tuple<sync::RunState, catalog::Failure, Text>(
                        change.run_state->current, change.run_state->failure, change.run_id));
}

void ChangeWriter::ApplyRunStop(const sync::Change& change) {
  if (change.run_stop.has_value()) {
    connection_.Defer(
        "UPDATE run SET stop_time = coalesce(stop_time, :stop_time), "
        "failure = CASE failure WHEN '' THEN :failure ELSE failure END WHERE run_id = :run_id",
        std::tuple<absl::Time, catalog::Failure, Text>(change.run_stop->time, change.run_stop->failure,
                                                       change.run_id));
  }
  if (change.verified_file_count.has_value()) {
    connection_.Defer("UPDATE run SET verified_file_count = :count WHERE run_id = :run_id",
                      std::tuple<int64_t, Text>(*change.verified_file_count, change.run_id));
  }
}

void ChangeWriter::ApplyRunTimes(const sync::Change& change) {
  if (!change.run_start_time.has_value() && !change.run_end_time.has_value()) return;
  connection_.Defer(
      "UPDATE run SET start_time = coalesce(:start_time, start_time), end_time = coalesce(:end_time, "
      "end_time) "
      "WHERE run_id = :run_id",
      std::tuple<Time, Time, Text>(change.run_start_time, change.run_end_time, change.run_id));
}

void ChangeWriter::ApplyDelivery(sync::DeliveryChange& change, RunCounter& run) {
  sync::Delivery& delivery = change.delivery;
  delivery.sequence = ++run.last_sequence;
  sync::StateCounts& counts = run.counts[delivery.target];
  CountSettled(change, run);
  if (change.previous.has_value()) {
    UpdateDelivery(delivery, *change.previous, run);
    --counts[*change.previous];
  } else {
    InsertDelivery(delivery, run);
    if (!run.is_preview()) PointStatusTo(delivery);
  }
  ++counts[delivery.state];
}

// Few leave a state that is final: what was given up and arrived after all.
void ChangeWriter::CountSettled(const sync::DeliveryChange& change, const RunCounter& run) {
  if (run.is_preview()) return;
  const sync::Delivery& delivery = change.delivery;
  if (change.previous.has_value() && sync::IsFinal(*change.previous)) {
    const auto settled =
        connection_.SelectOne<absl::Time>("SELECT update_time FROM delivery WHERE delivery_id = :delivery_id",
                                          std::tuple<Text>(delivery.delivery_id));
    if (settled.has_value()) settled_.Add(*settled, delivery.target, *change.previous, -1);
  }
  if (sync::IsFinal(delivery.state)) {
    settled_.Add(delivery.update_time, delivery.target, delivery.state, 1);
  }
}

void ChangeWriter::InsertDelivery(const sync::Delivery& delivery, const RunCounter& run) {
  const DeliveryMarks marks = MarksOf(delivery.state, run.kind);
  const bool is_preview = run.is_preview();
  const Standing standing = StandingOf(delivery);
  commands_->put_delivery.Defer(std::tie(delivery, is_preview, marks.unsettled, marks.told, standing.reason));
}

void ChangeWriter::UpdateDelivery(const sync::Delivery& delivery, sync::State previous,
                                  const RunCounter& run) {
  const sync::Delivery& d = delivery;
  const DeliveryMarks marks = MarksOf(d.state, run.kind);
  const bool is_found_anew = IsIndexed(d.state) || IsIndexed(previous);
  const Standing standing = StandingOf(d);
  const auto values = std::tie(d.state, d.attempt_count, d.remote_id, d.failure, d.records, d.finding_count,
                               d.revision, d.sequence, d.update_time, d.next_attempt_time);
  const PgExpectation exists{.refuse_if_none = "a change of a delivery that does not exist"};
  if (!is_found_anew && marks == MarksOf(previous, run.kind)) {
    commands_->move_delivery.Defer(std::tuple_cat(values, std::tie(d.delivery_id)), exists);
  } else {
    commands_->move_marked_delivery.Defer(
        std::tuple_cat(values, std::tie(marks.unsettled, marks.told, standing.reason, d.delivery_id)),
        exists);
  }
  if (!is_found_anew || run.is_preview()) return;
  commands_->move_status.Defer(std::tie(standing.state, standing.reason, d.file_id, d.target, d.delivery_id));
}

void ChangeWriter::PointStatusTo(const sync::Delivery& delivery) {
  if (delivery.file_id.empty()) return;  // A withdrawal: no file stands by it.
  const Standing standing = StandingOf(delivery);
  commands_->point_status.Defer(
      std::tie(delivery.file_id, delivery.target, delivery.delivery_id, standing.state, standing.reason));
}

// A record has its delivery's target. Both come in the same order, as a rule.
void ChangeWriter::ApplyRecords(const sync::Change& change, const RunCounter& run) {
  auto delivery = change.deliveries.begin();
  for (const sync::RecordChange& record : change.records) {
    while (delivery != change.deliveries.end() && delivery->delivery.delivery_id != record.delivery_id)
      ++delivery;
    const bool is_known = delivery != change.deliveries.end();
    const bool is_new = is_known && !delivery->previous.has_value();
    const bool is_open = !run.is_preview() && IsEffectOpen(record.record);
    // With PostgreSQL, waiting for the answer costs more than what inserting or replacing costs more.
    if (!is_new && connection_.postgres() == nullptr && UpdateRecord(record, is_open)) continue;
    InsertRecord(record, is_known ? delivery->delivery.target : TargetOf(record.delivery_id), is_open);
  }
}

bool ChangeWriter::UpdateRecord(const sync::RecordChange& change, bool is_open) {
  const sync::Record& r = change.record;
  return commands_->move_record.Execute(
             std::tie(r.state, r.value, r.hash, r.change, r.previous_value, r.previous_hash, r.previous_known,
                      r.failure, r.remote_id, r.attempt_count, r.send_time, r.sent_hash, r.accept_time,
                      is_open, change.delivery_id, change.position, r.key, r.scope)) > 0;
}

void ChangeWriter::InsertRecord(const sync::RecordChange& change, const std::string& target, bool is_open) {
  commands_->put_record.Defer(std::tie(change.delivery_id, change.position, target, is_open, change.record));
}

std::string ChangeWriter::TargetOf(const std::string& delivery_id) {
  auto target = connection_.SelectOne<Text>("SELECT target FROM delivery WHERE delivery_id = :delivery_id",
                                            std::tuple<Text>(delivery_id));
  if (!target.has_value()) throw Refused("a record of a delivery that does not exist");
  return *std::move(target);
}

// A run that is planned again after a restart skips the same files again: they are counted once.
void ChangeWriter::ApplySkipped(sync::FileSkipped& skipped, const std::string& run_id, RunCounter& run) {
  using Params = std::tuple<Text, Text, Text, int64_t, catalog::Failure, absl::Time>;
  skipped.sequence = ++run.last_sequence;
  const int64_t before = run.skipped_files;
  connection_.Defer(
      "INSERT INTO run_skipped_file (run_id, file_id, file_name, sequence, failure, skip_time) "
      "VALUES (:run_id, :file_id, :file_name, :sequence, :failure, :skip_time) "
      "ON CONFLICT (run_id, file_id) DO NOTHING",
      Params(run_id, skipped.file_id, skipped.file_name, skipped.sequence, skipped.failure, now_),
      {.count = &run.skipped_files});
  if (run.skipped_files != before && connection_.postgres() == nullptr) return;
  connection_.Defer(
      "UPDATE run_skipped_file SET sequence = :sequence, failure = :failure, skip_time = :skip_time "
      "WHERE run_id = :run_id AND file_id = :file_id AND sequence <> :sequence",
      std::tuple<int64_t, catalog::Failure, absl::Time, Text, Text>(skipped.sequence, skipped.failure, now_,
                                                                    run_id, skipped.file_id));
}

void ChangeWriter::ApplyAttempt(const sync::Attempt& attempt) {
  const std::vector<Text>& ids = attempt.delivery_ids;
  const Text keeper = ids.empty() ? Text() : ids.front();
  const Text all = ids.size() == 1 ? Text() : JsonArray(ids);
  commands_->put_attempt.Defer(std::tie(keeper, all, attempt));
  for (size_t i = 1; i < ids.size(); ++i) {
    connection_.Defer(
        "INSERT INTO shared_attempt (delivery_id, attempt_id, kept_with) VALUES (:delivery_id, :attempt_id, "
        ":kept_with)",
        std::tuple<Text, Text, Text>(ids[i], attempt.attempt_id, keeper));
  }
}

void ChangeWriter::ApplyKnowledge(const sync::Change& change) {
  static const auto* const kRefusal = new std::string(ReplaceByTargetAndKey("refusal", kRefusalColumns));
  for (const sync::Baseline& baseline : change.baselines) commands_->put_baseline.Defer(baseline);
  for (const sync::Refusal& refusal : change.refusals) connection_.Defer(*kRefusal, refusal);
  for (const sync::FileTargetStatus& status : change.statuses) ApplyStatus(status);
  for (const std::string& target : change.planned_targets) {
    connection_.Execute(
        "INSERT INTO run_planned_target (run_id, target, released) VALUES (:run_id, :target, 0) "
        "ON CONFLICT DO NOTHING",
        std::tuple<Text, Text>(change.run_id, target));
  }
  for (const std::string& target : change.released_targets) {
    connection_.Execute(
        "UPDATE run_planned_target SET released = 1 WHERE run_id = :run_id AND target = :target",
        std::tuple<Text, Text>(change.run_id, target));
  }
}

void ChangeWriter::ApplyPreview(const sync::Change& change) {
  static const auto* const kForecast =
      new std::string(InsertOrReplace("run_forecast", "run_id, target", kForecastColumns));
  static const auto* const kPreview =
      new std::string(InsertOrReplace("delivery_preview", "delivery_id, position", kPreviewColumns));
  for (const auto& [target, forecast] : change.forecasts) {
    connection_.Defer(*kForecast, std::tuple<Text, Text, sync::Forecast>(change.run_id, target, forecast));
  }
  for (const sync::PreviewedRequest& preview : change.previews) {
    connection_.Defer(*kPreview, std::tuple<Text, int64_t, sync::PlannedRequest>(
                                     preview.delivery_id, preview.position, preview.request));
  }
}

void ChangeWriter::ApplyStatus(const sync::FileTargetStatus& status) { commands_->put_status.Defer(status); }

void ChangeWriter::Finish() {
  connection_.Flush();
  for (const auto& [run_id, run] : runs_) {
    connection_.Defer(
        "UPDATE run SET last_sequence = :last_sequence, skipped_file_count = skipped_file_count + :skipped "
        "WHERE run_id = :run_id",
        std::tuple<int64_t, int64_t, Text>(run.last_sequence, run.skipped_files, run_id));
    for (const auto& [target, counts] : run.counts) AddCounts(run_id, target, counts);
  }
  settled_.Write(connection_);
}

void ChangeWriter::AddCounts(const std::string& run_id, const std::string& target,
                             const sync::StateCounts& counts) {
  for (int i = 0; i < sync::kStateCount; ++i) {
    const auto state = static_cast<sync::State>(i);
    if (counts[state] == 0) continue;
    connection_.Defer(
        "INSERT INTO run_count (run_id, target, state, count) VALUES (:run_id, :target, :state, :count) "
        "ON CONFLICT (run_id, target, state) DO UPDATE SET count = run_count.count + excluded.count",
        std::tuple<Text, Text, sync::State, int64_t>(run_id, target, state, counts[state]));
  }
}

}  // namespace satudata::store
