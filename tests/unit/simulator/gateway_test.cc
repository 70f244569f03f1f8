// What stands before both systems: credentials, tokens, quotas, slots, outages, the sleeping tenant.
#include "tests/simulator/gateway.h"

#include <thread>
#include <vector>

#include "gtest/gtest.h"
#include "tests/fakes/fake_clock.h"
#include "tests/simulator/slots.h"
#include "tests/unit/simulator/running_simulator.h"

namespace satudata::simulator {
namespace {

httplib::Headers Bearer(const std::string& key) { return {{"Authorization", "Bearer " + key}}; }

TEST(Credentials, AStaticKeyOpensItsOwnSystemOnly) {
  Options options = QuickOptions();
  options.splp.key = "k1";
  options.sipd.key = "k2";
  RunningSimulator simulator(options);
  EXPECT_EQ(StatusOf(simulator.Post("/splp/datasets", DatasetBody("f1"), Bearer("k1"))), 201);
  const auto refused = simulator.Post("/splp/datasets", DatasetBody("f1"), Bearer("k2"));
  EXPECT_EQ(StatusOf(refused), 401);
  EXPECT_EQ(JsonOf(refused)["code"], "900901");
  EXPECT_EQ(StatusOf(simulator.Post("/splp/datasets", DatasetBody("f1"))), 401);
  EXPECT_EQ(StatusOf(simulator.Get("/sipd/get_dssd?kodepemda=1612", Bearer("k2"))), 200);
}

TEST(Credentials, HeaderPrefixAndSecondHeaderAreConfigurable) {
  Options options = QuickOptions();
  options.splp.key = "k1";
  options.splp.header = "AuthorizationSPLP";
  options.splp.prefix = "";
  options.splp.second_header = "x-api-key";
  options.splp.second_value = "k9";
  RunningSimulator simulator(options);
  EXPECT_EQ(StatusOf(simulator.Get("/splp/datasets/f1", {{"AuthorizationSPLP", "k1"}, {"x-api-key", "k9"}})),
            404);
  EXPECT_EQ(StatusOf(simulator.Get("/splp/datasets/f1", {{"AuthorizationSPLP", "k1"}})), 401);
  EXPECT_EQ(StatusOf(simulator.Get("/splp/datasets/f1", {{"x-api-key", "k9"}})), 401);
}

class OAuthTest : public ::testing::Test {
 protected:
  static Options WithClient() {
    Options options = QuickOptions();
    options.oauth_client_id = "client";
    options.oauth_client_secret = "secret";
    options.token_lifetime = absl::Minutes(10);
    return options;
  }
  httplib::Result Ask(const httplib::Headers& headers, const std::string& form) {
    return simulator_.client().Post("/oauth2/token", headers, form, "application/x-www-form-urlencoded");
  }
  int StatusWith(const std::string& token) {
    return StatusOf(simulator_.Get("/splp/datasets/f1", Bearer(token)));
  }

  fakes::FakeClock clock_;
  RunningSimulator simulator_{WithClient(), &clock_};
};

TEST_F(OAuthTest, ClientIsKnownByBasicOrByForm) {
  // base64("client:secret")
  const auto basic = Ask({{"Authorization", "Basic Y2xpZW50OnNlY3JldA=="}}, "grant_type=client_credentials");
  EXPECT_EQ(JsonOf(basic)["expires_in"], 600);
  EXPECT_EQ(StatusWith(JsonOf(basic)["access_token"]), 404);
  const auto form = Ask({}, "grant_type=client_credentials&client_id=client&client_secret=secret");
  EXPECT_EQ(StatusWith(JsonOf(form)["access_token"]), 404);
}

TEST_F(OAuthTest, RefusesAnotherClientOrGrant) {
  EXPECT_EQ(StatusOf(Ask({}, "grant_type=client_credentials&client_id=client&client_secret=x")), 401);
  EXPECT_EQ(StatusOf(Ask({}, "grant_type=password&client_id=client&client_secret=secret")), 400);
  EXPECT_EQ(StatusWith("invented"), 401);
}

TEST_F(OAuthTest, TokensExpireAndCanBeRevoked) {
  const std::string form = "grant_type=client_credentials&client_id=client&client_secret=secret";
  const std::string token = JsonOf(Ask({}, form))["access_token"];
  clock_.Advance(absl::Minutes(10));
  EXPECT_EQ(StatusWith(token), 401);
  const std::string another = JsonOf(Ask({}, form))["access_token"];
  EXPECT_EQ(StatusWith(another), 404);
  EXPECT_EQ(StatusOf(simulator_.Post("/admin/tokens/revoke", "")), 200);
  EXPECT_EQ(StatusWith(another), 401);
}

TEST(GatewayQuota, RefusesBeyondTheBurstAndTellsNothingOfIt) {
  fakes::FakeClock clock;
  Options options = QuickOptions();
  options.splp.quota = 10;
  options.splp.quota_burst = 2;
  RunningSimulator simulator(options, &clock);
  EXPECT_EQ(StatusOf(simulator.Get("/splp/datasets/f1")), 404);
  EXPECT_EQ(StatusOf(simulator.Get("/splp/datasets/f1")), 404);
  const auto refused = simulator.Get("/splp/datasets/f1");
  EXPECT_EQ(StatusOf(refused), 429);
  EXPECT_EQ(JsonOf(refused)["fault"]["code"], 900802);
  EXPECT_FALSE(refused->has_header("Retry-After"));
  EXPECT_FALSE(JsonOf(refused)["fault"].contains("nextAccessTime"));
  EXPECT_EQ(StatusOf(simulator.Get("/sipd/get_dssd?kodepemda=1612")), 200);
  clock.Advance(absl::Milliseconds(100));
  EXPECT_EQ(StatusOf(simulator.Get("/splp/datasets/f1")), 404);
  EXPECT_EQ(JsonOf(simulator.Get("/admin/stats"))["refused_by_quota"], 1);
}

TEST(GatewayQuota, AMinutesQuotaSaysWhenItEnds) {
  fakes::FakeClock clock(absl::FromUnixSeconds(1704067200));
  Options options = QuickOptions();
  options.sipd.quota_per_minute = 1;
  RunningSimulator simulator(options, &clock);
  simulator.Get("/sipd/get_dssd?kodepemda=1612");
  const auto refused = simulator.Get("/sipd/get_dssd?kodepemda=1612");
  EXPECT_EQ(JsonOf(refused)["fault"]["nextAccessTime"], "2024-Jan-01 00:01:00+0000 UTC");
}

TEST(GatewayQuota, TheHintIsAChoice) {
  fakes::FakeClock clock;
  Options options = QuickOptions();
  options.splp.quota = 1;
  options.quota_hint = QuotaHint::kSeconds;
  RunningSimulator simulator(options, &clock);
  simulator.Get("/splp/datasets/f1");
  EXPECT_EQ(simulator.Get("/splp/datasets/f1")->get_header_value("Retry-After"), "1");
}

TEST(Slots, RefusePolicyTurnsAwayWhoComesTooMany) {
  Slots slots(1, SlotPolicy::kRefuse);
  EXPECT_TRUE(slots.Enter());
  EXPECT_FALSE(slots.Enter());
  slots.Leave();
  EXPECT_TRUE(slots.Enter());
  EXPECT_EQ(slots.figures().over_limit, 1u);
  EXPECT_EQ(slots.figures().peak_serving, 1);
  EXPECT_EQ(slots.figures().peak_offered, 2);
}

TEST(Slots, QueuePolicyNeverServesMoreThanItHas) {
  Slots slots(3, SlotPolicy::kQueue);
  std::vector<std::thread> threads;
  for (int i = 0; i < 12; ++i) {
    threads.emplace_back([&slots] {
      for (int n = 0; n < 200; ++n) {
        ASSERT_TRUE(slots.Enter());
        std::this_thread::yield();
        slots.Leave();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_LE(slots.figures().peak_serving, 3);
  EXPECT_EQ(slots.figures().offered, 0);
}

TEST(Slots, StopWakesThoseWhoWait) {
  Slots slots(1, SlotPolicy::kQueue);
  ASSERT_TRUE(slots.Enter());
  std::thread waiting([&slots] { EXPECT_FALSE(slots.Enter()); });
  while (slots.figures().offered < 2) std::this_thread::yield();
  slots.Stop();
  waiting.join();
}

TEST(Outage, EachModeHasItsFaceAndNothingIsApplied) {
  RunningSimulator simulator(QuickOptions());
  const auto during = [&](Outage outage) {
    simulator->gateway().SetOutage(System::kSplp, outage);
    return StatusOf(simulator.Post("/splp/datasets", DatasetBody("f1")));
  };
  EXPECT_EQ(during(Outage::kRefuse), 0);
  EXPECT_EQ(during(Outage::kHang), 0);
  EXPECT_EQ(during(Outage::k503), 503);
  EXPECT_EQ(StatusOf(simulator.Get("/sipd/get_dssd?kodepemda=1612")), 200);
  EXPECT_EQ(simulator->truth().TotalsOf(System::kSplp).applies, 0u);
  EXPECT_EQ(during(Outage::kOff), 201);
}

TEST(Tenant, FirstCallAfterSilenceFailsAndWakesIt) {
  fakes::FakeClock clock;
  Options options = QuickOptions();
  options.tenant_idle = absl::Minutes(30);
  RunningSimulator simulator(options, &clock);
  const auto first = simulator.Post("/splp/datasets", DatasetBody("f1"));
  EXPECT_EQ(StatusOf(first), 404);
  EXPECT_EQ(JsonOf(first)["type"], "Status report");
  EXPECT_EQ(StatusOf(simulator.Post("/splp/datasets", DatasetBody("f1"))), 201);
  clock.Advance(absl::Minutes(29));
  EXPECT_EQ(StatusOf(simulator.Get("/splp/datasets/f1")), 200);
  clock.Advance(absl::Minutes(31));
  EXPECT_EQ(StatusOf(simulator.Get("/splp/datasets/f1")), 404);
  EXPECT_EQ(StatusOf(simulator.Get("/splp/datasets/f1")), 200);
}

}  // namespace
}  // namespace satudata::simulator
