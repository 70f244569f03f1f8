// The mass-change guard: nothing is sent before the whole plan is judged.
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/unit/server/sync/engine_fixture.h"

namespace satudata::sync {
namespace {

using catalog::FileWithValues;
using catalog::Reason;

class EngineGuardTest : public EngineTest {
 protected:
  ~EngineGuardTest() override { Close(); }  // Its targets' callbacks stand on what is here.

  // `files` files with one value each, `changed` of them with another name and value than before.
  static std::vector<FileWithValues> Catalogue(int files, int changed) {
    std::vector<FileWithValues> all;
    for (int i = 0; i < files; ++i) {
      all.push_back(MakeFile(absl::StrCat("f", 100 + i),
                             {{absl::StrCat("1.01.", 100000 + i), i < changed ? "2" : "1"}}));
      if (i < changed) all.back().file.name += " (baru)";
    }
    return all;
  }
  void Reopen(absl::Duration judge_wait, const std::optional<TargetTraits>& sipd = std::nullopt) {
    options_.judge_wait = judge_wait;
    Close();
    if (sipd.has_value()) sipd_ = std::make_unique<FakeTarget>(*sipd);
    Open();
  }
  // Starts a run that sends to splp, whatever becomes of sipd.
  std::string ExpectSplpGetsIts() {
    splp_->on_send = [this](absl::Span<const OutboundRecord>) -> std::optional<SendResult> {
      splp_sent_.Raise();
      return std::nullopt;
    };
    const auto run = engine_->StartRun(All());
    EXPECT_TRUE(run.ok()) << run.status();
    EXPECT_TRUE(splp_sent_.Wait());
    return run->run_id;
  }
  int Sends() const { return splp_->sends + sipd_->sends; }
  void ExpectStopped(const sync::Run& run, int sends_before) {
    EXPECT_EQ(run.state, RunState::kFailed);
    EXPECT_EQ(run.failure.reason, Reason::kMassChange);
    EXPECT_EQ(run.OpenCount(), 0);
    EXPECT_EQ(run.Counts()[State::kQueued], 0);
    EXPECT_EQ(Sends(), sends_before) << "nothing is sent";
  }

  Signal splp_sent_;
};

TEST_F(EngineGuardTest, StopsARunThatWouldChangeTooMuchBeforeItSendsAnything) {
  Import(Catalogue(60, 0));
  ASSERT_EQ(RunToTheEnd(All()).state, RunState::kSucceeded) << "creating never trips it";
  Import(Catalogue(60, 19));
  const int sends = Sends();
  const sync::Run run = RunToTheEnd(All());
  ExpectStopped(run, sends);
  EXPECT_EQ(run.failure.args.at("changed"), "19");
  EXPECT_EQ(run.failure.args.at("known"), "60");
  EXPECT_EQ(run.failure.args.at("percent"), "31");
  for (const Delivery& delivery : Deliveries(run.run_id)) {
    EXPECT_EQ(delivery.state, State::kCancelled);
    EXPECT_EQ(delivery.failure.reason, Reason::kMassChange);
  }
  SyncRequest allowed = All();
  allowed.allow_mass_change = true;
  EXPECT_EQ(RunToTheEnd(allowed).state, RunState::kSucceeded);
  EXPECT_EQ(splp_->Held("f100"), "Data f100 (baru)");
}

TEST_F(EngineGuardTest, LetsThirtyPercentPass) {
  Import(Catalogue(60, 0));
  RunToTheEnd(All({"splp"}));
  Import(Catalogue(60, 18));
  EXPECT_EQ(RunToTheEnd(All({"splp"})).state, RunState::kSucceeded);
}

TEST_F(EngineGuardTest, LetsASmallOfficeCorrectAllOfItsFigures) {
  Import(Catalogue(49, 0));
  RunToTheEnd(All({"splp"}));
  Import(Catalogue(49, 49));
  EXPECT_EQ(RunToTheEnd(All({"splp"})).state, RunState::kSucceeded);
}

TEST_F(EngineGuardTest, WhatIsSeenAtTheTargetCountsAsKnown) {
  for (int i = 0; i < 60; ++i) {
    sipd_->Put(absl::StrCat("9901.1.01.", 100000 + i, ".2024"), i < 30 ? "7" : "1", /*final=*/false);
  }
  Import(Catalogue(60, 0));
  ExpectStopped(RunToTheEnd(All({"sipd"})), 0);
}

TEST_F(EngineGuardTest, WhatTripsItAtOneTargetIsNotSentToTheOtherEither) {
  Import(Catalogue(60, 0));
  RunToTheEnd(All({"sipd"}));
  Import(Catalogue(60, 60));
  const int sends = Sends();
  ExpectStopped(RunToTheEnd(All()), sends);  // To splp all of it would be new.
}

TEST_F(EngineGuardTest, ATargetWhoseTablesAreSlowHoldsUpTheOthersForAMomentOnly) {
  Reopen(absl::Milliseconds(1));
  Signal go;
  sipd_->on_read = [&](absl::string_view) -> std::optional<ReadResult> {
    go.Wait();
    return std::nullopt;
  };
  Import(Catalogue(3, 0));
  const std::string run_id = ExpectSplpGetsIts();
  go.OpenForGood();
  EXPECT_EQ(std::get<sync::Run>(WatchToTheEnd(run_id).back().event).state, RunState::kSucceeded);
}

TEST_F(EngineGuardTest, ATargetThatCannotBeReadHoldsUpNobody) {
  TargetTraits traits = sipd_->traits();
  traits.read_deadline = absl::Hours(1);
  Reopen(absl::Hours(1), traits);
  Signal go;
  sipd_->on_read = [&](absl::string_view) -> std::optional<ReadResult> {
    if (sipd_->reads > 2) go.Wait();
    if (sipd_->reads > 3) return std::nullopt;
    return ReadResult{
        .verdict = {.kind = VerdictKind::kOutage, .failure = {.reason = Reason::kTargetOutage}}};
  };
  Import(Catalogue(3, 0));
  const std::string run_id = ExpectSplpGetsIts();
  go.OpenForGood();
  EXPECT_EQ(std::get<sync::Run>(WatchToTheEnd(run_id).back().event).state, RunState::kSucceeded);
}

TEST_F(EngineGuardTest, ATargetWhoseCircuitIsOpenHoldsUpNobodyAndIsLeftAlone) {
  ASSERT_TRUE(store_->PutTargetMemory({.target = "sipd", .circuit_openings = 1, .epoch = 1}).ok());
  sipd_->healthy = false;
  options_.target_control.breaker.open_time = absl::Minutes(1);
  Reopen(absl::Hours(1));
  Import(Catalogue(3, 0));
  const std::string run_id = ExpectSplpGetsIts();
  EXPECT_EQ(sipd_->reads, 0);
  EXPECT_EQ(sipd_->prepares, 0);
  ASSERT_TRUE(engine_->CancelRun(run_id).ok());
  WatchToTheEnd(run_id);
}

TEST_F(EngineGuardTest, StopsARunOverACatalogueThatLostMoreThanHalf) {
  Import(Catalogue(10, 0));
  RunToTheEnd(All({"splp"}));
  for (int i = 0; i < 6; ++i) {
    ASSERT_TRUE(
        catalog_
            ->SetVerification(absl::StrCat("f", 100 + i), catalog::Verification::kUnverified, std::nullopt)
            .ok());
  }
  FileWithValues fresh = MakeFile("f109", {});
  fresh.file.name = "Data lain";
  Import({fresh});
  const int sends = Sends();
  const sync::Run run = RunToTheEnd(All({"splp"}));
  ExpectStopped(run, sends);
  EXPECT_EQ(run.failure.args.at("changed"), "6");
  EXPECT_EQ(run.failure.args.at("known"), "10");
  ExpectStopped(RunToTheEnd(All({"splp"})), sends);  // A run that was stopped is no measure for the next.
  SyncRequest some = All({"splp"});
  some.file_ids = {"f109"};
  EXPECT_EQ(RunToTheEnd(some).state, RunState::kSucceeded) << "a part of the catalogue is always smaller";
  SyncRequest allowed = All({"splp"});
  allowed.allow_mass_change = true;
  EXPECT_EQ(RunToTheEnd(allowed).state, RunState::kSucceeded);
  EXPECT_EQ(RunToTheEnd(All({"splp"})).state, RunState::kSucceeded) << "what was allowed is the new measure";
}

TEST_F(EngineGuardTest, ARunThatItStoppedIsNotSentByTheNextProcess) {
  Import(MakeFiles(3));
  const sync::Run run{.run_id = "r1", .request = All({"splp"}), .create_time = clock_.Now()};
  ASSERT_TRUE(store_->CreateRun({run, "x"}).ok());
  ASSERT_TRUE(
      store_->Commit({.run_id = "r1", .run_stop = RunStop{clock_.Now(), {.reason = Reason::kMassChange}}})
          .ok());
  Close();
  Open();
  const sync::Run ended = std::get<sync::Run>(WatchToTheEnd("r1").back().event);
  EXPECT_EQ(ended.state, RunState::kFailed);
  EXPECT_EQ(ended.failure.reason, Reason::kMassChange);
  EXPECT_EQ(splp_->sends, 0);
}

}  // namespace
}  // namespace satudata::sync
