// Somebody sets the wall clock while the service works, by days and by hours, forwards and back: nothing is
// sent twice for it, nothing is waited for that long, and what is newer still sorts after what is older.
#include "absl/time/clock.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/integration/delivery/await.h"
#include "tests/integration/delivery/delivery_system.h"
#include "tests/integration/delivery/made_catalogue.h"

namespace satudata {
namespace {

constexpr int kFiles = 120;

class ClockTest : public testing::Test {
 protected:
  ClockTest() : system_(FaultyTarget(), testing::TempDir()) {
    system_.Import(MakeCatalogue({.files = kFiles}));
  }

  // It refuses for speed and says for how many seconds; and now and then its answer is lost.
  static simulator::Options FaultyTarget() {
    simulator::Options options;
    options.splp.latency = absl::Milliseconds(5);
    options.splp.quota = 60;
    options.quota_hint = simulator::QuotaHint::kSeconds;
    options.quirks = {{"reset-after", 0.05}};
    return options;
  }
  uint64_t Applies() { return system_.simulator().truth().TotalsOf(simulator::System::kSplp).applies; }
  std::string StartRun(uint64_t until_applies) {
    const auto run = system_.engine().StartRun(system_.SyncAll());
    EXPECT_TRUE(run.ok()) << run.status();
    Await([&] { return Applies() >= until_applies; });
    return run->run_id;
  }
  void ExpectAllIsWell(const sync::Run& run) {
    EXPECT_EQ(run.counts.at("splp")[sync::State::kConfirmed], kFiles);
    const Judgement judgement = system_.Judge();
    EXPECT_TRUE(judgement.Clean()) << judgement;
  }

  DeliverySystem system_;
};

TEST_F(ClockTest, AJumpWhileItRunsChangesNothing) {
  const absl::Time start = absl::Now();
  const std::string run_id = StartRun(20);
  system_.clock().Shift(absl::Hours(72));
  Await([this] { return Applies() >= 60; });
  system_.clock().Shift(-absl::Hours(5));
  const sync::Run run = system_.WatchToTheEnd(run_id);
  ExpectAllIsWell(run);
  EXPECT_GE(*run.start_time, run.create_time);
  EXPECT_GE(*run.end_time, *run.start_time);
  EXPECT_LT(absl::Now() - start, kPatience);
}

TEST_F(ClockTest, AJumpBetweenTwoProcessesChangesNothing) {
  const std::string run_id = StartRun(20);
  system_.clock().Shift(absl::Hours(72));
  system_.Restart();
  Await([this] { return Applies() >= 60; });
  system_.clock().Shift(-absl::Hours(5));
  system_.Restart();
  ExpectAllIsWell(system_.WatchToTheEnd(run_id));
}

TEST_F(ClockTest, WhatIsNewerSortsAfterWhatIsOlder) {
  system_.clock().Shift(absl::Hours(48));
  const std::string first = system_.RunToTheEnd(system_.SyncAll()).run_id;
  system_.clock().Shift(-absl::Hours(48));
  system_.Restart();
  system_.Import(MakeCatalogue({.files = kFiles, .renamed = kFiles}));
  sync::SyncRequest again = system_.SyncAll();
  again.allow_mass_change = true;
  const sync::Run second = system_.RunToTheEnd(again);
  ExpectAllIsWell(second);
  const auto runs = system_.store().ListRuns({}, {});
  ASSERT_TRUE(runs.ok()) << runs.status();
  ASSERT_EQ(runs->size(), 2U);
  EXPECT_EQ(runs->front().run_id, second.run_id) << "newest first";
  EXPECT_GT(second.run_id, first);
}

}  // namespace
}  // namespace satudata
