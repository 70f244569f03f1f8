#include "server/rpc/convert_run.h"

#include <algorithm>
#include <variant>

#include "server/rpc/convert.h"
#include "server/rpc/text.h"

namespace satudata::rpc {
namespace {

// The overloads below would hide them.
using rpc::ToProto;

using catalog::Language;

constexpr size_t kMaxBodyBytes = 2 << 20;

bool IsRefusedUnsent(const sync::Record& record) {
  return record.state == sync::State::kRejected && record.attempt_count == 0;
}

v1::Record::Change ToProto(const sync::Record& record) {
  v1::Record::Change change;
  switch (record.change) {
    case sync::ChangeKind::kNone:
      break;
    case sync::ChangeKind::kCreate:
      change.set_kind(v1::Record::Change::KIND_CREATE);
      break;
    case sync::ChangeKind::kUpdate:
      change.set_kind(v1::Record::Change::KIND_UPDATE);
      break;
    case sync::ChangeKind::kSame:
      change.set_kind(v1::Record::Change::KIND_SAME);
      break;
    case sync::ChangeKind::kWithdraw:
      change.set_kind(v1::Record::Change::KIND_WITHDRAW);
      break;
  }
  if (IsRefusedUnsent(record)) change.set_kind(v1::Record::Change::KIND_REFUSED);
  change.set_old_value(Utf8(record.previous_value));
  change.set_new_value(Utf8(record.value));
  return change;
}

v1::Attempt ToProto(const sync::Attempt& attempt) {
  const sync::Exchange& exchange = attempt.exchange;
  v1::Attempt out;
  out.set_attempt_id(attempt.attempt_id);
  out.set_operation(exchange.operation);
  *out.mutable_start_time() = ToProto(exchange.start_time);
  out.set_duration_ms(absl::ToInt64Milliseconds(exchange.duration));
  out.set_http_code(exchange.http_code);
  out.set_verdict(std::string(sync::VerdictKindName(exchange.verdict)));
  out.set_transport_error(Utf8(exchange.error));
  out.set_record_count(attempt.record_count);
  return out;
}

v1::Preview ToProto(const sync::PlannedRequest& request) {
  v1::Preview out;
  out.set_operation(request.operation);
  out.set_body(Utf8(request.body));
  out.set_truncated(request.truncated);
  return out;
}

v1::TargetForecast ToProto(const std::string& target, const sync::Forecast& forecast) {
  v1::TargetForecast out;
  out.set_target(target);
  out.set_request_count(forecast.request_count);
  if (forecast.duration) out.set_duration_ms(absl::ToInt64Milliseconds(*forecast.duration));
  return out;
}

// Newest first, so that what is left out is the oldest.
void AddBodies(const std::vector<sync::Attempt>& attempts, v1::GetDeliveryResponse* out) {
  size_t budget = kMaxBodyBytes;
  for (int i = out->attempts_size() - 1; i >= 0; --i) {
    const sync::Exchange& exchange = attempts[i].exchange;
    const size_t size = exchange.request_body.size() + exchange.answer_body.size();
    if (size > budget) return;
    budget -= size;
    out->mutable_attempts(i)->set_request_body(Utf8(exchange.request_body));
    out->mutable_attempts(i)->set_answer_body(Utf8(exchange.answer_body));
  }
}

v1::RunStateChange ToProto(const sync::RunStateChange& change, Language language) {
  v1::RunStateChange out;
  out.set_previous(ToProto(change.previous));
  out.set_current(ToProto(change.current));
  SetFailure(change.failure, language, &out);
  return out;
}

v1::FileSkipped ToProto(const sync::FileSkipped& skipped, Language language) {
  v1::FileSkipped out;
  out.set_file_id(Utf8(skipped.file_id));
  out.set_file_name(Utf8(skipped.file_name));
  SetFailure(skipped.failure, language, &out);
  return out;
}

v1::TargetWait ToProto(const sync::Wait& wait, Language language) {
  v1::TargetWait out;
  out.set_target(wait.target);
  SetFailure(wait.failure, language, &out);
  if (wait.until != absl::InfiniteFuture()) *out.mutable_end_time() = ToProto(wait.until);
  return out;
}

bool AllPlanned(const sync::Progress& progress) {
  return !progress.planned.empty() && std::all_of(progress.planned.begin(), progress.planned.end(),
                                                  [](const auto& target) { return target.second; });
}

// Final, or waiting for a later hour than this run's.
int64_t Completed(const sync::StateCounts& counts) {
  int64_t completed = counts[sync::State::kDeferred];
  for (int i = 0; i < sync::kStateCount; ++i) {
    const auto state = static_cast<sync::State>(i);
    if (sync::IsFinal(state)) completed += counts[state];
  }
  return completed;
}

// Fills the oneof of a RunEvent.
struct EventWriter {
  Language language;
  v1::RunEvent* out;

  void operator()(const sync::Run& run) const { *out->mutable_snapshot() = ToProto(run, language); }
  void operator()(const sync::RunStateChange& change) const {
    *out->mutable_state_change() = ToProto(change, language);
  }
  void operator()(const sync::Delivery& delivery) const {
    *out->mutable_delivery() = ToProto(delivery, language);
  }
  void operator()(const sync::FileSkipped& skipped) const {
    *out->mutable_file_skipped() = ToProto(skipped, language);
  }
  void operator()(const sync::Progress& progress) const {
    *out->mutable_progress() = ToProto(progress, language);
  }
  void operator()(const sync::Heartbeat&) const { out->mutable_heartbeat(); }
};

}  // namespace

v1::Run ToProto(const sync::Run& run, Language language) {
  v1::Run out;
  out.set_run_id(run.run_id);
  out.set_kind(ToProto(run.request.kind));
  out.set_state(ToProto(run.state));
  out.mutable_targets()->Assign(run.request.targets.begin(), run.request.targets.end());
  out.set_requested_by(Utf8(run.request.requested_by));
  *out.mutable_target_counts() = ToProto(run.counts);
  out.set_open_count(run.OpenCount());
  out.set_skipped_file_count(run.skipped_file_count);
  *out.mutable_create_time() = ToProto(run.create_time);
  if (run.start_time) *out.mutable_start_time() = ToProto(*run.start_time);
  if (run.end_time) *out.mutable_end_time() = ToProto(*run.end_time);
  SetFailure(run.failure, language, &out);
  out.set_last_sequence(run.last_sequence);
  out.set_file_id(Utf8(run.request.file_id));
  out.set_retry_of(run.request.retry_of);
  for (const auto& [target, forecast] : run.forecasts) *out.add_forecasts() = ToProto(target, forecast);
  return out;
}

v1::Delivery ToProto(const sync::Delivery& delivery, Language language) {
  v1::Delivery out;
  out.set_delivery_id(delivery.delivery_id);
  out.set_run_id(delivery.run_id);
  out.set_file_id(Utf8(delivery.file_id));
  out.set_file_name(Utf8(delivery.file_name));
  out.set_target(delivery.target);
  out.set_state(ToProto(delivery.state));
  out.set_attempt_count(delivery.attempt_count);
  out.set_remote_id(Utf8(delivery.remote_id));
  SetFailure(delivery.failure, language, &out);
  *out.mutable_record_counts() = ToProto(delivery.records);
  out.set_finding_count(delivery.finding_count);
  out.set_sequence(delivery.sequence);
  *out.mutable_create_time() = ToProto(delivery.create_time);
  *out.mutable_update_time() = ToProto(delivery.update_time);
  if (delivery.next_attempt_time) *out.mutable_next_attempt_time() = ToProto(*delivery.next_attempt_time);
  out.set_public_(delivery.is_public);
  return out;
}

v1::Record ToProto(const sync::Record& record, Language language) {
  v1::Record out;
  out.set_key(Utf8(record.key));
  out.set_state(ToProto(record.state));
  out.set_value(Utf8(record.value));
  SetFailure(record.failure, language, &out);
  out.set_remote_id(Utf8(record.remote_id));
  const bool has_change = record.change != sync::ChangeKind::kNone || IsRefusedUnsent(record);
  if (has_change) *out.mutable_change() = ToProto(record);
  out.set_attempt_count(record.attempt_count);
  if (record.send_time) *out.mutable_send_time() = ToProto(*record.send_time);
  return out;
}

v1::Progress ToProto(const sync::Progress& progress, Language language) {
  v1::Progress out;
  *out.mutable_target_counts() = ToProto(progress.counts);
  int64_t completed = 0;
  int64_t total = 0;
  for (const auto& [target, counts] : progress.counts) {
    completed += Completed(counts);
    total += counts.Total();
  }
  out.set_completed_count(completed);
  if (AllPlanned(progress)) out.set_total_count(total);
  for (const sync::Wait& wait : progress.waits) *out.add_waits() = ToProto(wait, language);
  return out;
}

v1::FileTargetStatus ToProto(const sync::FileTargetStatus& status, Language language) {
  v1::FileTargetStatus out;
  out.set_target(status.target);
  out.set_state(ToProto(status.state));
  *out.mutable_state_time() = ToProto(status.update_time);
  out.set_run_id(status.run_id);
  out.set_delivery_id(status.delivery_id);
  SetFailure(status.failure, language, &out);
  *out.mutable_record_counts() = ToProto(status.records);
  out.set_held_record_count(status.held_record_count);
  out.mutable_held_keys()->Assign(status.held_keys.begin(), status.held_keys.end());
  if (status.held_confirm_time) *out.mutable_held_confirm_time() = ToProto(*status.held_confirm_time);
  return out;
}

v1::GetDeliveryResponse ToProto(const sync::DeliveryDetail& detail, Language language) {
  v1::GetDeliveryResponse out;
  *out.mutable_delivery() = ToProto(detail.delivery, language);
  for (const sync::Record& record : detail.records) *out.add_records() = ToProto(record, language);
  for (const sync::Attempt& attempt : detail.attempts) *out.add_attempts() = ToProto(attempt);
  AddBodies(detail.attempts, &out);
  for (const sync::PlannedRequest& request : detail.previews) {
    *out.mutable_delivery()->add_previews() = ToProto(request);
  }
  out.set_omitted_record_count(detail.omitted_records);
  out.set_omitted_attempt_count(detail.omitted_attempts);
  return out;
}

void ToProto(const sync::RunEvent& event, Language language, v1::RunEvent* out) {
  out->Clear();
  out->set_run_id(event.run_id);
  out->set_sequence(event.sequence);
  *out->mutable_event_time() = ToProto(event.event_time);
  std::visit(EventWriter{language, out}, event.event);
}

sync::DeliveryFilter FromProto(const v1::ListDeliveriesRequest& request) {
  sync::DeliveryFilter filter{
      .run_id = request.run_id(),
      .file_id = request.file_id(),
      .target = request.target(),
      .owner = FromProto(request.owner()),
      .reason = catalog::ParseReason(request.reason()).value_or(catalog::Reason::kNone),
      .newest = request.newest()};
  for (const int state : request.states()) {
    filter.states.push_back(*FromProto(static_cast<v1::Delivery::State>(state)));
  }
  return filter;
}

sync::SyncRequest FromProto(const v1::SyncFileRequest& request) {
  return {.kind = request.validate_only() ? sync::RunKind::kPreview : sync::RunKind::kSyncFile,
          .file_id = request.file_id(),
          .force = request.force(),
          .request_id = request.request_id()};
}

sync::SyncRequest FromProto(const v1::SyncAllRequest& request) {
  return {.kind = request.validate_only() ? sync::RunKind::kPreview : sync::RunKind::kSyncAll,
          .file_ids = {request.file_ids().begin(), request.file_ids().end()},
          .themes = {request.themes().begin(), request.themes().end()},
          .producers = {request.producers().begin(), request.producers().end()},
          .limit = request.limit(),
          .force = request.force(),
          .allow_mass_change = request.allow_mass_change(),
          .request_id = request.request_id()};
}

sync::SyncRequest FromProto(const v1::WithdrawIndicatorRequest& request) {
  return {.kind = sync::RunKind::kWithdraw,
          .targets = {request.target()},
          .withdrawal = {.kodeindikator = request.kodeindikator(),
                         .kodepemda = request.kodepemda(),
                         .tahun = request.tahun(),
                         .explanation = request.explanation()},
          .request_id = request.request_id()};
}

sync::SyncRequest FromProto(const v1::RetryRunRequest& request) {
  return {.kind = sync::RunKind::kRetry,
          .retry_of = request.run_id(),
          .include_rejected = request.include_rejected(),
          .request_id = request.request_id()};
}

}  // namespace satudata::rpc
