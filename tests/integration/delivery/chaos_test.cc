// Each target at its worst in one way at a time, then healed: everything arrives by itself, nothing twice,
// and at no time is anything claimed that is not so.
#include <algorithm>
#include <iostream>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "tests/integration/delivery/await.h"
#include "tests/integration/delivery/delivery_system.h"
#include "tests/integration/delivery/made_catalogue.h"
#include "tests/simulator/gateway.h"

namespace satudata {
namespace {

using simulator::NamedRate;
using simulator::System;
using sync::State;

constexpr int kFiles = 40;

struct Fault {
  const char* name;
  std::vector<NamedRate> quirks;
  int splp = 15;  // So many befallen are enough, at each.
  int sipd = 4;   // It is asked for little, since in batches.
};

void PrintTo(const Fault& fault, std::ostream* out) { *out << fault.name; }

// What a request's effect may take, as the simulator promises, with room for a busy machine.
DeliveryTimes ChaosTimes() {
  return {.request_deadline = absl::Seconds(1),
          .settle_time = absl::Seconds(1),
          .confirm_wait = absl::Seconds(60),
          .read_interval = absl::Milliseconds(100)};
}

simulator::Options ChaosOptions() {
  simulator::Options options;
  options.hold = absl::Milliseconds(1500);
  options.drip_interval = absl::Milliseconds(20);
  options.late_min = absl::Milliseconds(200);
  options.late_max = absl::Milliseconds(1200);
  options.slow = absl::Milliseconds(500);
  options.throttle_wait = absl::Seconds(1);
  return options;
}

class Chaos : public testing::Test {
 protected:
  explicit Chaos(simulator::Options options = ChaosOptions())
      : system_(std::move(options), testing::TempDir(), ChaosTimes(), QuickEngine()) {
    system_.Import(MakeCatalogue({.files = kFiles, .with_values = true}));
  }

  std::string StartRun() {
    const auto run = system_.engine().StartRun(system_.SyncAll());
    EXPECT_TRUE(run.ok()) << run.status();
    return run.ok() ? run->run_id : "";
  }
  sync::StateCounts Counts(const std::string& run_id) { return system_.store().GetRun(run_id)->Counts(); }
  bool HasAll(const std::string& run_id, const std::string& target) {
    return system_.store().GetRun(run_id)->counts[target][State::kConfirmed] == kFiles;
  }
  int64_t Befallen(const std::string& target) {
    int64_t sum = 0;
    const nlohmann::json stats = system_.Stats();
    for (const auto& [operation, figures] : stats["operations"].items()) {
      if (operation.substr(0, 4) != target) continue;
      for (const auto& [quirk, count] : figures["quirks"].items()) sum += count.get<int64_t>();
    }
    return sum;
  }
  // Whatever is claimed in the middle of it is true.
  void ExpectTrueSoFar() {
    const Judgement judgement = system_.Judge();
    EXPECT_THAT(judgement.false_confirmed, testing::IsEmpty());
    EXPECT_EQ(judgement.needless_second_effects, 0);
  }
  void ExpectAllArrives(const std::string& run_id) {
    const absl::Time healed = absl::Now();
    for (const char* target : {"splp", "sipd"}) {
      Await([&] { return HasAll(run_id, target); }, target);
      std::cout << target << " has all after " << absl::Now() - healed << std::endl;
    }
    system_.WatchToTheEnd(run_id);
    const Judgement judgement = system_.Judge();
    EXPECT_TRUE(judgement.Clean()) << judgement;
  }

  DeliverySystem system_;
};

class ChaosTest : public Chaos, public testing::WithParamInterface<Fault> {};

TEST_P(ChaosTest, WhatRecoversHasEverythingByItself) {
  ASSERT_TRUE(system_.simulator().quirks().SetRates(GetParam().quirks).ok());
  const std::string run_id = StartRun();
  for (const auto& [target, enough] : {std::pair("splp", GetParam().splp), {"sipd", GetParam().sipd}}) {
    Await([&] { return Befallen(target) >= enough || HasAll(run_id, target); }, target);
    EXPECT_GT(Befallen(target), 0) << target;
  }
  ExpectTrueSoFar();
  system_.simulator().quirks().Clear();
  ExpectAllArrives(run_id);
}

// Rates are of what can be befallen: most requests, but not all, so that something always gets through half.
constexpr double kMost = 0.7;
constexpr double kHalfOfMost = kMost / 2;
// Each takes seconds.
constexpr int kFewThatHang = 5;
constexpr double kThirdOfMost = kMost / 3;

INSTANTIATE_TEST_SUITE_P(
    Faults, ChaosTest,
    testing::Values(
        Fault{"Drops", {{"hang-before", kMost}}, kFewThatHang},
        Fault{"ExecutesThenTimesOut", {{"hang-after", kMost}}, kFewThatHang},
        Fault{"ExecutesLateAfterTheTimeout", {{"hang-late", kMost}}, kFewThatHang},
        Fault{"Resets", {{"reset-before", kHalfOfMost}, {"reset-after", kHalfOfMost}}},
        Fault{"ServerErrors",
              {{"error-500-before", kHalfOfMost / 2},
               {"error-503-before", kHalfOfMost / 2},
               {"error-500-after", kHalfOfMost / 2},
               {"error-503-after", kHalfOfMost / 2}}},
        Fault{"ThrottlesWithoutAHint", {{"throttle-bare", kMost}}},
        Fault{"ThrottlesWithAHint",
              {{"throttle-seconds", kThirdOfMost},
               {"throttle-date", kThirdOfMost},
               {"throttle-next-access", kThirdOfMost}}},
        Fault{"ThrottlesWithStatus200", {{"throttle-200", kMost}}},
        Fault{"ErrorsInsideOf200",
              {{"status-error-200", kMost},
               {"sipd/no-commit", kHalfOfMost},
               {"sipd/no-log", kHalfOfMost},
               {"message-200", kMost}}},
        Fault{"RowsOfWhichItSaysNothingCertain",
              {{"row-no-line", kThirdOfMost},
               {"row-ok-and-error", kThirdOfMost},
               {"row-error-without-key", kThirdOfMost},
               {"wrong-id", kHalfOfMost},
               {"missing-id", kHalfOfMost}}},
        Fault{"MaintenancePages", {{"html-200", kMost}}}, Fault{"Firewall", {{"html-403", 1.0}}},
        Fault{"Drips", {{"drip", kMost}}, kFewThatHang},
        Fault{"NeverEnds", {{"endless", kMost}}, kFewThatHang},
        Fault{"AnswersTooMuch", {{"too-large", kMost}}}, Fault{"AnswersGarbage", {{"garbage", kMost}}},
        Fault{"Truncates", {{"truncated", kHalfOfMost}, {"cut-short", kHalfOfMost}}},
        Fault{"AcceptsAndAppliesLate", {{"row-late", kMost}, {"splp.post/hang-late", kMost}}, kFewThatHang}),
    [](const auto& info) { return info.param.name; });

class ChaosQuotaTest : public Chaos {
 protected:
  static constexpr double kQuota = 40;  // Requests a second; a bucket of a quarter of that.

  ChaosQuotaTest() : Chaos(WithQuota()) {}

  static simulator::Options WithQuota() {
    simulator::Options options = ChaosOptions();
    options.splp.quota = kQuota;
    return options;
  }
  uint64_t Applies() { return system_.simulator().truth().TotalsOf(System::kSplp).applies; }
};

TEST_F(ChaosQuotaTest, AQuotaThatHalvesIsFoundOutAndKept) {
  const std::string run_id = StartRun();
  Await([this] { return Applies() >= kFiles / 2; });
  system_.simulator().gateway().SetQuota(System::kSplp, kQuota / 2);
  ExpectAllArrives(run_id);
  const nlohmann::json posts = system_.Stats()["operations"]["splp.post"];
  const int64_t refused = posts["refused"].value("quota", 0);
  std::cout << refused << " of " << posts["requests"] << " refused" << std::endl;
  // What a second teaches of a rate depends on how its requests fall: from a third of them up to one each.
  EXPECT_LT(refused, 2 * kFiles) << "it is not asked again and again";
}

}  // namespace
}  // namespace satudata
