// An operator pauses a target in the middle of a run and lets it go on: in between it hears nothing of us.
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/integration/delivery/await.h"
#include "tests/integration/delivery/delivery_system.h"
#include "tests/integration/delivery/made_catalogue.h"

namespace satudata {
namespace {

using sync::State;

constexpr int kFiles = 150;

class PauseTest : public testing::Test {
 protected:
  PauseTest() : system_(SlowTargets(), testing::TempDir()) {
    system_.Import(MakeCatalogue({.files = kFiles, .with_values = true}));
  }

  static simulator::Options SlowTargets() {
    simulator::Options options;
    options.splp.latency = absl::Milliseconds(10);
    return options;
  }
  uint64_t Applies() { return system_.simulator().truth().TotalsOf(simulator::System::kSplp).applies; }
  int64_t Requests() { return system_.RequestCount("splp.post") + system_.RequestCount("splp.get"); }
  sync::TargetStatus Splp() { return system_.engine().Targets().back(); }
  std::string StartRun() {
    const auto run = system_.engine().StartRun(system_.SyncAll({"splp"}));
    EXPECT_TRUE(run.ok()) << run.status();
    Await([this] { return Applies() >= kFiles / 10; });
    return run->run_id;
  }
  void Pause() {
    const auto paused = system_.engine().PauseTarget("splp", "siti", "pemeliharaan");
    ASSERT_TRUE(paused.ok()) << paused.status();
    EXPECT_EQ(paused->pause.paused_by, "siti");
    Await([this] { return Splp().in_flight == 0; });  // What was on its way is answered.
  }
  void ExpectAllArrives(const std::string& run_id) {
    Await([&] { return system_.store().GetRun(run_id)->OpenCount() == 0; });
    const sync::StateCounts counts = system_.store().GetRun(run_id)->counts.at("splp");
    EXPECT_EQ(counts[State::kConfirmed] + counts[State::kUnchanged], kFiles);
    const Judgement judgement = system_.Judge();
    EXPECT_TRUE(judgement.false_confirmed.empty() && judgement.contradictions.empty()) << judgement;
    EXPECT_EQ(judgement.needless_second_effects, 0);
    EXPECT_EQ(Applies(), static_cast<uint64_t>(kFiles));
  }

  DeliverySystem system_;
};

TEST_F(PauseTest, APausedTargetHearsNothingUntilItIsResumed) {
  const std::string run_id = StartRun();
  Pause();
  const int64_t requests = Requests();
  const sync::Run ended = system_.WatchToTheEnd(run_id);
  EXPECT_EQ(ended.state, sync::RunState::kPartial) << "a run does not wait for an operator";
  const auto& counts = ended.counts.at("splp");
  EXPECT_GT(counts[State::kDeferred], 0);
  EXPECT_EQ(counts[State::kDeferred] + counts[State::kConfirmed], kFiles);
  EXPECT_EQ(static_cast<uint64_t>(counts[State::kConfirmed]), Applies());
  // Another run comes and goes: it has nothing to say to the paused target either.
  const sync::Run other = system_.RunToTheEnd(system_.SyncAll());
  EXPECT_EQ(other.counts.at("sipd")[State::kConfirmed], kFiles);
  EXPECT_EQ(Requests(), requests);

  ASSERT_TRUE(system_.engine().ResumeTarget("splp").ok());
  EXPECT_EQ(Splp().pause.kind, sync::PauseKind::kNone);
  ExpectAllArrives(other.run_id);
}

TEST_F(PauseTest, APauseOutlivesTheProcess) {
  const std::string run_id = StartRun();
  Pause();
  const int64_t requests = Requests();
  system_.Restart();
  EXPECT_EQ(Splp().pause.kind, sync::PauseKind::kByOperator);
  EXPECT_EQ(Splp().pause.paused_by, "siti");
  system_.WatchToTheEnd(run_id);
  EXPECT_EQ(system_.RunToTheEnd(system_.SyncAll({"sipd"})).state, sync::RunState::kSucceeded);
  EXPECT_EQ(Requests(), requests);

  ASSERT_TRUE(system_.engine().ResumeTarget("splp").ok());
  ExpectAllArrives(run_id);
  system_.Restart();
  EXPECT_EQ(Splp().pause.kind, sync::PauseKind::kNone) << "and so does its end";
}

TEST_F(PauseTest, OnlyAnOperatorEndsAnOperatorsPause) {
  Pause();
  ASSERT_TRUE(system_.engine().CheckTarget("splp").ok());
  EXPECT_EQ(Splp().pause.kind, sync::PauseKind::kByOperator);
  EXPECT_FALSE(system_.engine().PauseTarget("mars", "siti", "").ok());
  EXPECT_FALSE(system_.engine().ResumeTarget("mars").ok());
}

}  // namespace
}  // namespace satudata
