// An operator pauses a target with the built programs, the server is killed meanwhile, and the target hears
// nothing until it is resumed.
#include <algorithm>
#include <csignal>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/e2e/stack.h"
#include "tests/e2e/wait_until.h"

namespace satudata::e2e {
namespace {

using nlohmann::json;

constexpr absl::Duration kPatience = absl::Seconds(120);
constexpr int kSendable = 372;  // Datasets of the sample catalogue that SPLP takes.

json TargetOf(Stack& stack, const std::string& name) {
  for (json& target : stack.Ctl({"targets", "-o", "json"}).Lines()) {
    if (target["target"] == name) return target;
  }
  return {};
}

int64_t Posts(const Stack& stack) { return stack.Stats()["operations"]["splp.post"]["requests"]; }

int64_t CountDeferred(Stack& stack, const std::string& run_id) {
  const auto deliveries = stack.Ctl({"deliveries", "--run", run_id, "-o", "json"}).Lines();
  return std::count_if(deliveries.begin(), deliveries.end(),
                       [](const json& delivery) { return delivery["state"] == "STATE_DEFERRED"; });
}

TEST(PauseTest, APausedTargetHearsNothingThoughTheServerIsKilled) {
  // Slow enough that the pause comes in the middle of the run on any machine.
  Stack stack({.simulator_flags = {"--latency", "50ms"}, .settings = {{"SPLP_MAX_CONCURRENCY", "2"}}});
  ASSERT_EQ(stack.Ctl({"import", SamplePath("catalog.jsonl")}).code, 0);
  const std::string run_id =
      stack.Ctl({"sync-all", "--target", "splp", "--detach", "-o", "json"}).Lines().at(0)["runId"];
  ASSERT_TRUE(WaitUntil([&] { return stack.Truth()["totals"]["splp"]["applies"] > 20; }, kPatience));
  ASSERT_EQ(stack.Ctl({"pause-target", "splp", "--comment", "pemeliharaan"}).code, 0);
  ASSERT_TRUE(WaitUntil([&] { return TargetOf(stack, "splp").value("inFlight", 0) == 0; }, kPatience));
  const int64_t posts = Posts(stack);
  EXPECT_LT(posts, kSendable);
  stack.Ctl({"watch", run_id});
  EXPECT_EQ(CountDeferred(stack, run_id), kSendable - posts);

  stack.server().Signal(SIGKILL);
  ASSERT_EQ(stack.server().Wait(absl::Seconds(30)), -SIGKILL);
  stack.StartServer();
  EXPECT_EQ(TargetOf(stack, "splp")["paused"], true);
  stack.Ctl({"sync-all", "--target", "sipd"});  // Meanwhile there is something to do for others.
  EXPECT_EQ(Posts(stack), posts);
  EXPECT_EQ(CountDeferred(stack, run_id), kSendable - posts);

  ASSERT_EQ(stack.Ctl({"resume-target", "splp"}).code, 0);
  EXPECT_TRUE(WaitUntil([&] { return CountDeferred(stack, run_id) == 0; }, kPatience));
  EXPECT_TRUE(WaitUntil([&] { return stack.Truth()["totals"]["splp"]["held"] == kSendable; }, kPatience));
  EXPECT_EQ(Posts(stack), kSendable);
  const Judgement judgement = stack.JudgeAtTheEnd();
  EXPECT_TRUE(judgement.Clean()) << judgement;
}

TEST(PauseTest, SaysWhichTargetsThereAre) {
  Stack stack;
  EXPECT_EQ(stack.Ctl({"pause-target", "mars"}).code, 2);
  EXPECT_EQ(stack.Ctl({"resume-target", "splp"}).code, 0) << "what is not paused stays so";
}

}  // namespace
}  // namespace satudata::e2e
