// File: judge.h
//
// Holds everything the service claims (records, deliveries, the files' standing, baselines) against what the
// simulator really holds. Whoever tests a claim about delivery uses this one: make an Account of the claims
// (AccountOf reads it out of a store, be it a running one or one that a killed server left behind), take the
// truth (Truth::Json in the same process, GET /admin/truth of another), and Judge.
//
// Ask it when nothing is on its way any more: it compares one moment with another. Functions without state;
// any thread.
#ifndef TESTS_INTEGRATION_DELIVERY_JUDGE_H_
#define TESTS_INTEGRATION_DELIVERY_JUDGE_H_

#include <cstdint>
#include <map>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "nlohmann/json.hpp"
#include "server/sync/run.h"
#include "server/sync/store.h"

namespace satudata {

// A record that the service says is at a target.
struct Claim {
  std::string target;
  std::string key;
  std::string value;       // Of an indicator; empty for a dataset.
  std::string file_name;   // Of a dataset: the name it must have there. Empty: not compared.
  bool withdrawn = false;  // The target is told that the indicator does not apply, whatever value it holds.
};

// Everything that is claimed.
struct Account {
  std::vector<std::string> targets;
  std::vector<sync::Run> runs;                   // Newest first, without previews: these claim nothing.
  std::vector<sync::DeliveryDetail> deliveries;  // Of all runs, oldest first; without attempts.
  std::vector<sync::FileRow> files;              // Every file, with its standing at each target.
  std::vector<sync::Baseline> baselines;
};

// Reads all of it; takes about a second for 10,000 records.
absl::StatusOr<Account> AccountOf(sync::Store& store, std::vector<std::string> targets);

// (target, record key).
using TargetKey = std::pair<std::string, std::string>;

struct Judgement {
  // Verified files of which nobody can say what became of them, and records that nothing will ever happen to.
  std::vector<std::string> lost;
  // Records, deliveries, standings and baselines that claim what the target does not hold.
  std::vector<std::string> false_confirmed;
  // Applies of the same value to the same key after the first had succeeded.
  int64_t needless_second_effects = 0;
  // Claims that do not agree among themselves: a delivery and its records, a file's standing and its
  // delivery, a run's counts and its deliveries.
  std::vector<std::string> contradictions;
  // The newest claim about each record, counted by state; what is open is neither lost nor false.
  sync::StateCounts records;

  bool Clean() const {
    return lost.empty() && false_confirmed.empty() && needless_second_effects == 0 && contradictions.empty();
  }
};
// The figures, and the first few of each kind.
std::ostream& operator<<(std::ostream& out, const Judgement& judgement);

// `truth` as /admin/truth gives it.
Judgement Judge(const Account& account, const nlohmann::json& truth);

// The parts, for tests that ask for one thing only.

// What the newest delivery of each record says of it.
std::map<TargetKey, const sync::Record*> NewestRecords(const Account& account);
// CONFIRMED and UNCHANGED records of `deliveries`.
std::vector<Claim> ClaimsOf(const std::vector<sync::DeliveryDetail>& deliveries);
// Those that the simulator does not hold with that very value, as text.
std::vector<std::string> FalseClaims(const std::vector<Claim>& claims, const nlohmann::json& truth);
int64_t NeedlessSecondEffects(const nlohmann::json& truth);

}  // namespace satudata

#endif  // TESTS_INTEGRATION_DELIVERY_JUDGE_H_
