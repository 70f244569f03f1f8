// The service on PostgreSQL.
#include <csignal>
#include <iostream>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/e2e/kills.h"
#include "tests/e2e/stack.h"
#include "tests/e2e/wait_until.h"
#include "tests/fakes/postgres_server.h"

namespace satudata::e2e {
namespace {

using nlohmann::json;
using testing::IsEmpty;

std::string NewDatabase() {
  const fakes::PostgresServer& server = fakes::PostgresServer::Get();
  return server.Url(server.NewDatabase());
}

TEST(PostgresServiceTest, TheSampleIsAccountedForThoughTheServerIsKilled) {
  Stack stack({.simulator_flags = {"--state", SamplePath("targets.json"), "--latency", "30ms"},
               .settings = {{"LEASE_TIME", "4s"}},
               .database_url = NewDatabase()});
  ASSERT_EQ(stack.Ctl({"import", SamplePath("catalog.jsonl")}).code, 0);
  const std::string run_id = stack.Ctl({"sync-all", "--detach", "-o", "json"}).Lines().at(0)["runId"];
  ASSERT_TRUE(WaitUntil([&] { return stack.Truth()["totals"]["splp"]["applies"] > 50; }, absl::Seconds(60)));
  stack.server().Signal(SIGKILL);
  EXPECT_EQ(stack.server().Wait(absl::Seconds(30)), -SIGKILL);
  stack.StartServer();
  const Finished watched = stack.Ctl({"watch", run_id, "-o", "json"});
  ASSERT_FALSE(watched.Lines().empty()) << watched.errors;
  EXPECT_EQ(watched.Lines().back()["snapshot"]["state"], "STATE_PARTIAL") << watched.errors;
  int claims = 0;
  EXPECT_THAT(stack.FalseClaims(run_id, &claims), IsEmpty());
  EXPECT_GT(claims, 4000);
  EXPECT_EQ(stack.NeedlessSecondEffects(), 0);

  const json before = stack.Truth()["totals"];
  stack.Ctl({"sync-all"});
  EXPECT_EQ(stack.Truth()["totals"], before) << "a second run sends nothing";
  const Judgement judgement = stack.JudgeAtTheEnd();
  EXPECT_TRUE(judgement.Clean()) << judgement;
}

TEST(PostgresServiceTest, ManyKillsLoseNothingAndNothingIsSentTwice) {
  constexpr int kKills = 4;
  const uint64_t seed = KillSeed();
  std::cout << "SATUDATA_KILL_SEED=" << seed << std::endl;
  Kills kills(seed, NewDatabase());
  for (int i = 0; i < kKills && !testing::Test::HasFatalFailure(); ++i) kills.KillOnce();
  kills.ExpectAllIsWell();
}

}  // namespace
}  // namespace satudata::e2e
