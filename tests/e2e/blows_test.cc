// Servers that are killed or stopped in the middle of a run, and a database that is restarted, cut off or
// held: the others go on, and nothing is lost, claimed falsely or sent twice without need.
#include <csignal>
#include <iostream>
#include <random>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gtest/gtest.h"
#include "tests/e2e/servers_fixture.h"

namespace satudata::e2e {
namespace {

constexpr absl::Duration kLease = absl::Seconds(4);
constexpr absl::Duration kRecovery = absl::Seconds(15);  // Beyond the lease.

enum class Blow { kKill, kStop, kRestart, kTerminate, kIdleTransaction };

class BlowsTest : public ServersTest, public testing::WithParamInterface<Blow> {
 protected:
  static constexpr int kRounds = SATUDATA_ROUNDS;
  static constexpr int kBatch = 80;

  BlowsTest()
      : ServersTest({"--latency", "20ms", "--late-min", "100ms", "--late-max", "800ms", "--quirks",
                     "reset-after=0.05,error-503-after=0.05,row-late=0.1"}),
        seed_(KillSeed()),
        dice_(seed_) {
    std::cout << "SATUDATA_KILL_SEED=" << seed_ << std::endl;
  }

  size_t Any() { return std::uniform_int_distribution<size_t>(0, kServers - 1)(dice_); }
  void Round() {
    const size_t begun_at = Any();
    stack_.Use(begun_at);
    Import(kBatch);
    const std::string run_id = SyncAll();
    const int64_t begin = Requests();
    const int64_t moment = std::uniform_int_distribution<int64_t>(0, kBatch)(dice_);
    WaitUntil([&] { return Requests() >= begin + moment || HasEnded(run_id); }, absl::Seconds(10));
    const size_t victim = Any();
    stack_.Use((victim + 1) % kServers);
    const absl::Time blow_time = absl::Now();
    Strike(victim, run_id);
    EXPECT_TRUE(WaitUntil([&] { return HasEnded(run_id); }, kPatience)) << run_id;
    slowest_ = std::max(slowest_, absl::Now() - blow_time);
    Recover(victim);
  }
  void Strike(size_t victim, const std::string& run_id) {
    switch (GetParam()) {
      case Blow::kKill:
        stack_.server(victim).Signal(SIGKILL);
        break;
      case Blow::kStop:
        stack_.server(victim).Signal(SIGSTOP);
        break;
      case Blow::kRestart:
        Postgres().Restart(victim % 2 == 0 ? "fast" : "immediate");
        break;
      case Blow::kTerminate:
        Sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
            "AND pid <> pg_backend_pid()");
        break;
      case Blow::kIdleTransaction:
        Sql(absl::StrCat("BEGIN; UPDATE run SET state = state WHERE run_id = '", run_id,
                         "'; SELECT pg_sleep(3)"));
        break;
    }
  }
  void Recover(size_t victim) {
    if (GetParam() == Blow::kKill) {
      EXPECT_EQ(stack_.server(victim).Wait(absl::Seconds(30)), -SIGKILL);
      stack_.StartServer(victim);
    }
    if (GetParam() == Blow::kStop) stack_.server(victim).Signal(SIGCONT);
  }

  const uint64_t seed_;
  std::mt19937_64 dice_;
  absl::Duration slowest_;
};

TEST_P(BlowsTest, CostNothing) {
  for (int i = 0; i < kRounds && !HasFailure(); ++i) Round();
  std::cout << "slowest recovery: " << slowest_ << std::endl;
  EXPECT_LE(slowest_, kLease + kRecovery);
  stack_.Use(0);
  ExpectAllIsWell();
}

std::string BlowName(const testing::TestParamInfo<Blow>& info) {
  constexpr const char* kNames[] = {"Kill", "Stop", "Restart", "Terminate", "IdleTransaction"};
  return absl::StrCat(kNames[static_cast<int>(info.param)], SATUDATA_ROUNDS);
}
INSTANTIATE_TEST_SUITE_P(All, BlowsTest,
                         testing::Values(Blow::kKill, Blow::kStop, Blow::kRestart, Blow::kTerminate,
                                         Blow::kIdleTransaction),
                         BlowName);

}  // namespace
}  // namespace satudata::e2e
