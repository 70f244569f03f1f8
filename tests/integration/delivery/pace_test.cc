// A target that counts requests, as gateways do, and refuses each one too many: by its own count nothing of
// ours is.
#include <filesystem>
#include <fstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gtest/gtest.h"
#include "server/base/random.h"
#include "tests/integration/delivery/await.h"
#include "tests/integration/delivery/delivery_system.h"
#include "tests/integration/delivery/made_catalogue.h"

namespace satudata {
namespace {

using sync::State;

constexpr double kRate = 10;
// What a busy machine may hold up, and no more: over any time the simulator takes this and the rate.
constexpr double kBurst = 4;

class PaceTest : public testing::Test {
 protected:
  PaceTest()
      : content_(std::filesystem::temp_directory_path() / absl::StrCat("pace-", base::NewUuid())),
        times_{.request_deadline = absl::Seconds(30), .confirm_wait = absl::Minutes(2), .rate_limit = kRate} {
    std::filesystem::create_directories(content_);
  }
  ~PaceTest() override { std::filesystem::remove_all(content_); }

  static simulator::Options CountingOptions() {
    simulator::Options options;
    options.splp.quota = options.sipd.quota = kRate;
    options.splp.quota_burst = options.sipd.quota_burst = kBurst;
    return options;
  }
  void WriteContents(int files) const {
    for (int i = 0; i < files; ++i) {
      std::ofstream(content_ / absl::StrCat("file-", i, ".csv"))
          << "kecamatan;jumlah\nTalang Ubi;" << i << "\n";
    }
  }

  const std::filesystem::path content_;
  const DeliveryTimes times_;
};

TEST_F(PaceTest, ADatasetWithItsFileIsFourRequests) {
  constexpr int kFiles = 6;
  WriteContents(kFiles);
  DeliverySystem system(CountingOptions(), content_.string(), times_, QuickEngine(), SplpProfile::kCkan);
  system.Import(MakeCatalogue({.files = kFiles}));
  const absl::Time begin = absl::Now();
  const sync::Run run = system.RunToTheEnd(system.SyncAll({"splp"}));
  const double seconds = absl::ToDoubleSeconds(absl::Now() - begin);
  EXPECT_EQ(run.Counts()[State::kConfirmed], kFiles);
  const nlohmann::json stats = system.Stats();
  EXPECT_EQ(stats["refused_by_quota"], 0) << stats;
  EXPECT_EQ(system.RequestCount("splp.package_create"), kFiles);
  EXPECT_EQ(system.RequestCount("splp.resource_create"), kFiles);
  EXPECT_GE(stats["requests"], 4 * kFiles);
  EXPECT_LE(stats["requests"].get<double>(), kRate * seconds + kBurst);
  EXPECT_TRUE(system.JudgeAtRest().Clean());
}

TEST_F(PaceTest, ReferenceListsTablesAndReadBacksCountAsWell) {
  DeliverySystem system(CountingOptions(), content_.string(), times_, QuickEngine());
  system.Import(MakeCatalogue({.files = 20, .with_values = true}));
  const sync::Run run = system.RunToTheEnd(system.SyncAll());
  EXPECT_EQ(run.Counts()[State::kConfirmed], 40);
  EXPECT_EQ(system.Stats()["refused_by_quota"], 0) << system.Stats();
  EXPECT_TRUE(system.JudgeAtRest().Clean());
}

TEST_F(PaceTest, AChecksRequestIsPaidForByThoseAfterIt) {
  WriteContents(4);
  DeliverySystem system(CountingOptions(), content_.string(), times_, QuickEngine(), SplpProfile::kCkan);
  system.Import(MakeCatalogue({.files = 4}));
  const auto run = system.engine().StartRun(system.SyncAll({"splp"}));
  ASSERT_TRUE(run.ok()) << run.status();
  for (int i = 1; i <= 3; ++i) {
    Await([&] { return system.RequestCount("splp.package_create") >= i; });
    EXPECT_TRUE(system.engine().CheckTarget("splp")->healthy);
  }
  EXPECT_EQ(system.WatchToTheEnd(run->run_id).Counts()[State::kConfirmed], 4);
  EXPECT_EQ(system.Stats()["refused_by_quota"], 0) << system.Stats();
}

TEST_F(PaceTest, ACancelDoesNotWaitForTheTurnsOfWhatIsCancelled) {
  WriteContents(3);
  simulator::Options options;
  DeliveryTimes slow = times_;
  slow.rate_limit = 0.1;
  slow.request_deadline = absl::Minutes(5);
  DeliverySystem system(options, content_.string(), slow, QuickEngine(), SplpProfile::kCkan);
  system.Import(MakeCatalogue({.files = 3}));
  const auto run = system.engine().StartRun(system.SyncAll({"splp"}));
  ASSERT_TRUE(run.ok()) << run.status();
  Await([&] { return system.RequestCount("splp.package_show") >= 1; });
  const absl::Time begin = absl::Now();
  ASSERT_TRUE(system.engine().CancelRun(run->run_id).ok());
  EXPECT_EQ(system.WatchToTheEnd(run->run_id).state, sync::RunState::kCancelled);
  EXPECT_LT(absl::Now() - begin, absl::Seconds(5));
  EXPECT_EQ(system.RequestCount("splp.package_create"), 0);
}

}  // namespace
}  // namespace satudata
