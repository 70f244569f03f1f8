// What people do to runs, against what the simulator really holds.
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gtest/gtest.h"
#include "tests/integration/delivery/await.h"
#include "tests/integration/delivery/delivery_system.h"
#include "tests/integration/delivery/made_catalogue.h"

namespace satudata {
namespace {

using sync::State;

constexpr int kFiles = 200;

class RunsTest : public testing::Test {
 protected:
  static simulator::Options With(std::vector<simulator::NamedRate> quirks, absl::Duration latency) {
    simulator::Options options;
    options.quirks = std::move(quirks);
    options.hold = absl::Minutes(5);
    options.splp.latency = latency;
    return options;
  }
  static uint64_t Applies(DeliverySystem& system) {
    return system.simulator().truth().TotalsOf(simulator::System::kSplp).applies;
  }
  static sync::StateCounts Counts(DeliverySystem& system, const std::string& run_id) {
    return system.store().GetRun(run_id)->Counts();
  }
};

// Deadlines that no test could wait for: only the cancel itself ends the requests.
TEST_F(RunsTest, ACancelEndsRequestsThatHangAndTellsTheTruthAboutThem) {
  DeliverySystem system(With({{"splp/hang-after", 1.0}}, absl::ZeroDuration()), testing::TempDir(),
                        {.request_deadline = absl::Minutes(5), .confirm_wait = absl::Minutes(5)});
  system.Import(MakeCatalogue({.files = kFiles}));
  const auto run = system.engine().StartRun(system.SyncAll());
  ASSERT_TRUE(run.ok()) << run.status();
  Await([&] { return Applies(system) >= 1; });
  const absl::Time begin = absl::Now();
  ASSERT_TRUE(system.engine().CancelRun(run->run_id).ok());
  const sync::Run ended = system.WatchToTheEnd(run->run_id);
  RecordProperty("cancel_ms", absl::StrCat(absl::ToInt64Milliseconds(absl::Now() - begin)));
  EXPECT_LT(absl::Now() - begin, absl::Seconds(10));
  EXPECT_EQ(ended.state, sync::RunState::kCancelled);
  Await([&] { return Counts(system, run->run_id).Open() == 0; });  // Each is read back.
  EXPECT_EQ(static_cast<uint64_t>(Counts(system, run->run_id)[State::kConfirmed]), Applies(system));
  EXPECT_EQ(Counts(system, run->run_id)[State::kCancelled] + Counts(system, run->run_id)[State::kConfirmed],
            kFiles);
  const Judgement judgement = system.Judge();
  EXPECT_TRUE(judgement.Clean()) << judgement;
}

TEST_F(RunsTest, ACancelOutlivesTheProcess) {
  DeliverySystem system(With({}, absl::Milliseconds(20)), testing::TempDir());
  system.Import(MakeCatalogue({.files = kFiles}));
  const auto run = system.engine().StartRun(system.SyncAll());
  ASSERT_TRUE(run.ok()) << run.status();
  Await([&] { return Applies(system) >= 10; });
  ASSERT_TRUE(system.engine().CancelRun(run->run_id).ok());
  system.Restart();
  EXPECT_EQ(system.WatchToTheEnd(run->run_id).state, sync::RunState::kCancelled);
  Await([&] { return Counts(system, run->run_id).Open() == 0; });
  EXPECT_LT(Applies(system), static_cast<uint64_t>(kFiles));
  EXPECT_EQ(static_cast<uint64_t>(Counts(system, run->run_id)[State::kConfirmed]), Applies(system));
  const Judgement judgement = system.Judge();
  EXPECT_TRUE(judgement.Clean()) << judgement;
}

TEST_F(RunsTest, ARetrySendsWhatWasRefusedAndNothingTwice) {
  DeliverySystem system(With({{"sipd/row-refused", 0.3}}, absl::ZeroDuration()), testing::TempDir());
  system.Import(MakeCatalogue({.files = kFiles, .with_values = true}));
  const sync::Run first = system.RunToTheEnd(system.SyncAll());
  const int64_t refused = first.Counts()[State::kRejected];
  ASSERT_GT(refused, 0);
  system.simulator().quirks().Clear();
  const sync::Run retry = system.RunToTheEnd({.kind = sync::RunKind::kRetry,
                                              .retry_of = first.run_id,
                                              .include_rejected = true,
                                              .requested_by = "tester"});
  EXPECT_EQ(retry.Counts()[State::kConfirmed], refused);
  EXPECT_EQ(retry.Counts().Total(), refused);
  const Judgement judgement = system.Judge();
  EXPECT_TRUE(judgement.Clean()) << judgement;
}

TEST_F(RunsTest, TheGuardLetsNothingThrough) {
  DeliverySystem system(With({}, absl::ZeroDuration()), testing::TempDir());
  system.Import(MakeCatalogue({.files = kFiles}));
  ASSERT_EQ(system.RunToTheEnd(system.SyncAll()).counts.at("splp")[State::kConfirmed], kFiles);
  system.Import(MakeCatalogue({.files = kFiles, .renamed = kFiles / 2}));
  const uint64_t applies = Applies(system);
  const sync::Run run = system.RunToTheEnd(system.SyncAll());
  EXPECT_EQ(run.state, sync::RunState::kFailed);
  EXPECT_EQ(run.failure.reason, catalog::Reason::kMassChange);
  EXPECT_EQ(run.failure.args.at("changed"), absl::StrCat(kFiles / 2));
  EXPECT_EQ(Applies(system), applies);
  sync::SyncRequest allowed = system.SyncAll();
  allowed.allow_mass_change = true;
  EXPECT_EQ(system.RunToTheEnd(allowed).counts.at("splp")[State::kConfirmed], kFiles / 2);
  EXPECT_EQ(Applies(system), applies + kFiles / 2);
  const Judgement judgement = system.Judge();
  EXPECT_TRUE(judgement.Clean()) << judgement;
}

}  // namespace
}  // namespace satudata
