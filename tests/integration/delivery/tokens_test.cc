// SPLP behind a gateway that gives tokens for a short time and takes them back.
#include <chrono>
#include <iostream>
#include <string>
#include <thread>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
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
  DeliverySystem system(std::move(options), SamplePath("content"));
  system.Import(ReadFileOrDie(SamplePath("catalog.jsonl")));
  std::jthread thief([&system](const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      system.simulator().gateway().credentials().RevokeTokens();
      std::this_thread::sleep_for(std::chrono::milliseconds(150));
    }
  });
  const sync::Run run = system.RunToTheEnd(system.SyncAll({"splp"}));
  thief.request_stop();
  thief.join();
  EXPECT_EQ(run.Counts()[State::kConfirmed], 372);
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
