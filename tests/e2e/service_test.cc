// The built programs, used as their users use them.
#include <csignal>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/e2e/stack.h"
#include "tests/e2e/wait_until.h"

namespace satudata::e2e {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::IsEmpty;

// The run that a `-o json` stream is about.
std::string RunIdOf(const Finished& stream) { return stream.Lines().at(0)["runId"]; }

json LastSnapshot(const Finished& stream) {
  const std::vector<json> lines = stream.Lines();
  return lines.empty() ? json() : lines.back().value("snapshot", json());
}

// Delivery states by delivery id, as a stream tells them; the last word counts.
std::map<std::string, std::string> StatesIn(const std::vector<json>& events) {
  std::map<std::string, std::string> states;
  for (const json& event : events) {
    if (event.contains("delivery")) states[event["delivery"]["deliveryId"]] = event["delivery"]["state"];
  }
  return states;
}

TEST(ServiceTest, TheSampleReachesBothTargetsAndIsAccountedFor) {
  Stack stack({.simulator_flags = {"--state", SamplePath("targets.json")}});
  const Finished imported = stack.Ctl({"import", SamplePath("catalog.jsonl")});
  EXPECT_EQ(imported.code, 0) << imported.errors;
  EXPECT_THAT(imported.output + imported.errors, HasSubstr("251"));

  const Finished first = stack.Ctl({"sync-all", "-o", "json"});
  EXPECT_EQ(first.code, 1) << "refused records mean that it did not succeed: " << first.errors;
  EXPECT_EQ(LastSnapshot(first)["state"], "STATE_PARTIAL");
  int claims = 0;
  EXPECT_THAT(stack.FalseClaims(RunIdOf(first), &claims), IsEmpty());
  EXPECT_GT(claims, 4000);
  EXPECT_EQ(stack.NeedlessSecondEffects(), 0);

  const json before = stack.Truth()["totals"];
  const Finished second = stack.Ctl({"sync-all", "-o", "json"});
  EXPECT_EQ(stack.Truth()["totals"], before) << "a second run sends nothing";

  const std::string a_confirmed_file = "6294832a9f3ac417e25b0b78";
  const Finished file = stack.Ctl({"sync-file", a_confirmed_file, "--target", "splp"});
  EXPECT_EQ(file.code, 0) << file.output << file.errors;
  EXPECT_EQ(stack.Ctl({"status", a_confirmed_file, "-o", "json"}).code, 0);
  EXPECT_GE(stack.Ctl({"runs", "-o", "json"}).Lines().size(), 3U);
  EXPECT_EQ(stack.Ctl({"files", "-o", "json"}).Lines().size(), 462U) << "lists walk all pages";
}

TEST(ServiceTest, IndicatorsAreShownBesideWhatIsHeld) {
  Stack stack({.simulator_flags = {"--state", SamplePath("targets.json")}});
  ASSERT_EQ(stack.Ctl({"import", SamplePath("catalog.jsonl")}).code, 0);
  stack.Ctl({"sync-all", "--target", "sipd"});
  const std::vector<json> listed = stack.Ctl({"indicators", "sipd", "-o", "json"}).Lines();
  ASSERT_GT(listed.size(), 100U);
  int same = 0;
  for (const json& indicator : listed) {
    for (const json& year : indicator.value("years", json::array())) {
      same += year.value("value", "ours") == year.value("targetValue", "theirs") ? 1 : 0;
    }
  }
  EXPECT_GT(same, 1000) << "what is confirmed is on both sides";
  EXPECT_EQ(stack.Ctl({"indicators", "sipd", "--text", "no such indicator", "-o", "json"}).Lines().size(),
            0U);
  const Finished none = stack.Ctl({"indicators", "splp"});
  EXPECT_NE(none.code, 0);
  EXPECT_THAT(none.errors, HasSubstr("ListReferenceIndicators is not available for target splp"));
}

TEST(ServiceTest, KillingTheClientLeavesTheRunRunningAndWatchFindsIt) {
  Stack stack({.simulator_flags = {"--latency", "20ms"}});
  ASSERT_EQ(stack.Ctl({"import", SamplePath("catalog.jsonl")}).code, 0);
  std::unique_ptr<Process> client = stack.StartCtl({"sync-all", "--target", "splp", "-o", "json"}, "killed");
  ASSERT_TRUE(
      WaitUntil([&] { return absl::StrContains(client->Output(), "STATE_CONFIRMED"); }, absl::Seconds(60)));
  client->Signal(SIGKILL);
  EXPECT_EQ(client->Wait(absl::Seconds(30)), -SIGKILL);
  const std::string run_id = stack.Ctl({"runs", "-o", "json"}).Lines().at(0)["runId"];

  const Finished watched = stack.Ctl({"watch", run_id, "-o", "json"});
  EXPECT_EQ(LastSnapshot(watched)["state"], "STATE_PARTIAL") << watched.errors;
  std::map<std::string, std::string> stored;
  for (const json& delivery : stack.Ctl({"deliveries", "--run", run_id, "-o", "json"}).Lines()) {
    stored[delivery["deliveryId"]] = delivery["state"];
  }
  EXPECT_EQ(stored.size(), 381U);
  EXPECT_EQ(StatesIn(watched.Lines()), stored) << "no resting state is missing";
}

TEST(ServiceTest, KillingTheServerLosesNothingAndSendsNothingTwice) {
  Stack stack({.simulator_flags = {"--state", SamplePath("targets.json"), "--latency", "30ms"}});
  ASSERT_EQ(stack.Ctl({"import", SamplePath("catalog.jsonl")}).code, 0);
  const std::string run_id = stack.Ctl({"sync-all", "--detach", "-o", "json"}).Lines().at(0)["runId"];
  ASSERT_TRUE(WaitUntil([&] { return stack.Truth()["totals"]["splp"]["applies"] > 50; }, absl::Seconds(60)));
  stack.server().Signal(SIGKILL);
  EXPECT_EQ(stack.server().Wait(absl::Seconds(30)), -SIGKILL);
  stack.StartServer();
  const Finished watched = stack.Ctl({"watch", run_id, "-o", "json"});
  EXPECT_EQ(LastSnapshot(watched)["state"], "STATE_PARTIAL") << watched.errors;
  EXPECT_EQ(LastSnapshot(watched).value("openCount", "0"), "0");
  EXPECT_EQ(stack.Truth()["totals"]["splp"]["held"], 372);
  EXPECT_EQ(stack.NeedlessSecondEffects(), 0);
}

TEST(ServiceTest, StopsInOrderWhenAsked) {
  Stack stack({.simulator_flags = {"--latency", "20ms"}});
  ASSERT_EQ(stack.Ctl({"import", SamplePath("catalog.jsonl")}).code, 0);
  ASSERT_EQ(stack.Ctl({"sync-all", "--detach"}).code, 0);
  stack.server().Signal(SIGTERM);
  EXPECT_EQ(stack.server().Wait(absl::Seconds(30)), 0) << stack.server().Errors();
}

TEST(ServiceTest, TellsItsHealthAndItsNumbers) {
  Stack stack;
  int status = 0;
  stack.AdminGet("/healthz", &status);
  EXPECT_EQ(status, 200);
  EXPECT_TRUE(WaitUntil(
      [&] {
        stack.AdminGet("/readyz", &status);
        return status == 200;
      },
      absl::Seconds(10)));
  ASSERT_EQ(stack.Ctl({"import", SamplePath("catalog.jsonl")}).code, 0);
  stack.Ctl({"sync-all"});
  const std::string metrics = stack.AdminGet("/metrics", &status);
  for (const char* name :
       {"integration_deliveries_total{", "integration_delivery_duration_seconds_bucket{",
        "integration_records_total{", "integration_http_requests_total{",
        "integration_http_request_duration_seconds_bucket{", "integration_target_circuit_state{",
        "integration_target_in_flight{", "integration_target_concurrency_limit{",
        "integration_target_rate_limit{", "integration_target_paused{", "integration_queue_depth{",
        "integration_runs_total{", "integration_runs_active", "integration_grpc_handled_total{",
        "integration_grpc_handling_seconds_bucket{", "integration_store_commit_seconds_bucket{",
        "integration_build_info{"}) {
    EXPECT_THAT(metrics, HasSubstr(name));
  }
}

TEST(ServiceTest, SecretsAppearNowhere) {
  Stack stack({.simulator_flags = {"--splp-key", "rahasia-splp-1", "--sipd-key", "rahasia-sipd-2"},
               .settings = {{"SPLP_API_KEY", "rahasia-splp-1"},
                            {"SIPD_BEARER_TOKEN", "rahasia-sipd-2"},
                            {"JWT_SECRET", "rahasia-jwt-3-0123456789abcdef0123456789"},
                            {"LOG_LEVEL", "debug"}}});
  const std::string token = stack
                                .RunProgram({"env", "JWT_SECRET=rahasia-jwt-3-0123456789abcdef0123456789",
                                             std::string(SATUDATA_BIN_DIR) + "/integrationctl", "token",
                                             "--role", "Admin", "--user", "siti"})
                                .output;
  const std::string trimmed = token.substr(0, token.find('\n'));
  ASSERT_EQ(stack.Ctl({"--token", trimmed, "import", SamplePath("catalog.jsonl")}).code, 0);
  stack.Ctl({"--token", trimmed, "sync-all"});
  int status = 0;
  const std::string everything = stack.server().Output() + stack.server().Errors() +
                                 stack.AdminGet("/metrics", &status) +
                                 stack.RunProgram({"sh", "-c", "cat " + stack.Path("data") + "/*"}).output;
  for (const char* secret : {"rahasia-splp-1", "rahasia-sipd-2", "rahasia-jwt-3"}) {
    EXPECT_THAT(everything, testing::Not(HasSubstr(secret)));
  }
  EXPECT_THAT(everything, testing::Not(HasSubstr(trimmed)));
}

TEST(ServiceTest, AWrongSettingStopsTheStartWithOneLine) {
  Stack stack;
  const auto start = [&](std::vector<std::string> assignments) {
    std::vector<std::string> command = {"env"};
    command.insert(command.end(), assignments.begin(), assignments.end());
    command.push_back(std::string(SATUDATA_BIN_DIR) + "/integration-server");
    return stack.RunProgram(std::move(command));
  };
  const Finished no_target = start({"DATABASE_URL=sqlite:///" + stack.Path("x.db")});
  EXPECT_EQ(no_target.code, 2);
  EXPECT_THAT(no_target.errors, HasSubstr("SPLP_API_URL"));
  EXPECT_EQ(std::count(no_target.errors.begin(), no_target.errors.end(), '\n'), 1) << no_target.errors;
  const Finished bad_time =
      start({"SPLP_API_URL=http://127.0.0.1:1/x", "EXTERNAL_API_KEY=k", "SPLP_SETTLE_TIME=soon"});
  EXPECT_EQ(bad_time.code, 2);
  EXPECT_THAT(bad_time.errors, HasSubstr("SPLP_SETTLE_TIME"));
  const Finished open_port =
      start({"SPLP_API_URL=http://127.0.0.1:1/x", "EXTERNAL_API_KEY=k", "GRPC_LISTEN=0.0.0.0:0"});
  EXPECT_EQ(open_port.code, 2);
  EXPECT_THAT(open_port.errors, HasSubstr("JWT_SECRET"));
}

TEST(ServiceTest, TheCommandLineSaysWhatIsWrong) {
  Stack stack;
  EXPECT_EQ(stack.Ctl({"sync-file", "no-such-file"}).code, 1);
  EXPECT_EQ(stack.Ctl({"sync-all", "--target", "mars"}).code, 2);
  EXPECT_EQ(stack.Ctl({"no-such-verb"}).code, 2);
  EXPECT_EQ(stack.Ctl({"--token", "garbage", "runs"}).code, 3);
  EXPECT_NE(stack.Ctl({"--token", std::string(100'000, 'x'), "runs"}).code, 0);
  const std::string program = std::string(SATUDATA_BIN_DIR) + "/integrationctl";
  EXPECT_EQ(stack.RunProgram({program, "--server", "127.0.0.1:1", "--token", "t", "runs"}).code, 3);
  const Finished viewer = stack.Ctl({"token", "--role", "Viewer", "--user", "budi"});
  const std::string token = viewer.output.substr(0, viewer.output.find('\n'));
  EXPECT_EQ(stack.Ctl({"--token", token, "runs"}).code, 0);
  const Finished refused = stack.Ctl({"--token", token, "sync-all"});
  EXPECT_EQ(refused.code, 3);
  EXPECT_THAT(refused.errors, HasSubstr("PERMISSION_DENIED"));
}

TEST(ServiceTest, AnOutageOfOneTargetIsNotTheOthers) {
  Stack stack({.settings = {{"SIPD_CONFIRM_WAIT", "3s"}}});
  ASSERT_EQ(stack.Ctl({"import", SamplePath("catalog.jsonl")}).code, 0);
  stack.Post("/admin/outage", {{"target", "sipd"}, {"mode", "503"}});
  const Finished synced = stack.Ctl({"sync-all", "--target", "splp", "-o", "json"});
  EXPECT_EQ(stack.Truth()["totals"]["splp"]["held"], 372);
  int status = 0;
  stack.AdminGet("/readyz", &status);
  EXPECT_EQ(status, 200) << "a target's outage is not ours";
  EXPECT_EQ(stack.Ctl({"check-target", "sipd"}).code, 1);
  EXPECT_EQ(stack.Ctl({"check-target", "splp"}).code, 0);
}

}  // namespace
}  // namespace satudata::e2e
