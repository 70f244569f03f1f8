#include "tests/integration/delivery/judge.h"

#include <algorithm>
#include <optional>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "server/sync/state.h"
#include "tests/simulator/decimal.h"

namespace satudata {
namespace {

using nlohmann::json;
using sync::State;

constexpr int64_t kPage = 500;
constexpr size_t kShown = 10;

// Walks all pages; `identity` names the last item of each.
template <typename Item, typename Fetch, typename Identity>
absl::Status ReadPages(Fetch fetch, Identity identity, std::vector<Item>* all) {
  sync::Page page{.limit = kPage};
  while (true) {
    absl::StatusOr<std::vector<Item>> items = fetch(page);
    if (!items.ok()) return items.status();
    const bool last = static_cast<int64_t>(items->size()) < kPage;
    if (!last) page.after = identity(items->back());
    for (Item& item : *items) all->push_back(std::move(item));
    if (last) return absl::OkStatus();
  }
}

absl::Status ReadDeliveries(sync::Store& store, Account& account) {
  std::vector<sync::Delivery> rows;
  absl::Status read = ReadPages(
      std::function([&](const sync::Page& page) { return store.ListDeliveries({}, page); }),
      [](const sync::Delivery& delivery) { return delivery.delivery_id; }, &rows);
  if (!read.ok()) return read;
  for (const sync::Delivery& row : rows) {
    absl::StatusOr<sync::DeliveryDetail> detail = store.GetDelivery(row.delivery_id);
    if (!detail.ok()) return detail.status();
    detail->attempts.clear();
    account.deliveries.push_back(*std::move(detail));
  }
  std::sort(account.deliveries.begin(), account.deliveries.end(),
            [](const auto& a, const auto& b) { return a.delivery.delivery_id < b.delivery.delivery_id; });
  return absl::OkStatus();
}

absl::Status ReadBaselines(sync::Store& store, Account& account) {
  for (const std::string& target : account.targets) {
    std::vector<std::string> keys;
    for (const auto& [key, record] : NewestRecords(account)) {
      if (key.first == target) keys.push_back(key.second);
    }
    for (size_t i = 0; i < keys.size(); i += kPage) {
      const size_t count = std::min<size_t>(kPage, keys.size() - i);
      auto baselines = store.Baselines(target, absl::MakeConstSpan(keys).subspan(i, count));
      if (!baselines.ok()) return baselines.status();
      for (auto& [key, baseline] : *baselines) account.baselines.push_back(std::move(baseline));
    }
  }
  return absl::OkStatus();
}

// Of a package at CKAN: it is not deleted, and has its file.
bool HoldsAFile(const json& package) {
  return package.value("state", "") == "active" && package.at("resources").size() == 1 &&
         package.at("resources").front().contains("bytes_sha256");
}

// What the target holds instead, as text; nothing if the claim is true.
std::optional<std::string> HeldInstead(const Claim& claim, const json& truth) {
  const json& system = truth.at(claim.withdrawn ? "withdrawals" : claim.target);
  const auto found = system.find(claim.key);
  if (found == system.end() || !found->value("held", false)) return "nothing";
  if (claim.withdrawn) return std::nullopt;
  const json& value = found->at("value");
  if (claim.target == "sipd") {
    const std::string held = value.get<std::string>();
    return simulator::SameValue(held, claim.value) ? std::nullopt : std::optional(held);
  }
  if (value.contains("resources") && !HoldsAFile(value)) return "a package without a file";
  const std::string name = value.value("dataset_name", value.value("title", ""));
  return claim.file_name.empty() || name == claim.file_name ? std::nullopt : std::optional(name);
}

bool IsHeld(State state) { return state == State::kConfirmed || state == State::kUnchanged; }

// Whether the service itself says that the value there may be, or is, another one.
bool IsQuestioned(const sync::Record& record) {
  return !IsFinal(record.state) || record.failure.reason == catalog::Reason::kChangedAtTarget;
}

class Comparison {
 public:
  Comparison(const Account& account, const json& truth) : account_(account), truth_(truth) {
    for (const sync::DeliveryDetail& detail : account.deliveries) {
      const sync::Delivery& delivery = detail.delivery;
      newest_[{delivery.file_id, delivery.target}] = &detail;
    }
    for (const sync::Run& run : account.runs) runs_[run.run_id] = &run;
  }

  Judgement Judge() {
    judgement_.needless_second_effects = NeedlessSecondEffects(truth_);
    CompareNewestRecords();
    for (const sync::Baseline& baseline : account_.baselines) CompareBaseline(baseline);
    for (const sync::DeliveryDetail& detail : account_.deliveries) CompareDelivery(detail);
    for (const sync::FileRow& row : account_.files) CompareFile(row);
    for (const sync::Run& run : account_.runs) CompareRun(run);
    return std::move(judgement_);
  }

 private:
  void CompareNewestRecords() {
    newest_records_ = NewestRecords(account_);
    std::vector<Claim> claims;
    for (const auto& [key, record] : newest_records_) {
      ++judgement_.records[record->state];
      if (!IsHeld(record->state)) continue;
      claims.push_back({key.first, key.second, record->value, NameOf(key), record->withdraws()});
    }
    judgement_.false_confirmed = FalseClaims(claims, truth_);
  }

  // The name that the dataset `key` must have, as its newest delivery gives it.
  std::string NameOf(const TargetKey& key) const {
    const auto found = newest_.find({key.second, key.first});
    return found == newest_.end() ? "" : found->second->delivery.file_name;
  }

  void CompareBaseline(const sync::Baseline& baseline) {
    const auto newest = newest_records_.find({baseline.target, baseline.key});
    if (newest != newest_records_.end() && IsQuestioned(*newest->second)) return;
    const Claim claim{baseline.target, baseline.key, baseline.value, "", baseline.withdrawn()};
    const std::optional<std::string> held = HeldInstead(claim, truth_);
    if (!held.has_value()) return;
    judgement_.false_confirmed.push_back(absl::StrCat("baseline ", baseline.target, " ", baseline.key,
                                                      ": claimed ", baseline.value, ", held ", *held));
  }

  void CompareDelivery(const sync::DeliveryDetail& detail) {
    const sync::Delivery& delivery = detail.delivery;
    const std::string name = absl::StrCat("delivery ", delivery.delivery_id, " at ", delivery.target);
    const auto run = runs_.find(delivery.run_id);
    const bool run_ended = run != runs_.end() && IsFinal(run->second->state);
    if (run_ended && !IsResting(delivery.state)) {
      judgement_.lost.push_back(
          absl::StrCat(name, ": its run has ended, and it is ", StateName(delivery.state)));
    }
    if (detail.records.empty()) return;
    sync::StateCounts counts;
    for (const sync::Record& record : detail.records) ++counts[record.state];
    if (!(counts == delivery.records) || SumRecords(counts) != delivery.state) {
      judgement_.contradictions.push_back(absl::StrCat(name, ": ", StateName(delivery.state),
                                                       ", its records ", StateName(SumRecords(counts))));
    }
  }

  void CompareFile(const sync::FileRow& row) {
    if (row.file.verification != catalog::Verification::kVerified) return;
    for (const std::string& target : account_.targets) {
      const std::string name = absl::StrCat("file ", row.file.file_id, " at ", target);
      const auto status = std::find_if(row.statuses.begin(), row.statuses.end(),
                                       [&](const auto& candidate) { return candidate.target == target; });
      if (status == row.statuses.end()) {
        judgement_.lost.push_back(absl::StrCat(name, ": no word about it"));
        continue;
      }
      const auto newest = newest_.find({row.file.file_id, target});
      const bool named = !status->delivery_id.empty() && newest != newest_.end() &&
                         newest->second->delivery.delivery_id == status->delivery_id;
      if (named && newest->second->delivery.state != status->state) {
        judgement_.contradictions.push_back(absl::StrCat(name, ": ", StateName(status->state),
                                                         ", its delivery ",
                                                         StateName(newest->second->delivery.state)));
      }
    }
  }

  void CompareRun(const sync::Run& run) {
    if (!IsFinal(run.state)) judgement_.lost.push_back(absl::StrCat("run ", run.run_id, " has not ended"));
    std::map<std::string, sync::StateCounts> rows;
    for (const sync::DeliveryDetail& detail : account_.deliveries) {
      if (detail.delivery.run_id == run.run_id) ++rows[detail.delivery.target][detail.delivery.state];
    }
    for (const auto& [target, counts] : run.counts) {
      for (int i = 0; i < sync::kStateCount; ++i) {
        const State state = static_cast<State>(i);
        const int64_t count = rows[target][state];
        // What is UNCHANGED needs no row.
        if (counts[state] == count || (state == State::kUnchanged && counts[state] > count)) continue;
        judgement_.contradictions.push_back(absl::StrCat("run ", run.run_id, " at ", target, ": counts ",
                                                         counts[state], " ", StateName(state), ", has ",
                                                         count));
      }
    }
  }

  const Account& account_;
  const json& truth_;
  std::map<TargetKey, const sync::DeliveryDetail*> newest_;  // By file and target.
  std::map<TargetKey, const sync::Record*> newest_records_;
  absl::flat_hash_map<std::string, const sync::Run*> runs_;
  Judgement judgement_;
};

void PrintSome(std::ostream& out, absl::string_view what, const std::vector<std::string>& items) {
  out << ", " << what << " " << items.size();
  for (size_t i = 0; i < std::min(items.size(), kShown); ++i) out << "\n  " << items[i];
}

}  // namespace

absl::StatusOr<Account> AccountOf(sync::Store& store, std::vector<std::string> targets) {
  Account account{.targets = std::move(targets)};
  absl::Status read = ReadPages(
      std::function([&](const sync::Page& page) { return store.ListRuns({}, page); }),
      [](const sync::Run& run) { return run.run_id; }, &account.runs);
  account.runs.erase(std::remove_if(account.runs.begin(), account.runs.end(),
                                    [](const sync::Run& run) { return run.request.is_preview(); }),
                     account.runs.end());
  if (read.ok()) read = ReadDeliveries(store, account);
  if (read.ok()) read = ReadBaselines(store, account);
  if (!read.ok()) return read;
  read = ReadPages(
      std::function([&](const sync::Page& page) { return store.ListFiles({}, page); }),
      [](const sync::FileRow& row) { return row.file.file_id; }, &account.files);
  if (!read.ok()) return read;
  return account;
}

Judgement Judge(const Account& account, const json& truth) { return Comparison(account, truth).Judge(); }

std::map<TargetKey, const sync::Record*> NewestRecords(const Account& account) {
  std::map<TargetKey, const sync::Record*> newest;
  for (const sync::DeliveryDetail& detail : account.deliveries) {
    for (const sync::Record& record : detail.records) newest[{detail.delivery.target, record.key}] = &record;
  }
  return newest;
}

std::vector<Claim> ClaimsOf(const std::vector<sync::DeliveryDetail>& deliveries) {
  std::vector<Claim> claims;
  for (const sync::DeliveryDetail& detail : deliveries) {
    for (const sync::Record& record : detail.records) {
      if (!IsHeld(record.state)) continue;
      claims.push_back(
          {detail.delivery.target, record.key, record.value, detail.delivery.file_name, record.withdraws()});
    }
  }
  return claims;
}

std::vector<std::string> FalseClaims(const std::vector<Claim>& claims, const json& truth) {
  std::vector<std::string> wrong;
  for (const Claim& claim : claims) {
    const std::optional<std::string> held = HeldInstead(claim, truth);
    if (!held.has_value()) continue;
    wrong.push_back(absl::StrCat(claim.target, " ", claim.key, ": claimed ", claim.value, ", held ", *held));
  }
  return wrong;
}

int64_t NeedlessSecondEffects(const json& truth) {
  int64_t sum = 0;
  for (const json& totals : truth.at("totals")) sum += totals.at("needless_second_effects").get<int64_t>();
  return sum;
}

std::ostream& operator<<(std::ostream& out, const Judgement& judgement) {
  PrintSome(out << "records " << judgement.records.Total() << ", open " << judgement.records.Open(), "lost",
            judgement.lost);
  PrintSome(out, "false CONFIRMED", judgement.false_confirmed);
  out << ", needless second effects " << judgement.needless_second_effects;
  PrintSome(out, "contradictions", judgement.contradictions);
  return out;
}

}  // namespace satudata
