// Several servers at one PostgreSQL database, as one guest to each target: they share runs, whatever befalls
// one of them, its connections or the database.
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <random>
#include <set>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/e2e/kills.h"
#include "tests/e2e/stack.h"
#include "tests/e2e/wait_until.h"
#include "tests/fakes/postgres_server.h"

namespace satudata::e2e {
namespace {

using nlohmann::json;

constexpr size_t kServers = 3;
constexpr absl::Duration kLease = absl::Seconds(4);
constexpr absl::Duration kRecovery = absl::Seconds(15);  // Beyond the lease.
constexpr absl::Duration kPatience = absl::Seconds(120);

fakes::PostgresServer& Postgres() { return fakes::PostgresServer::Get(); }

class ServersTest : public testing::Test {
 protected:
  explicit ServersTest(std::vector<std::string> simulator_flags = {"--latency", "40ms"})
      : database_(Postgres().NewDatabase()),
        stack_({.simulator_flags = std::move(simulator_flags),
                .settings = {{"LEASE_TIME", "4s"},
                             {"SPLP_REQUEST_DEADLINE", "1s"},
                             {"SPLP_SETTLE_TIME", "1s"},
                             {"SIPD_REQUEST_DEADLINE", "1s"},
                             {"SIPD_SETTLE_TIME", "1s"}},
                .database_url = Postgres().Url(database_),
                .servers = kServers}) {}

  void Import(int count) {
    std::ofstream(stack_.Path("batch.jsonl")) << ExportedFiles(files_, count);
    // A database that comes back has it refused for a moment.
    ASSERT_TRUE(WaitUntil(
        [&] {
          return stack_.Ctl({"import", stack_.Path("batch.jsonl")}).code == 0;
        },
        kPatience));
    files_ += count;
  }
  std::string SyncAll() {
    const std::vector<json> lines = stack_.Ctl({"sync-all", "--detach", "-o", "json"}).Lines();
    EXPECT_FALSE(lines.empty());
    return lines.empty() ? "" : lines.front().value("runId", "");
  }
  std::string StateOf(const std::string& run_id) {
    const std::vector<json> lines = stack_.Ctl({"run", run_id, "-o", "json"}).Lines();
    return lines.empty() ? "" : lines.front().value("state", "");
  }
  bool HasEnded(const std::string& run_id) {
    const std::string state = StateOf(run_id);
    return !state.empty() && state != "STATE_QUEUED" && state != "STATE_RUNNING";
  }
  int64_t Requests() const { return stack_.Stats().value("requests", int64_t{0}); }
  std::string Sql(const std::string& sql) { return Postgres().Sql(sql, database_); }
  void ExpectAllIsWell() {
    const Finished last = stack_.Ctl({"sync-all"});
    EXPECT_EQ(last.code, 0) << last.output << last.errors;
    const Judgement judgement = stack_.JudgeAtTheEnd();
    EXPECT_TRUE(judgement.Clean()) << judgement;
    EXPECT_EQ(judgement.records[sync::State::kConfirmed] + judgement.records[sync::State::kUnchanged],
              2 * files_);
  }

  const std::string database_;
  Stack stack_;
  int files_ = 0;
};

// What a watcher was told of, in order: the sequences, and each delivery's last state.
struct Told {
  std::vector<int64_t> sequences;
  std::map<std::string, std::string> deliveries;
};

Told Read(const std::vector<json>& events) {
  Told told;
  for (const json& event : events) {
    int64_t sequence = 0;
    if (!event.contains("delivery") || !absl::SimpleAtoi(event.value("sequence", "0"), &sequence)) continue;
    told.sequences.push_back(sequence);
    told.deliveries[event["delivery"]["deliveryId"]] = event["delivery"]["state"];
  }
  return told;
}

TEST_F(ServersTest, ARunIsSharedAndWatchedFromAnywhere) {
  Import(1'500);
  const std::string run_id = SyncAll();
  std::vector<std::unique_ptr<Process>> watchers;
  for (size_t i = 0; i < kServers; ++i) {
    stack_.Use(i);
    watchers.push_back(stack_.StartCtl({"watch", run_id, "-o", "json"}, absl::StrCat("watch", i)));
  }
  for (size_t i = 0; i < kServers; ++i) {
    EXPECT_EQ(watchers[i]->Wait(kPatience), 0) << watchers[i]->Errors();
    const std::vector<json> events = Finished{.output = watchers[i]->Output()}.Lines();
    ASSERT_FALSE(events.empty());
    EXPECT_EQ(events.back()["snapshot"]["state"], "STATE_SUCCEEDED");
    const Told told = Read(events);
    EXPECT_TRUE(std::is_sorted(told.sequences.begin(), told.sequences.end())) << "server " << i;
    EXPECT_EQ(told.deliveries.size(), static_cast<size_t>(2 * files_)) << "server " << i;
    for (const auto& [id, state] : told.deliveries) EXPECT_EQ(state, "STATE_CONFIRMED") << id;
    stack_.Use(i);
    int status = 0;
    const std::string metrics = stack_.AdminGet("/metrics", &status);
    EXPECT_THAT(metrics, testing::ContainsRegex(
                             "integration_deliveries_total\\{state=\"CONFIRMED\",target=\"splp\"\\} "
                             "[1-9][0-9]+"))
        << "server " << i << " has had no part in it";
  }
  stack_.Use(0);
  ExpectAllIsWell();
}

TEST_F(ServersTest, TwoRunsOfAllAreNotUnderWayAtOnceWhoeverIsAsked) {
  Import(400);
  const std::string run_id = SyncAll();
  stack_.Use(1);
  const Finished second = stack_.Ctl({"sync-all", "--detach"});
  EXPECT_NE(second.code, 0);
  EXPECT_THAT(second.errors, testing::HasSubstr(run_id));
  EXPECT_EQ(stack_.Ctl({"cancel", run_id}).code, 0) << "by a server that does not drive it";
  EXPECT_TRUE(WaitUntil([&] { return HasEnded(run_id); }, kPatience));
  EXPECT_EQ(StateOf(run_id), "STATE_CANCELLED");
  ExpectAllIsWell();
}

TEST_F(ServersTest, APauseHoldsForAll) {
  EXPECT_EQ(stack_.Ctl({"pause-target", "splp"}).code, 0);
  stack_.Use(2);
  const auto is_paused = [&](bool paused) {
    const std::vector<json> targets = stack_.Ctl({"targets", "-o", "json"}).Lines();
    return std::any_of(targets.begin(), targets.end(), [&](const json& target) {
      return target["target"] == "splp" && target["paused"] == paused;
    });
  };
  EXPECT_TRUE(WaitUntil([&] { return is_paused(true); }, absl::Seconds(10)));
  EXPECT_EQ(stack_.Ctl({"resume-target", "splp"}).code, 0);
  stack_.Use(1);
  EXPECT_TRUE(WaitUntil([&] { return is_paused(false); }, absl::Seconds(10)));
}

// Rounds

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
  return kNames[static_cast<int>(info.param)];
}
INSTANTIATE_TEST_SUITE_P(All, BlowsTest,
                         testing::Values(Blow::kKill, Blow::kStop, Blow::kRestart, Blow::kTerminate,
                                         Blow::kIdleTransaction),
                         BlowName);

}  // namespace
}  // namespace satudata::e2e
