// Several servers at one PostgreSQL database share runs, pauses, and what is told of them.
#include <algorithm>
#include <map>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/e2e/servers_fixture.h"

namespace satudata::e2e {
namespace {

using nlohmann::json;

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

// Their deliveries are in different chunks, so that different servers have them.
TEST_F(ServersTest, AValueThatTwoFilesGiveIsSentOnce) {
  Import(600);
  const std::string twins = absl::StrReplaceAll(ExportedFiles(0, files_), {{"berkas-", "kembar-"}});
  std::ofstream(stack_.Path("twins.jsonl")) << twins;
  ASSERT_EQ(stack_.Ctl({"import", stack_.Path("twins.jsonl")}).code, 0);
  const std::string run_id = SyncAll();
  ASSERT_TRUE(WaitUntil([&] { return HasEnded(run_id); }, kPatience));
  EXPECT_EQ(StateOf(run_id), "STATE_SUCCEEDED");
  const Judgement judgement = stack_.JudgeAtTheEnd();
  EXPECT_TRUE(judgement.Clean()) << judgement;
  const int datasets = 2 * files_;
  EXPECT_EQ(judgement.records[sync::State::kConfirmed] + judgement.records[sync::State::kUnchanged],
            datasets + files_);
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

}  // namespace
}  // namespace satudata::e2e
