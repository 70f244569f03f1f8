// File: delivery_system.h
//
// The service without its gRPC edge: catalogue, store on disk, engine and the real targets, against a
// simulator in the same process that keeps the truth. For tests that hold every claim against it.
#ifndef TESTS_INTEGRATION_DELIVERY_DELIVERY_SYSTEM_H_
#define TESTS_INTEGRATION_DELIVERY_DELIVERY_SYSTEM_H_

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "nlohmann/json.hpp"
#include "server/catalog/catalog.h"
#include "server/catalog/content_source.h"
#include "server/store/durable_store.h"
#include "server/sync/engine.h"
#include "server/sync/target.h"
#include "server/targets/token_source.h"
#include "tests/fakes/shifted_clock.h"
#include "tests/integration/delivery/judge.h"
#include "tests/simulator/simulator.h"

namespace satudata {

// Times in which a test can live: a request's effect shows within deadline + settle time, as the simulator
// promises.
struct DeliveryTimes {
  absl::Duration request_deadline = absl::Seconds(2);
  absl::Duration settle_time = absl::Seconds(1);
  absl::Duration confirm_wait = absl::Seconds(25);
  absl::Duration read_interval = absl::Milliseconds(200);
  double rate_limit = 0;  // Requests a second that each target is said to take; 0: nothing is said.
};

// How SPLP is spoken to.
enum class SplpProfile { kDatasetRest, kCkan };

// An engine that tries again after fractions of a second what others leave alone for minutes: a target that
// has recovered has everything within seconds.
sync::EngineOptions QuickEngine();

class DeliverySystem {
 public:
  // Where the simulator gives tokens, SPLP is reached with them. Dies if something cannot be set up.
  DeliverySystem(simulator::Options simulator_options, std::string content_dir, DeliveryTimes times = {},
                 sync::EngineOptions engine_options = {}, SplpProfile profile = SplpProfile::kDatasetRest);
  ~DeliverySystem();

  // The engine's process ends, requests under way and all, and a new one begins on the same database.
  // `between` is called while there is none.
  void Restart(const std::function<void()>& between = [] {});
  std::string database_url() const;

  // Imports an export; the lines that were refused, with their reasons.
  std::map<int64_t, catalog::Reason> Import(absl::string_view json);
  void Import(std::vector<catalog::FileWithValues> files);

  sync::SyncRequest SyncAll(std::vector<std::string> targets = {"sipd", "splp"}) const;
  // Waits for the end of the run, following it as a client would.
  sync::Run RunToTheEnd(sync::SyncRequest request);
  sync::Run WatchToTheEnd(const std::string& run_id);

  std::vector<sync::DeliveryDetail> Deliveries(const std::string& run_id);
  // Everything that is claimed now, against what the simulator holds now.
  Judgement Judge();
  // The same once nothing is on its way: what an ended run left in doubt may be read back and sent again at
  // any time, and is then neither lost nor at rest. Waits up to a minute for that; a false claim is told at
  // once.
  Judgement JudgeAtRest();

  // What the simulator counts, as GET /admin/stats.
  nlohmann::json Stats() const;
  // The requests that the simulator remembers, newest first, as GET /admin/requests.
  nlohmann::json Requests() const;
  // Requests that the simulator has had for an operation, e.g. `sipd.push_dssd`.
  int64_t RequestCount(const std::string& operation) const;

  simulator::Simulator& simulator() { return *simulator_; }
  sync::Engine& engine() { return *engine_; }
  store::DurableStore& store() { return *store_; }
  catalog::Catalog& catalog() { return *catalog_; }
  fakes::ShiftedClock& clock() { return clock_; }

 private:
  void Open();
  void Close();
  std::unique_ptr<sync::Target> MakeSipd();
  std::unique_ptr<sync::Target> MakeSplp();
  std::unique_ptr<sync::Target> MakeCkan();
  void SetTimes(sync::TargetTraits& traits) const;
  std::unique_ptr<targets::TokenSource> MakeTokens();

  const simulator::Options simulator_options_;
  const std::string content_dir_;
  const DeliveryTimes times_;
  const sync::EngineOptions engine_options_;
  const SplpProfile profile_;
  catalog::DirectoryContentSource contents_;
  std::filesystem::path directory_;
  fakes::ShiftedClock clock_;
  sync::NullObserver observer_;
  std::unique_ptr<simulator::Simulator> simulator_;
  std::unique_ptr<sync::Target> sipd_;
  std::unique_ptr<sync::Target> splp_;
  std::unique_ptr<store::DurableStore> store_;
  std::unique_ptr<catalog::Catalog> catalog_;
  std::unique_ptr<sync::Engine> engine_;
};

// The whole file; dies if it cannot be read.
std::string ReadFileOrDie(const std::string& path);

}  // namespace satudata

#endif  // TESTS_INTEGRATION_DELIVERY_DELIVERY_SYSTEM_H_
