// The database fails while a run is under way: the run waits, goes on and ends right; and a stop in the
// middle of it ends in its time and loses nothing.
#include <string>

#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/integration/delivery/await.h"
#include "tests/integration/delivery/delivery_system.h"
#include "tests/integration/delivery/made_catalogue.h"
#include "tests/unit/server/store/faulty_disk.h"

namespace satudata {
namespace {

using store::Fault;
using store::FaultyDisk;

constexpr int kFiles = 300;

class OutageTest : public testing::Test {
 protected:
  OutageTest() : system_(SlowTarget(), testing::TempDir()) {
    system_.Import(MakeCatalogue({.files = kFiles}));
  }

  static simulator::Options SlowTarget() {
    simulator::Options options;
    options.splp.latency = absl::Milliseconds(10);
    return options;
  }
  uint64_t Applies() { return system_.simulator().truth().TotalsOf(simulator::System::kSplp).applies; }
  // A run of which a part is sent.
  std::string StartRun() {
    const auto run = system_.engine().StartRun(system_.SyncAll());
    EXPECT_TRUE(run.ok()) << run.status();
    Await([this] { return Applies() > kFiles / 10; });
    return run->run_id;
  }
  void ExpectAllIsWell(const sync::Run& run) {
    EXPECT_TRUE(sync::IsFinal(run.state));
    EXPECT_EQ(run.counts.at("splp")[sync::State::kConfirmed], kFiles);
    const Judgement judgement = system_.Judge();
    EXPECT_TRUE(judgement.Clean()) << judgement;
  }

  FaultyDisk disk_;  // Before the system, whose files it is to serve.
  DeliverySystem system_;
};

TEST_F(OutageTest, AFullDiskHoldsTheRunUpAndItEndsRight) {
  const std::string run_id = StartRun();
  disk_.FillUpAfter(10'000);
  Await([this] { return !system_.store().Healthy(); });
  // What was claimed before is answered; what cannot be claimed is not sent.
  Await([this] { return system_.engine().Targets().back().in_flight == 0; });
  const uint64_t sent = Applies();
  const int64_t refused = disk_.refused();
  Await([&] { return disk_.refused() > refused + 2; });
  EXPECT_EQ(Applies(), sent);
  EXPECT_LT(sent, kFiles);
  disk_.Fail(Fault::kNone);
  ExpectAllIsWell(system_.WatchToTheEnd(run_id));
}

TEST_F(OutageTest, ADiskThatCannotBeReadIsNoReasonForARunToFail) {
  disk_.Fail(Fault::kRead);
  // Some connection finds what it needs in its memory; another one cannot begin.
  const auto run = system_.engine().StartRun(system_.SyncAll());
  if (run.ok()) absl::SleepFor(absl::Milliseconds(200));
  disk_.Fail(Fault::kNone);
  const auto again = run.ok() ? run : system_.engine().StartRun(system_.SyncAll());
  ASSERT_TRUE(again.ok()) << again.status();
  ExpectAllIsWell(system_.WatchToTheEnd(again->run_id));
}

TEST_F(OutageTest, AStopInTimeLeavesNothingInDoubt) {
  const std::string run_id = StartRun();
  system_.store().GiveUpAfter(kPatience);
  system_.engine().Shutdown(kPatience);
  ASSERT_TRUE(system_.store().Close().ok());
  const uint64_t sent = Applies();
  EXPECT_LT(sent, kFiles);
  int confirmed = 0;
  for (const sync::DeliveryDetail& item : system_.Deliveries(run_id)) {
    if (item.delivery.target != "splp") continue;
    EXPECT_THAT(item.delivery.state, testing::AnyOf(sync::State::kConfirmed, sync::State::kQueued))
        << sync::StateName(item.delivery.state);
    confirmed += item.delivery.state == sync::State::kConfirmed ? 1 : 0;
  }
  EXPECT_EQ(confirmed, sent) << "what was on its way has ended";
  system_.Restart();
  ExpectAllIsWell(system_.WatchToTheEnd(run_id));
}

TEST_F(OutageTest, AStopDuringAnOutageEndsInItsTimeAndNothingIsLost) {
  constexpr absl::Duration kGrace = absl::Milliseconds(300);
  const std::string run_id = StartRun();
  disk_.Fail(Fault::kWrite);
  Await([this] { return !system_.store().Healthy(); });
  const absl::Time start = absl::Now();
  system_.store().GiveUpAfter(kGrace);
  system_.engine().Shutdown(kGrace);
  EXPECT_FALSE(system_.store().Close().ok());
  EXPECT_LT(absl::Now() - start, kGrace + absl::Seconds(2));
  disk_.Fail(Fault::kNone);
  system_.Restart();
  ExpectAllIsWell(system_.WatchToTheEnd(run_id));
}

}  // namespace
}  // namespace satudata
