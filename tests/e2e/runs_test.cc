// What people do to runs with the built programs: cancel, retry, and what the guard stops.
#include <csignal>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/e2e/stack.h"
#include "tests/e2e/wait_until.h"

namespace satudata::e2e {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr int kGood = 0;
constexpr int kNotSucceeded = 1;

json LastSnapshot(const Finished& stream) {
  const std::vector<json> lines = stream.Lines();
  return lines.empty() ? json() : lines.back().value("snapshot", json());
}

TEST(RunsTest, ACancelOutlivesAServerThatIsKilledAndTheExitCodesTellAScript) {
  // Some ten seconds for all: the cancel comes in the middle, however slow the machine.
  Stack stack({.simulator_flags = {"--latency", "100ms"}, .settings = {{"SPLP_MAX_CONCURRENCY", "4"}}});
  ASSERT_EQ(stack.Ctl({"import", SamplePath("catalog.jsonl")}).code, kGood);
  const std::string run =
      stack.Ctl({"sync-all", "--target", "splp", "--detach", "-o", "json"}).Lines().at(0)["runId"];
  ASSERT_TRUE(WaitUntil([&] { return stack.Truth()["totals"]["splp"]["applies"] > 20; }, absl::Seconds(60)));
  EXPECT_EQ(stack.Ctl({"run", run}).code, kGood) << "a run that goes on is no failure";
  const Finished cancelled = stack.Ctl({"cancel", run});
  stack.server().Signal(SIGKILL);
  EXPECT_EQ(cancelled.code, kGood) << cancelled.errors;
  EXPECT_EQ(stack.server().Wait(absl::Seconds(30)), -SIGKILL);
  stack.StartServer();

  const Finished watched = stack.Ctl({"watch", run, "-o", "json"});
  EXPECT_EQ(watched.code, kNotSucceeded);
  EXPECT_EQ(LastSnapshot(watched)["state"], "STATE_CANCELLED");
  EXPECT_EQ(stack.Ctl({"run", run}).code, kNotSucceeded);
  // What was on its way is read back until nothing of it is open.
  ASSERT_TRUE(WaitUntil(
      [&] {
        return stack.Ctl({"run", run, "-o", "json"}).Lines().at(0).value("openCount", "0") == "0";
      },
      absl::Seconds(60)));
  EXPECT_LT(stack.Truth()["totals"]["splp"]["applies"], 372);
  int claims = 0;
  EXPECT_THAT(stack.FalseClaims(run, &claims), IsEmpty());
  EXPECT_GT(claims, 0);
  EXPECT_EQ(stack.NeedlessSecondEffects(), 0);
  const Finished again = stack.Ctl({"cancel", run});
  EXPECT_EQ(again.code, kNotSucceeded);
  EXPECT_THAT(again.errors, HasSubstr("NOTHING_OPEN"));
}

TEST(RunsTest, ARetryIsARunOfItsOwnAndSaysWhenNothingIsLeft) {
  Stack stack;
  ASSERT_EQ(stack.Ctl({"import", SamplePath("catalog.jsonl")}).code, kGood);
  const std::string first = LastSnapshot(stack.Ctl({"sync-all", "--target", "splp", "-o", "json"}))["runId"];
  const Finished nothing = stack.Ctl({"retry", first});
  EXPECT_EQ(nothing.code, kNotSucceeded);
  EXPECT_THAT(nothing.errors, HasSubstr("NOTHING_OPEN"));
  const json applies = stack.Truth()["totals"];

  const Finished retry = stack.Ctl({"retry", first, "--include-rejected", "--target", "splp", "-o", "json"});
  EXPECT_EQ(retry.code, kNotSucceeded) << "what is wrong with the files is still wrong";
  EXPECT_EQ(LastSnapshot(retry)["kind"], "KIND_RETRY");
  EXPECT_EQ(LastSnapshot(retry)["retryOf"], first);
  EXPECT_EQ(stack.Truth()["totals"], applies);
  EXPECT_EQ(stack.Ctl({"retry", first, "--include-rejected", "--target", "mars"}).code, 2);
}

TEST(RunsTest, TheGuardStopsAMassChangeUnlessItIsAllowed) {
  Stack stack;
  ASSERT_EQ(stack.Ctl({"import", SamplePath("catalog.jsonl")}).code, kGood);
  stack.Ctl({"sync-all", "--target", "splp"});
  const json before = stack.Truth()["totals"]["splp"]["applies"];
  const std::string changed = stack.Path("changed.jsonl");
  ASSERT_EQ(stack
                .RunProgram({"sh", "-c",
                             "sed 's/\"name\":\"/&Baru: /' " + SamplePath("catalog.jsonl") + " > " + changed})
                .code,
            0);
  ASSERT_EQ(stack.Ctl({"import", changed}).code, kGood);

  const Finished stopped = stack.Ctl({"sync-all", "--target", "splp", "-o", "json"});
  EXPECT_EQ(stopped.code, kNotSucceeded);
  EXPECT_EQ(LastSnapshot(stopped)["state"], "STATE_FAILED");
  EXPECT_EQ(LastSnapshot(stopped)["failure"]["reason"], "MASS_CHANGE");
  EXPECT_EQ(stack.Truth()["totals"]["splp"]["applies"], before) << "nothing is sent";

  stack.Ctl({"sync-all", "--target", "splp", "--allow-mass-change"});
  EXPECT_GT(stack.Truth()["totals"]["splp"]["applies"], before);
  EXPECT_EQ(stack.NeedlessSecondEffects(), 0);
}

}  // namespace
}  // namespace satudata::e2e
