// A target that is down for a whole run, as whoever runs the service sees it.
#include <fstream>
#include <string>

#include "absl/strings/match.h"
#include "gtest/gtest.h"
#include "tests/e2e/stack.h"
#include "tests/e2e/wait_until.h"

namespace satudata::e2e {
namespace {

using nlohmann::json;

constexpr absl::Duration kPatience = absl::Seconds(120);
constexpr int kDatasets = 372;  // Of the sample catalogue, that SPLP takes.
constexpr char kSaysDown[] = "target does not work";
constexpr char kSaysUp[] = "target works again";

// Reads that fail are repeated soon.
std::string QuickReads() {
  const std::string path = testing::TempDir() + "/quick_reads.yaml";
  std::ofstream(path) << "sipd: {target: {read_interval: 50ms}}\n";
  return path;
}

int Count(const std::string& text, const std::string& part) {
  int count = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

bool IsReady(Stack& stack) {
  int status = 0;
  stack.AdminGet("/readyz", &status);
  return status == 200;
}

std::string CircuitOf(Stack& stack, const std::string& name) {
  for (const json& target : stack.Ctl({"targets", "-o", "json"}).Lines()) {
    if (target["target"] == name) return target["circuit"];
  }
  return "";
}

TEST(DownTest, ItIsSaidOnceAndTheServiceStaysReady) {
  Stack stack({.settings = {{"CONFIG_FILE", QuickReads()}}});
  stack.Post("/admin/outage", {{"target", "sipd"}, {"mode", "refuse"}});
  ASSERT_EQ(stack.Ctl({"import", SamplePath("catalog.jsonl")}).code, 0);
  const std::string run_id = stack.Ctl({"sync-all", "--detach", "-o", "json"}).Lines().at(0)["runId"];
  const auto all_is_seen = [&] {
    EXPECT_TRUE(IsReady(stack)) << "a target's outage is not ours";
    return stack.Stats()["splp"]["held"] == kDatasets &&
           absl::StrContains(stack.server().Errors(), kSaysDown);
  };
  ASSERT_TRUE(WaitUntil(all_is_seen, kPatience)) << stack.server().Errors();
  EXPECT_EQ(CircuitOf(stack, "sipd"), "CIRCUIT_OPEN");
  EXPECT_EQ(CircuitOf(stack, "splp"), "CIRCUIT_CLOSED");
  EXPECT_EQ(stack.Ctl({"check-target", "sipd"}).code, 1);

  stack.Post("/admin/outage", {{"target", "sipd"}, {"mode", "off"}});
  EXPECT_EQ(stack.Ctl({"check-target", "sipd"}).code, 0);  // Ends what its own probe would end later.
  stack.Ctl({"watch", run_id});
  EXPECT_EQ(Count(stack.server().Errors(), kSaysDown), 1) << stack.server().Errors();
  EXPECT_EQ(Count(stack.server().Errors(), kSaysUp), 1);
  const Judgement judgement = stack.JudgeAtTheEnd();
  EXPECT_TRUE(judgement.Clean()) << judgement;
  EXPECT_EQ(judgement.records.Open(), 0);
  EXPECT_GT(judgement.records[sync::State::kConfirmed], kDatasets) << "SIPD has its own";
}

}  // namespace
}  // namespace satudata::e2e
