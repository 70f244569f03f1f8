#include "tests/simulator/truth.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"
#include "server/base/random.h"
#include "tests/simulator/decimal.h"

namespace satudata::simulator {
namespace {

using nlohmann::json;

// One digit 1-9, two digits, six digits, dots between: the national list's form.
bool IsNationalCode(absl::string_view code) {
  constexpr absl::string_view kForm = "1.23.456789";
  if (code.size() != kForm.size() || code[0] == '0') return false;
  for (size_t i = 0; i < code.size(); ++i) {
    const bool fits = kForm[i] == '.' ? code[i] == '.' : absl::ascii_isdigit(code[i]);
    if (!fits) return false;
  }
  return true;
}

bool SameDataset(absl::string_view a, absl::string_view b) {
  if (a == b) return true;
  json x = json::parse(a.begin(), a.end(), nullptr, false);
  json y = json::parse(b.begin(), b.end(), nullptr, false);
  if (!x.is_object() || !y.is_object()) return false;
  for (const char* timestamp : {"created_at", "updated_at"}) {
    x.erase(timestamp);
    y.erase(timestamp);
  }
  return x == y;
}

Sameness Compare(const Write& write, const Record& record) {
  if (!record.Holds()) return Sameness::kDifferent;
  bool same = true;  // A proposal is the same proposal whatever its reason.
  if (write.kind == WriteKind::kValue) same = SameValue(write.value, *record.value);
  if (write.kind == WriteKind::kDataset) same = SameDataset(write.value, *record.value);
  return same ? Sameness::kSame : Sameness::kDifferent;
}

bool Matches(const TableQuery& query, const ValueKey& key, const Record& record) {
  if (!record.present || (query.final_only && !record.is_final)) return false;
  return !query.tahun.has_value() || key.tahun == *query.tahun;
}

}  // namespace

Truth::Truth(base::Clock& clock, size_t history) : clock_(clock), history_(history) {}

void Truth::Merge(const State& state) {
  base::MutexLock lock(&mu_);
  for (const Reference& reference : state.reference) reference_[reference.kodeindikator] = reference;
  for (const Value& value : state.values) MergeValue(value);
  for (const Dataset& dataset : state.datasets) {
    auto body = std::make_shared<const std::string>(dataset.body);
    datasets_[dataset.id].Put(std::move(body), clock_.Now(), splp_totals_);
  }
  RemoveLocked(state);
}

void Truth::MergeValue(const Value& value) {
  Record& record = values_[value.key];
  std::shared_ptr<const std::string> data;
  if (value.data.has_value()) data = std::make_shared<const std::string>(*value.data);
  record.Put(std::move(data), clock_.Now(), sipd_totals_);
  record.is_final = value.is_final;
  record.by_walidata = value.by_walidata;
  record.by_pembina = value.by_pembina;
  if (record.transaction_id.empty()) record.transaction_id = base::NewUuid();
}

// A removed record keeps its history: that it was applied once stays true.
void Truth::RemoveLocked(const State& state) {
  for (const ValueKey& key : state.remove_values) {
    auto it = values_.find(key);
    if (it == values_.end()) continue;
    it->second.Put(nullptr, clock_.Now(), sipd_totals_);
    it->second.present = false;
  }
  for (const std::string& id : state.remove_datasets) {
    auto it = datasets_.find(id);
    if (it == datasets_.end()) continue;
    it->second.Put(nullptr, clock_.Now(), splp_totals_);
    it->second.present = false;
  }
}

void Truth::Clear() {
  base::MutexLock lock(&mu_);
  reference_.clear();
  withdrawn_.clear();
  values_.clear();
  withdrawals_.clear();
  datasets_.clear();
  pending_.clear();
  sipd_totals_ = splp_totals_ = Totals{};
}

std::optional<std::string> Truth::RefusalOf(const Write& write) const {
  base::MutexLock lock(&mu_);
  return RefusalLocked(write);
}

std::optional<std::string> Truth::RefusalLocked(const Write& write) const {
  if (write.kind == WriteKind::kDataset) return std::nullopt;
  const std::string& code = write.key.kodeindikator;
  auto reference = reference_.find(code);
  // Without a reference list the form of a code is all there is to go by.
  const bool known = reference_.empty() ? IsNationalCode(code) : reference != reference_.end();
  if (!known) return "kodeindikator tidak terdaftar";
  const bool disabled = reference != reference_.end() && reference->second.status != "AKTIF";
  if (disabled || withdrawn_.count({write.key.kodepemda, code}) > 0) {
    // Proposing once more what is withdrawn already is taken, and counted.
    if (disabled || write.kind == WriteKind::kValue) return "kodeindikator DISABLED";
  }
  return write.kind == WriteKind::kValue ? ValueRefusalLocked(write) : std::nullopt;
}

std::optional<std::string> Truth::ValueRefusalLocked(const Write& write) const {
  if (!CanonicalDecimal(write.value).has_value()) return "data bukan angka";
  auto it = values_.find(write.key);
  if (it != values_.end() && it->second.is_final) return "data sudah final";
  return std::nullopt;
}

Outcome Truth::Perform(const Write& write, uint64_t request, Actor actor) {
  base::MutexLock lock(&mu_);
  return PerformLocked(write, request, actor);
}

Outcome Truth::PerformLocked(const Write& write, uint64_t request, Actor actor) {
  Outcome outcome;
  outcome.refusal = RefusalLocked(write);
  if (outcome.refusal.has_value()) return outcome;
  Record& record = RecordOf(write);
  outcome.existed = record.Holds();
  if (write.condition == Condition::kIfAbsent && outcome.existed) return outcome;
  if (write.condition == Condition::kIfPresent && !outcome.existed) return outcome;
  if (write.change != nullptr) {
    std::optional<std::string> changed = write.change(record.value.get());
    if (!changed.has_value()) return outcome;
    Write whole{.kind = write.kind, .id = write.id, .value = *std::move(changed)};
    return PerformLocked(whole, request, actor);
  }
  if (write.kind == WriteKind::kWithdrawal) withdrawn_.insert({write.key.kodepemda, write.key.kodeindikator});
  if (write.kind != WriteKind::kDataset) record.transaction_id = base::NewUuid();
  record.Bring({std::make_shared<const std::string>(write.value), clock_.Now(), request, actor},
               Compare(write, record), history_, TotalsFor(write));
  outcome.applied = true;
  return outcome;
}

Record& Truth::RecordOf(const Write& write) {
  switch (write.kind) {
    case WriteKind::kValue:
      return values_[write.key];
    case WriteKind::kWithdrawal:
      return withdrawals_[write.key];
    case WriteKind::kDataset:
      break;
  }
  return datasets_[write.id];
}

Totals& Truth::TotalsFor(const Write& write) {
  return write.kind == WriteKind::kDataset ? splp_totals_ : sipd_totals_;
}

void Truth::Defer(Write write, uint64_t request, absl::Duration due) {
  base::MutexLock lock(&mu_);
  pending_.emplace(due, Pending{std::move(write), request});
}

void Truth::Note(const Write& write, Answer answer) {
  base::MutexLock lock(&mu_);
  RecordOf(write).Note(answer, history_);
}

void Truth::Note(const std::vector<std::pair<const Write*, Answer>>& answers) {
  base::MutexLock lock(&mu_);
  for (const auto& [write, answer] : answers) RecordOf(*write).Note(answer, history_);
}

std::optional<absl::Duration> Truth::ApplyDue(absl::Duration now) {
  base::MutexLock lock(&mu_);
  ApplyDueLocked(now);
  if (pending_.empty()) return std::nullopt;
  return pending_.begin()->first;
}

size_t Truth::Flush() {
  base::MutexLock lock(&mu_);
  return ApplyDueLocked(absl::InfiniteDuration());
}

size_t Truth::ApplyDueLocked(absl::Duration now) {
  size_t count = 0;
  for (; !pending_.empty() && pending_.begin()->first <= now; ++count) {
    auto first = pending_.extract(pending_.begin());
    PerformLocked(first.mapped().write, first.mapped().request, Actor::kLate);
  }
  return count;
}

TablePage Truth::ReadTable(const TableQuery& query) const {
  base::MutexLock lock(&mu_);
  TablePage page;
  const ValueKey first{query.kodepemda, query.tahun.value_or(""), ""};
  for (auto it = values_.lower_bound(first); it != values_.end(); ++it) {
    const auto& [key, record] = *it;
    const bool past = key.kodepemda != query.kodepemda || (query.tahun && key.tahun != *query.tahun);
    if (past) break;
    if (!Matches(query, key, record)) continue;
    const size_t position = page.total++;
    if (position < query.offset || (query.limit && position >= query.offset + *query.limit)) continue;
    page.rows.push_back({key, ReferenceOf(key), record.value, record.is_final, record.by_walidata,
                         record.by_pembina, record.transaction_id, record.updated});
  }
  return page;
}

Reference Truth::ReferenceOf(const ValueKey& key) const {
  auto it = reference_.find(key.kodeindikator);
  if (it != reference_.end()) return it->second;
  Reference unlisted;
  unlisted.kodeindikator = key.kodeindikator;
  return unlisted;
}

std::vector<Reference> Truth::ReadReference(absl::string_view kodepemda) const {
  base::MutexLock lock(&mu_);
  std::vector<Reference> list;
  list.reserve(reference_.size());
  for (const auto& [code, reference] : reference_) {
    list.push_back(reference);
    if (withdrawn_.count({std::string(kodepemda), code}) > 0) list.back().status = "DISABLED";
  }
  return list;
}

std::shared_ptr<const std::string> Truth::ReadDataset(absl::string_view id) const {
  base::MutexLock lock(&mu_);
  auto it = datasets_.find(id);
  return it == datasets_.end() ? nullptr : it->second.value;
}

std::shared_ptr<const std::string> Truth::ReadDatasetAt(absl::string_view id, absl::Time time) const {
  base::MutexLock lock(&mu_);
  auto it = datasets_.find(id);
  if (it == datasets_.end()) return nullptr;
  std::shared_ptr<const std::string> held;
  for (const Apply& apply : it->second.history) {
    if (apply.time <= time) held = apply.value;
  }
  return held;
}

std::optional<Record> Truth::SipdRecord(absl::string_view key) const {
  const std::optional<ValueKey> parsed = ParseValueKey(key);
  if (!parsed.has_value()) return std::nullopt;
  base::MutexLock lock(&mu_);
  auto it = values_.find(*parsed);
  if (it == values_.end()) return std::nullopt;
  return it->second;
}

std::optional<Record> Truth::WithdrawalRecord(absl::string_view key) const {
  const std::optional<ValueKey> parsed = ParseValueKey(key);
  if (!parsed.has_value()) return std::nullopt;
  base::MutexLock lock(&mu_);
  auto it = withdrawals_.find(*parsed);
  if (it == withdrawals_.end()) return std::nullopt;
  return it->second;
}

std::optional<Record> Truth::SplpRecord(absl::string_view id) const {
  base::MutexLock lock(&mu_);
  auto it = datasets_.find(id);
  if (it == datasets_.end()) return std::nullopt;
  return it->second;
}

Totals Truth::TotalsOf(System system) const {
  base::MutexLock lock(&mu_);
  return system == System::kSplp ? splp_totals_ : sipd_totals_;
}

size_t Truth::pending() const {
  base::MutexLock lock(&mu_);
  return pending_.size();
}

}  // namespace satudata::simulator
