// File: truth.h
//
// What the two systems really hold, whatever they answered: the witness against which the service is judged.
//
// Thread-safe; one mutex over all of it, so that no reader sees half a change. Late applies wait here too:
// they are never in neither place.
#ifndef TESTS_SIMULATOR_TRUTH_H_
#define TESTS_SIMULATOR_TRUTH_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/base/clock.h"
#include "server/base/mutex.h"
#include "tests/simulator/operation.h"
#include "tests/simulator/record.h"
#include "tests/simulator/state.h"

namespace satudata::simulator {

enum class WriteKind { kValue, kWithdrawal, kDataset };
enum class Condition { kAlways, kIfAbsent, kIfPresent };

// One change that a request asks for.
struct Write {
  WriteKind kind = WriteKind::kValue;
  ValueKey key;       // Of a value or a withdrawal.
  std::string id;     // Of a dataset.
  std::string value;  // The figure, the reason, or the body as posted.
  Condition condition = Condition::kAlways;
  // Of a dataset that is written in parts: what becomes of what is held (null: nothing) by this part; nothing
  // if it cannot be. `value` is then the part.
  std::function<std::optional<std::string>(const std::string* held)> change = nullptr;
};

struct Outcome {
  std::optional<std::string> refusal;  // Why the system will not take it; the record is unchanged.
  bool applied = false;
  bool existed = false;  // Before.
};

// One row of a table read.
struct TableRow {
  ValueKey key;
  Reference reference;
  std::shared_ptr<const std::string> data;
  bool is_final = false;
  bool by_walidata = false;
  bool by_pembina = false;
  std::string transaction_id;
  absl::Time updated;
};

struct TableQuery {
  std::string kodepemda;
  std::optional<std::string> tahun;
  bool final_only = false;
  size_t offset = 0;
  std::optional<size_t> limit;
};

struct TablePage {
  std::vector<TableRow> rows;
  size_t total = 0;  // Rows that match, on all pages.
};

enum class Detail { kCurrent, kHistory };

class Truth {
 public:
  // `clock` must outlive the truth. `history` as in Options.
  Truth(base::Clock& clock, size_t history);

  // Adds, replaces and removes as `state` says, without counting anything as an apply.
  void Merge(const State& state);
  // Forgets everything, what is pending included.
  void Clear();

  // Whether the system would take it; applies nothing.
  std::optional<std::string> RefusalOf(const Write& write) const;
  Outcome Perform(const Write& write, uint64_t request, Actor actor);
  // Performs it later: when ApplyDue is called with a time not before `due` (on the clock's monotonic scale).
  void Defer(Write write, uint64_t request, absl::Duration due);
  // Keeps what a request was answered about the record that `write` names.
  void Note(const Write& write, Answer answer);
  void Note(const std::vector<std::pair<const Write*, Answer>>& answers);

  // Applies what is due and returns when the next is; nothing when none is left.
  std::optional<absl::Duration> ApplyDue(absl::Duration now);
  // Applies all that is pending; returns how many.
  size_t Flush();

  TablePage ReadTable(const TableQuery& query) const;
  std::vector<Reference> ReadReference(absl::string_view kodepemda) const;
  std::shared_ptr<const std::string> ReadDataset(absl::string_view id) const;
  // What it held at `time`, as far as its history goes back; null if it held nothing.
  std::shared_ptr<const std::string> ReadDatasetAt(absl::string_view id, absl::Time time) const;

  // For tests in the same process. `key` is "kodepemda.kodeindikator.tahun".
  std::optional<Record> SipdRecord(absl::string_view key) const;
  std::optional<Record> WithdrawalRecord(absl::string_view key) const;
  std::optional<Record> SplpRecord(absl::string_view id) const;
  Totals TotalsOf(System system) const;
  size_t pending() const;

  // The admin API's views, as JSON.
  std::string Json(Detail detail) const;
  std::optional<std::string> SipdJson(absl::string_view key) const;
  std::optional<std::string> SplpJson(absl::string_view id) const;

 private:
  struct Pending {
    Write write;
    uint64_t request;
  };
  using Values = std::map<ValueKey, Record>;

  std::optional<std::string> RefusalLocked(const Write& write) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  std::optional<std::string> ValueRefusalLocked(const Write& write) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  size_t ApplyDueLocked(absl::Duration now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  Outcome PerformLocked(const Write& write, uint64_t request, Actor actor) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  Record& RecordOf(const Write& write) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  Totals& TotalsFor(const Write& write) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void MergeValue(const Value& value) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void RemoveLocked(const State& state) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  Reference ReferenceOf(const ValueKey& key) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void AppendPendingJson(std::string* out) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);

  base::Clock& clock_;
  const size_t history_;
  mutable base::Mutex mu_;
  std::map<std::string, Reference> reference_ ABSL_GUARDED_BY(mu_);
  std::set<std::pair<std::string, std::string>> withdrawn_ ABSL_GUARDED_BY(mu_);  // Region, code.
  Values values_ ABSL_GUARDED_BY(mu_);
  Values withdrawals_ ABSL_GUARDED_BY(mu_);
  absl::flat_hash_map<std::string, Record> datasets_ ABSL_GUARDED_BY(mu_);
  std::multimap<absl::Duration, Pending> pending_ ABSL_GUARDED_BY(mu_);
  Totals sipd_totals_ ABSL_GUARDED_BY(mu_);
  Totals splp_totals_ ABSL_GUARDED_BY(mu_);
};

}  // namespace satudata::simulator

#endif  // TESTS_SIMULATOR_TRUTH_H_
