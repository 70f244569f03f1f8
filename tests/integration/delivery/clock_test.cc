// Somebody sets the wall clock while the service works, by days and by hours, forwards and back: nothing is
// sent twice for it, nothing is waited for that long, and what is newer still sorts after what is older.
#include "absl/time/clock.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/integration/delivery/delivery_system.h"

namespace satudata {
namespace {

constexpr int kFiles = 120;
constexpr absl::Duration kPatience = absl::Seconds(60);

template <typename Condition>
void Await(const Condition& condition) {
  const absl::Time give_up = absl::Now() + kPatience;
  while (!condition() && absl::Now() < give_up) absl::SleepFor(absl::Milliseconds(1));
  ASSERT_TRUE(condition());
}

class ClockTest : public testing::Test {
 protected:
  ClockTest() : system_(FaultyTarget(), testing::TempDir()) { Import("first"); }

  // It refuses for speed and says for how many seconds; and now and then its answer is lost.
  static simulator::Options FaultyTarget() {
    simulator::Options options;
    options.splp.latency = absl::Milliseconds(5);
    options.splp.quota = 60;
    options.quota_hint = simulator::QuotaHint::kSeconds;
    options.quirks = {{"reset-after", 0.05}};
    return options;
  }
  void Import(const std::string& name) {
    std::vector<catalog::FileWithValues> files;
    for (int i = 0; i < kFiles; ++i) {
      const std::string id = absl::StrCat("file-", i);
      files.push_back({.file = {.file_id = id,
                                .name = absl::StrCat("Dataset ", i, " ", name),
                                .theme = "Kesehatan",
                                .producer = "Dinas Kesehatan",
                                .coverage = "Kecamatan",
                                .frequency = "Tahunan",
                                .dimension = "Jenis",
                                .file_name = id + ".csv",
                                .file_type = "csv",
                                .verification = catalog::Verification::kVerified}});
    }
    system_.Import(std::move(files));
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
  Import("second");
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
