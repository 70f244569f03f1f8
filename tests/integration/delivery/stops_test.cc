// An engine that ends and begins again and again within one process, at moments of chance: its threads are
// joined, whatever they were at, and the next one finds all that was there.
#include <cstdlib>
#include <iostream>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/integration/delivery/await.h"
#include "tests/integration/delivery/delivery_system.h"
#include "tests/integration/delivery/made_catalogue.h"

namespace satudata {
namespace {

using sync::State;

constexpr int kFiles = 60;
constexpr int kStops = 12;

simulator::Options LateAndForgetful() {
  simulator::Options options;
  for (simulator::SystemOptions* limits : {&options.splp, &options.sipd})
    limits->latency = absl::Milliseconds(5);
  options.hold = absl::Milliseconds(500);
  options.late_min = absl::Milliseconds(100);
  options.late_max = absl::Milliseconds(500);
  options.quirks = {{"reset-after", 0.1}, {"hang-after", 0.05}, {"row-late", 0.2}};
  return options;
}

uint64_t Seed() {
  uint64_t seed = 0;
  const char* given = std::getenv("SATUDATA_KILL_SEED");
  return given != nullptr && absl::SimpleAtoi(given, &seed) ? seed : std::random_device()();
}

TEST(StopsTest, AnEngineMayEndAtAnyMoment) {
  const uint64_t seed = Seed();
  std::cout << "SATUDATA_KILL_SEED=" << seed << std::endl;
  std::mt19937_64 dice(seed);
  DeliverySystem system(LateAndForgetful(), testing::TempDir(),
                        {.request_deadline = absl::Milliseconds(300), .settle_time = absl::Seconds(1)},
                        QuickEngine());
  system.Import(MakeCatalogue({.files = kFiles, .with_values = true}));
  std::string last;
  for (int i = 0; i < kStops; ++i) {
    const int64_t begin = system.RequestCount("splp.post");
    // Where one is still active, that is the one to be in the middle of.
    const auto run = system.engine().StartRun(system.SyncAll());
    if (run.ok()) last = run->run_id;
    std::vector<std::unique_ptr<sync::RunWatch>> watches;
    for (int k = 0; run.ok() && k < 3; ++k) watches.push_back(*system.engine().Watch(run->run_id, 0));
    const int64_t moment = begin + std::uniform_int_distribution<int64_t>(0, kFiles / kStops)(dice);
    const absl::Time latest = absl::Now() + absl::Milliseconds(500);
    Await([&] { return system.RequestCount("splp.post") >= moment || absl::Now() > latest; });
    watches.clear();
    system.Restart();
  }
  system.WatchToTheEnd(last);
  system.RunToTheEnd(system.SyncAll());
  const Judgement judgement = system.JudgeAtRest();
  EXPECT_TRUE(judgement.Clean()) << judgement;
  const sync::StateCounts& records = judgement.records;
  EXPECT_EQ(records[State::kConfirmed] + records[State::kUnchanged], 2 * kFiles);
}

}  // namespace
}  // namespace satudata
