// File: fake_target.h
//
// A target in memory that keeps the truth. By default everything arrives at once and is answered honestly; a
// test makes it misbehave through `on_send` and `on_read`.
#ifndef TESTS_FAKES_FAKE_TARGET_H_
#define TESTS_FAKES_FAKE_TARGET_H_

#include <atomic>
#include <functional>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/base/hash.h"
#include "server/base/mutex.h"
#include "server/sync/target.h"

namespace satudata::sync {

// Thread-safe. A file is one record, keyed by its id; with `reads_tables`, each of its values is one.
class FakeTarget final : public Target {
 public:
  explicit FakeTarget(TargetTraits traits) : traits_(std::move(traits)) {}

  // Called without a lock before a request is carried out; a result answers it instead.
  std::function<std::optional<SendResult>(absl::Span<const OutboundRecord>)> on_send;
  std::function<std::optional<ReadResult>(absl::string_view)> on_read;

  const TargetTraits& traits() const override { return traits_; }

  Projection Project(const catalog::CatalogFile& file, absl::Span<const catalog::IndicatorValue> values,
                     const catalog::Failure& content_failure) const override {
    Projection projection;
    if (!traits_.reads_tables) {
      projection.records.push_back({Make(file.file_id, file.file_id, file.name), {}});
      return projection;
    }
    for (const catalog::IndicatorValue& value : values) {
      const std::string scope = absl::StrCat("9901/", value.tahun);
      const std::string key = absl::StrCat("9901.", value.kodeindikator, ".", value.tahun);
      projection.records.push_back({Make(key, scope, value.value.value_or("")), value.finding});
    }
    if (projection.records.empty()) {
      (content_failure.ok() ? projection.skipped : projection.rejected) =
          content_failure.ok() ? catalog::Failure{.reason = catalog::Reason::kNoIndicatorValues}
                               : content_failure;
    }
    return projection;
  }

  // The code is taken as it is; the scope's reads tell of withdrawals.
  ProjectedRecord ProjectWithdrawal(const Withdrawal& withdrawal) const override {
    ProjectedRecord projected;
    projected.record = {.key = absl::StrCat("9901.", withdrawal.kodeindikator, ".", withdrawal.tahun),
                        .scope = absl::StrCat("9901/", withdrawal.tahun, "/withdrawn"),
                        .hash = std::string(kWithdrawnHash),
                        .payload = withdrawal.explanation};
    if (withdrawal.kodeindikator.empty()) projected.failure.reason = catalog::Reason::kIndicatorCodeInvalid;
    return projected;
  }

  SendResult Send(absl::Span<const OutboundRecord> records, const base::Deadline& deadline,
                  absl::string_view) override {
    ++sends;
    if (hangs) return Hang(records, deadline);
    if (on_send) {
      if (std::optional<SendResult> answer = on_send(records)) return *std::move(answer);
    }
    Apply(records);
    SendResult result;
    result.verdict.kind = VerdictKind::kJudged;
    const Ruling ruling =
        traits_.confirmation == Confirmation::kResponse ? Ruling::kConfirmed : Ruling::kAccepted;
    result.verdict.records.assign(records.size(), RecordRuling{.ruling = ruling});
    result.exchanges.push_back({.operation = "send", .http_code = 200, .verdict = VerdictKind::kJudged});
    return result;
  }

  // `key=value` of each.
  std::vector<PlannedRequest> Render(absl::Span<const OutboundRecord> records) const override {
    std::string body;
    for (const OutboundRecord& record : records) absl::StrAppend(&body, record.key, "=", record.value, "\n");
    return {{.operation = "send", .body = body}};
  }

  ReadResult Read(absl::string_view scope, const base::Deadline&) override {
    ++reads;
    if (on_read) {
      if (std::optional<ReadResult> answer = on_read(scope)) return *std::move(answer);
    }
    ReadResult result;
    result.verdict.kind = VerdictKind::kJudged;
    result.observation = Observation{.scope = std::string(scope)};
    base::MutexLock lock(&mu_);
    for (const auto& [key, value] : held_) {
      if (ScopeOf(key) == scope || ScopeOf(key) + "/withdrawn" == scope)
        result.observation->values[key] = value;
    }
    return result;
  }

  absl::Status Prepare(absl::Span<const std::string>, const base::Deadline&) override {
    ++prepares;
    return absl::OkStatus();
  }
  bool has_reference_list() const override { return traits_.reads_tables; }
  std::vector<ReferenceListPtr> CachedReferenceLists() const override { return references; }
  std::vector<ReferenceListPtr> references;
  // Called without a lock.
  std::function<absl::StatusOr<ReferenceListPtr>(absl::string_view)> on_look;
  absl::StatusOr<ReferenceListPtr> LookAtReferenceList(absl::string_view kodepemda,
                                                       const base::Deadline&) override {
    ++looks;
    return on_look(kodepemda);
  }

  CheckResult Check(const base::Deadline&) override {
    if (healthy) return {.healthy = true};
    return {.failure = {.reason = catalog::Reason::kTargetOutage}};
  }
  uint64_t credential_version() const override { return credentials; }
  void Abort() override {
    base::MutexLock lock(&mu_);
    aborted = true;
    changed_.SignalAll();
  }

  // Requests reach it and get no answer until their deadline is stopped, or all are aborted; what they carry
  // is applied at once if `hanging_applies`.
  std::atomic<int> looks = 0;
  std::atomic<bool> hangs = false;
  std::atomic<bool> hanging_applies = false;
  // Waits until so many requests hang.
  void AwaitHanging(int count) {
    base::MutexLock lock(&mu_);
    while (hanging_ < count) changed_.Wait(&mu_);
  }

  void Apply(absl::Span<const OutboundRecord> records) {
    base::MutexLock lock(&mu_);
    for (const OutboundRecord& record : records) {
      ++apply_counts_[record.key];
      const auto held = held_.find(record.key);
      if (held != held_.end() && held->second.hash == record.hash) ++needless_second_effects;
      held_[record.key] = {.hash = record.hash, .value = record.value};
    }
  }

  // What is there before anybody sends.
  void Put(const std::string& key, const std::string& value, bool final) {
    base::MutexLock lock(&mu_);
    held_[key] = {.hash = HashOf(key, value), .value = value, .final = final};
  }
  std::string Held(const std::string& key) {
    base::MutexLock lock(&mu_);
    const auto found = held_.find(key);
    return found == held_.end() ? "" : found->second.value;
  }
  size_t HeldCount() {
    base::MutexLock lock(&mu_);
    return held_.size();
  }

  static SendResult Fail(VerdictKind kind, Effect effect, catalog::Reason reason) {
    SendResult result;
    result.verdict = {.kind = kind, .effect = effect, .failure = {.reason = reason}};
    return result;
  }

  std::atomic<int> sends = 0;
  std::atomic<int> reads = 0;
  std::atomic<int> prepares = 0;
  std::atomic<bool> healthy = true;  // What a probe finds.
  std::atomic<int> needless_second_effects = 0;
  std::atomic<bool> aborted = false;
  std::atomic<uint64_t> credentials = 1;  // Somebody replaces a key by changing it.

 private:
  static std::string HashOf(const std::string& key, const std::string& value) {
    return base::Sha256Hex(absl::StrCat(key, "=", value));
  }
  static OutboundRecord Make(const std::string& key, const std::string& scope, const std::string& value) {
    return {.key = key, .scope = scope, .value = value, .hash = HashOf(key, value)};
  }
  SendResult Hang(absl::Span<const OutboundRecord> records, const base::Deadline& deadline) {
    if (hanging_applies) Apply(records);
    const std::stop_callback on_stop(deadline.stop(), [this] {
      base::MutexLock lock(&mu_);
      changed_.SignalAll();
    });
    base::MutexLock lock(&mu_);
    ++hanging_;
    changed_.SignalAll();
    while (!deadline.Stopped() && !aborted) changed_.Wait(&mu_);
    --hanging_;
    return Fail(VerdictKind::kOutage, Effect::kPossible, catalog::Reason::kTargetOutage);
  }
  std::string ScopeOf(const std::string& key) const {
    return traits_.reads_tables ? absl::StrCat("9901/", key.substr(key.rfind('.') + 1)) : key;
  }

  const TargetTraits traits_;
  base::Mutex mu_;
  base::CondVar changed_;
  int hanging_ ABSL_GUARDED_BY(mu_) = 0;
  std::map<std::string, ObservedValue> held_ ABSL_GUARDED_BY(mu_);
  std::map<std::string, int> apply_counts_ ABSL_GUARDED_BY(mu_);
};

}  // namespace satudata::sync

#endif  // TESTS_FAKES_FAKE_TARGET_H_
