// SPLP behind a gateway that gives tokens for a short time and takes them back.
#include <iostream>
#include <stop_token>
#include <string>
#include <thread>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/integration/delivery/await.h"
#include "tests/integration/delivery/delivery_system.h"
#include "tests/simulator/gateway.h"

namespace satudata {
namespace {

using sync::State;

std::string SamplePath(absl::string_view name) { return absl::StrCat(SATUDATA_SAMPLE_DIR, "/", name); }

simulator::Options WithTokens(absl::Duration lifetime) {
  simulator::Options options;
  options.oauth_client_id = "walidata";
  options.oauth_client_secret = "rahasia";
  options.token_lifetime = lifetime;
  return options;
}

// Takes every token back each time that some more datasets have arrived: more than can be on their way at
// once.
void StealTokens(DeliverySystem& system, const std::stop_token& stop) {
  constexpr uint64_t kDatasets = 70;
  const auto applies = [&] { return system.simulator().truth().TotalsOf(simulator::System::kSplp).applies; };
  for (uint64_t next = kDatasets; !stop.stop_requested(); next = applies() + kDatasets) {
    Await([&] { return stop.stop_requested() || applies() >= next; });
    system.simulator().gateway().credentials().RevokeTokens();
  }
}

TEST(TokensTest, OneTokenServesAllSenders) {
  DeliverySystem system(WithTokens(absl::Hours(1)), SamplePath("content"));
  system.Import(ReadFileOrDie(SamplePath("catalog.jsonl")));
  const sync::Run run = system.RunToTheEnd(system.SyncAll({"splp"}));
  EXPECT_EQ(run.Counts()[State::kConfirmed], 372);
  EXPECT_EQ(system.RequestCount("oauth.token"), 1);
  const Judgement judgement = system.Judge();
  EXPECT_THAT(judgement.false_confirmed, testing::IsEmpty());
  EXPECT_THAT(judgement.contradictions, testing::IsEmpty());
  EXPECT_EQ(judgement.needless_second_effects, 0);
}

// Every token is taken back while requests with it are under way, again and again.
TEST(TokensTest, TokensThatAreTakenBackCostNoRecord) {
  simulator::Options options = WithTokens(absl::Seconds(2));
  options.splp.latency = absl::Milliseconds(20);
  // A request that meets two thefts in a row pauses the target, which is probed soon.
  DeliverySystem system(std::move(options), SamplePath("content"), {}, QuickEngine());
  system.Import(ReadFileOrDie(SamplePath("catalog.jsonl")));
  std::jthread thief([&system](const std::stop_token& stop) { StealTokens(system, stop); });
  const sync::Run run = system.RunToTheEnd(system.SyncAll({"splp"}));
  thief.request_stop();
  thief.join();
  Await([&] { return system.store().GetRun(run.run_id)->Counts()[State::kConfirmed] == 372; });
  const Judgement judgement = system.Judge();
  EXPECT_THAT(judgement.false_confirmed, testing::IsEmpty());
  EXPECT_THAT(judgement.contradictions, testing::IsEmpty());
  EXPECT_EQ(judgement.needless_second_effects, 0);
  std::cout << system.RequestCount("oauth.token") << " tokens, " << system.RequestCount("splp.post")
            << " posts" << std::endl;
  EXPECT_GT(system.RequestCount("oauth.token"), 1);
}

}  // namespace
}  // namespace satudata
