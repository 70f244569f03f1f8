// The database fails while a run is under way: the run waits, goes on and ends right; and a stop in the
// middle of it ends in its time and loses nothing.
#include <set>
#include <string>
#include <variant>

#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/base/clock.h"
#include "server/store/durable_store.h"
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
  auto sent = Applies() - 1;
  for (int look = 0; look < 20 && Applies() != sent; ++look) {
    sent = Applies();
    const int64_t refused = disk_.refused();
    Await([&] { return disk_.refused() > refused + 2; });
  }
  EXPECT_EQ(Applies(), sent);
  EXPECT_LT(sent, kFiles);
  disk_.Fail(Fault::kNone);
  ExpectAllIsWell(system_.WatchToTheEnd(run_id));
}

// Deliveries that a watch has called CONFIRMED up to now.
std::set<std::string> ToldConfirmed(sync::RunWatch& watch) {
  std::set<std::string> told;
  while (true) {
    const auto batch = watch.Read(256);
    EXPECT_TRUE(batch.ok()) << batch.status();
    if (!batch.ok() || batch->events.empty()) return told;
    for (const sync::RunEvent& event : batch->events) {
      const auto* delivery = std::get_if<sync::Delivery>(&event.event);
      if (delivery != nullptr && delivery->state == sync::State::kConfirmed)
        told.insert(delivery->delivery_id);
    }
  }
}

std::set<std::string> StoredConfirmed(const std::string& database_url, const std::string& run_id) {
  base::SystemClock clock;
  const auto store = store::OpenStore({.database_url = database_url}, clock);
  EXPECT_TRUE(store.ok()) << store.status();
  std::set<std::string> stored;
  const auto rows = (*store)->ListDeliveries({.run_id = run_id}, {.limit = 2 * kFiles});
  EXPECT_TRUE(rows.ok()) << rows.status();
  for (const sync::Delivery& delivery : *rows) {
    if (delivery.state == sync::State::kConfirmed) stored.insert(delivery.delivery_id);
  }
  return stored;
}

TEST_F(OutageTest, AFullDiskLetsNothingBeToldThatIsNotStored) {
  const auto run = system_.engine().StartRun(system_.SyncAll());
  ASSERT_TRUE(run.ok()) << run.status();
  auto watch = system_.engine().Watch(run->run_id, 0);
  ASSERT_TRUE(watch.ok()) << watch.status();
  (*watch)->SetWaker([] {});
  Await([this] { return Applies() > kFiles / 10; });
  disk_.FillUpAfter(10'000);
  Await([this] { return !system_.store().Healthy(); });
  Await([this] { return system_.engine().Targets().back().in_flight == 0; });
  const std::set<std::string> told = ToldConfirmed(**watch);
  watch->reset();
  const uint64_t applied = Applies();
  EXPECT_LT(told.size(), applied) << "what arrived while nothing could be stored";
  system_.store().GiveUpAfter(absl::ZeroDuration());
  system_.Restart([&] {
    disk_.Fail(Fault::kNone);
    EXPECT_EQ(StoredConfirmed(system_.database_url(), run->run_id), told);
  });
  ExpectAllIsWell(system_.WatchToTheEnd(run->run_id));
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
