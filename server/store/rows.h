// File: rows.h
//
// Which fields of our values are which columns, in one order for reading and writing: a list of names and a
// visitor per kind of row. Internal to store/.
#ifndef SERVER_STORE_ROWS_H_
#define SERVER_STORE_ROWS_H_

#include <string>

#include "absl/strings/string_view.h"
#include "server/access/account_store.h"
#include "server/catalog/catalog_file.h"
#include "server/sync/run.h"

namespace satudata::store {

// "a, b" for alias d: "d.a, d.b".
std::string Qualified(absl::string_view alias, absl::string_view columns);
// "a, b": ":a, :b".
std::string Placeholders(absl::string_view columns);
// "a, b": "a = excluded.a, b = excluded.b".
std::string FromExcluded(absl::string_view columns);

inline constexpr absl::string_view kFileColumns =
    "file_id, name, theme, producer, coverage, frequency, dimension, file_name, file_type, is_public, "
    "verification, kodepemda, source_create_time, source_update_time, has_inline_values, content_sha256, "
    "content_size_bytes, content_mtime_us, content_rules, content_name, mapping, revision, create_time, "
    "update_time";
template <typename Visitor>
void VisitFields(Visitor& visit, catalog::CatalogFile& file) {
  visit(file.file_id), visit(file.name), visit(file.theme), visit(file.producer), visit(file.coverage);
  visit(file.frequency), visit(file.dimension), visit(file.file_name), visit(file.file_type);
  visit(file.is_public), visit(file.verification), visit(file.kodepemda);
  visit(file.source_create_time), visit(file.source_update_time), visit(file.has_inline_values);
  visit(file.content_sha256), visit(file.content_size_bytes), visit(file.content_mtime_us);
  visit(file.content_rules), visit(file.content_name), visit(file.mapping);
  visit(file.revision), visit(file.create_time), visit(file.update_time);
}

inline constexpr absl::string_view kValueColumns =
    "position, kodeindikator, kodepemda, tahun, raw_value, value, finding, line, column_name, column_number, "
    "sheet, satuan";
template <typename Visitor>
void VisitFields(Visitor& visit, catalog::IndicatorValue& value) {
  visit(value.position), visit(value.kodeindikator), visit(value.kodepemda), visit(value.tahun);
  visit(value.raw_value), visit(value.value), visit(value.finding), visit(value.line), visit(value.column);
  visit(value.column_number), visit(value.sheet), visit(value.satuan);
}

inline constexpr absl::string_view kRunColumns =
    "run_id, request, state, skipped_file_count, last_sequence, create_time, start_time, end_time, "
    "stop_time, "
    "failure";
template <typename Visitor>
void VisitFields(Visitor& visit, sync::Run& run) {
  visit(run.run_id), visit(run.request), visit(run.state), visit(run.skipped_file_count);
  visit(run.last_sequence), visit(run.create_time), visit(run.start_time), visit(run.end_time);
  visit(run.stop_time), visit(run.failure);
}

inline constexpr absl::string_view kDeliveryColumns =
    "delivery_id, run_id, file_id, file_name, target, state, attempt_count, remote_id, failure, records, "
    "finding_count, revision, is_public, sequence, create_time, update_time, next_attempt_time";
template <typename Visitor>
void VisitFields(Visitor& visit, sync::Delivery& delivery) {
  visit(delivery.delivery_id), visit(delivery.run_id), visit(delivery.file_id), visit(delivery.file_name);
  visit(delivery.target), visit(delivery.state), visit(delivery.attempt_count), visit(delivery.remote_id);
  visit(delivery.failure), visit(delivery.records), visit(delivery.finding_count), visit(delivery.revision);
  visit(delivery.is_public), visit(delivery.sequence), visit(delivery.create_time);
  visit(delivery.update_time), visit(delivery.next_attempt_time);
}

inline constexpr absl::string_view kRecordColumns =
    "key, scope, state, value, hash, change, previous_value, previous_hash, previous_known, failure, "
    "remote_id, attempt_count, send_time, sent_hash, accept_time";
template <typename Visitor>
void VisitFields(Visitor& visit, sync::Record& record) {
  visit(record.key), visit(record.scope), visit(record.state), visit(record.value), visit(record.hash);
  visit(record.change), visit(record.previous_value), visit(record.previous_hash);
  visit(record.previous_known), visit(record.failure), visit(record.remote_id);
  visit(record.attempt_count), visit(record.send_time), visit(record.sent_hash), visit(record.accept_time);
}

inline constexpr absl::string_view kAttemptColumns =
    "attempt_id, run_id, target, operation, start_time, duration_us, http_code, request_body, answer_body, "
    "error, verdict, record_count";
template <typename Visitor>
void VisitFields(Visitor& visit, sync::Attempt& attempt) {
  visit(attempt.attempt_id), visit(attempt.run_id), visit(attempt.target);
  visit(attempt.exchange.operation), visit(attempt.exchange.start_time), visit(attempt.exchange.duration);
  visit(attempt.exchange.http_code), visit(attempt.exchange.request_body);
  visit(attempt.exchange.answer_body), visit(attempt.exchange.error), visit(attempt.exchange.verdict);
  visit(attempt.record_count);
}

inline constexpr absl::string_view kForecastColumns = "request_count, duration_us";
template <typename Visitor>
void VisitFields(Visitor& visit, sync::Forecast& forecast) {
  visit(forecast.request_count), visit(forecast.duration);
}

inline constexpr absl::string_view kPreviewColumns = "operation, body, truncated";
template <typename Visitor>
void VisitFields(Visitor& visit, sync::PlannedRequest& request) {
  visit(request.operation), visit(request.body), visit(request.truncated);
}

inline constexpr absl::string_view kBaselineColumns =
    "target, key, hash, value, file_id, confirm_time, adopted";
template <typename Visitor>
void VisitFields(Visitor& visit, sync::Baseline& baseline) {
  visit(baseline.target), visit(baseline.key), visit(baseline.hash), visit(baseline.value);
  visit(baseline.file_id), visit(baseline.confirm_time), visit(baseline.adopted);
}

inline constexpr absl::string_view kRefusalColumns =
    "target, key, hash, rules_version, reference_version, failure, refuse_time";
template <typename Visitor>
void VisitFields(Visitor& visit, sync::Refusal& refusal) {
  visit(refusal.target), visit(refusal.key), visit(refusal.hash), visit(refusal.rules_version);
  visit(refusal.reference_version), visit(refusal.failure), visit(refusal.refuse_time);
}

inline constexpr absl::string_view kStatusColumns =
    "file_id, target, state, run_id, delivery_id, failure, records, update_time";
template <typename Visitor>
void VisitFields(Visitor& visit, sync::FileTargetStatus& status) {
  visit(status.file_id), visit(status.target), visit(status.state), visit(status.run_id);
  visit(status.delivery_id), visit(status.failure), visit(status.records), visit(status.update_time);
}

inline constexpr absl::string_view kAccountColumns =
    "username, role, password_hash, disabled, create_time, update_time, sign_in_time";
template <typename Visitor>
void VisitFields(Visitor& visit, access::Account& account) {
  visit(account.username), visit(account.role), visit(account.password_hash), visit(account.disabled);
  visit(account.create_time), visit(account.update_time), visit(account.sign_in_time);
}

inline constexpr absl::string_view kSessionColumns =
    "key, user_id, username, role, origin, create_time, use_time, expire_time, end_time";
template <typename Visitor>
void VisitFields(Visitor& visit, access::WebSession& session) {
  visit(session.key), visit(session.identity.id), visit(session.identity.username);
  visit(session.identity.role), visit(session.origin), visit(session.create_time);
  visit(session.use_time), visit(session.expire_time), visit(session.end_time);
}

}  // namespace satudata::store

#endif  // SERVER_STORE_ROWS_H_
