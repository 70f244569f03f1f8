#include "tests/simulator/admin.h"

#include "gtest/gtest.h"
#include "tests/unit/simulator/running_simulator.h"

namespace satudata::simulator {
namespace {

class AdminTest : public ::testing::Test {
 protected:
  nlohmann::json Get(const std::string& resource) { return JsonOf(simulator_.Get("/admin/" + resource)); }
  int Post(const std::string& resource, const std::string& body) {
    return StatusOf(simulator_.Post("/admin/" + resource, body));
  }

  RunningSimulator simulator_{QuickOptions()};
};

TEST_F(AdminTest, Healthz) { EXPECT_EQ(Get("healthz")["status"], "ok"); }

TEST_F(AdminTest, TruthTellsEverythingOrOneRecord) {
  simulator_.Post("/sipd/push_dssd", PushBody({PushRow(kCode, "9")}));
  simulator_.Post("/splp/datasets", DatasetBody("f1"));
  EXPECT_EQ(Get("truth")["sipd"][kKey]["value"], "9");
  EXPECT_FALSE(Get("truth")["sipd"][kKey].contains("history"));
  EXPECT_EQ(Get("truth?history=1")["splp"]["f1"]["history"][0]["request"], 2);
  EXPECT_EQ(Get(std::string("truth/sipd/") + kKey)["answers"][0]["what"], "ok");
  EXPECT_EQ(Get("truth/splp/f1")["value"]["theme"], "Kependudukan");
  EXPECT_EQ(StatusOf(simulator_.Get("/admin/truth/splp/f2")), 404);
  EXPECT_EQ(StatusOf(simulator_.Get("/admin/truth/sipd/x")), 404);
}

TEST_F(AdminTest, StatsCountByOperationAnswerQuirkAndRefusal) {
  EXPECT_EQ(Post("quirks", R"({"splp.post/html-403": 1, "row-refused": 1})"), 200);
  EXPECT_EQ(Post("poison", R"(["f9"])"), 200);
  simulator_.Post("/splp/datasets", DatasetBody("f1"));
  simulator_.Post("/splp/datasets", DatasetBody("f9"));
  simulator_.Post("/sipd/push_dssd", PushBody({PushRow(kCode, "9"), PushRow(kCode, "9", "2023")}));
  const auto stats = Get("stats");
  EXPECT_EQ(stats["requests"], 3);
  EXPECT_EQ(stats["operations"]["splp.post"]["answers"]["403"], 2);
  EXPECT_EQ(stats["operations"]["splp.post"]["quirks"]["html-403"], 1);
  EXPECT_EQ(stats["operations"]["splp.post"]["refused"]["poison"], 1);
  EXPECT_EQ(stats["operations"]["sipd.push_dssd"]["quirks"]["row-refused"], 2);
  EXPECT_EQ(stats["splp"]["concurrency"]["peak_serving"], 1);
  EXPECT_EQ(stats["sipd"]["held"], 0);
}

TEST_F(AdminTest, StatsCountNeedlessSecondEffects) {
  for (int i = 0; i < 3; ++i) simulator_.Post("/splp/datasets", DatasetBody("f1"));
  simulator_.Post("/sipd/push_dssd", PushBody({PushRow(kCode, "9")}));
  simulator_.Post("/sipd/push_dssd", PushBody({PushRow(kCode, "9.0")}));
  const auto stats = Get("stats");
  EXPECT_EQ(stats["needless_second_effects"], 3);
  EXPECT_EQ(stats["splp"]["needless_second_effects"], 2);
  EXPECT_EQ(stats["splp"]["held"], 1);
}

TEST_F(AdminTest, QuirksAreSwitchedAtRunTime) {
  EXPECT_EQ(Post("quirks", R"({"splp.post/html-200": 1})"), 200);
  EXPECT_EQ(Get("quirks"), nlohmann::json({{"splp.post/html-200", 1.0}}));
  EXPECT_EQ(StatusOf(simulator_.Post("/splp/datasets", DatasetBody("f1"))), 200);
  EXPECT_EQ(Post("quirks", R"({"html-200": 0})"), 200);
  EXPECT_EQ(StatusOf(simulator_.Post("/splp/datasets", DatasetBody("f1"))), 201);
  EXPECT_EQ(Post("quirks", R"({"*": 0.3})"), 200);
  EXPECT_GT(Get("quirks").size(), 100u);
  EXPECT_EQ(Get("quirks/catalogue").size(), QuirkCatalogue().size());
}

TEST_F(AdminTest, OutagesAreSwitchedAtRunTime) {
  EXPECT_EQ(Post("outage", R"({"target": "sipd", "mode": "503"})"), 200);
  EXPECT_EQ(StatusOf(simulator_.Get("/sipd/get_dssd?kodepemda=1612")), 503);
  EXPECT_EQ(Post("outage", R"({"target": "sipd", "mode": "off"})"), 200);
  EXPECT_EQ(StatusOf(simulator_.Get("/sipd/get_dssd?kodepemda=1612")), 200);
}

TEST_F(AdminTest, AQuotaIsSetAtRunTime) {
  EXPECT_EQ(Post("quota", R"({"target": "sipd", "per_second": 0.001})"), 200);
  EXPECT_EQ(StatusOf(simulator_.Get("/sipd/get_dssd?kodepemda=1612")), 200) << "one is in the bucket";
  EXPECT_EQ(StatusOf(simulator_.Get("/sipd/get_dssd?kodepemda=1612")), 429);
  EXPECT_EQ(Post("quota", R"({"target": "sipd", "per_second": 0})"), 200);
  EXPECT_EQ(StatusOf(simulator_.Get("/sipd/get_dssd?kodepemda=1612")), 200);
}

TEST_F(AdminTest, ValuesSetWhatIsThere) {
  EXPECT_EQ(Post("values", R"({"values": [{"kodeindikator": "1.02.000318", "kodepemda": "1612",
                               "tahun": "2024", "data": "9", "final": true}]})"),
            200);
  EXPECT_EQ(JsonOf(simulator_.Get("/sipd/get_dssd_final?kodepemda=1612&tahun=2024"))[0]["data"], "9");
  EXPECT_EQ(Post("values", R"({"remove_values": ["1612.1.02.000318.2024"]})"), 200);
  EXPECT_TRUE(JsonOf(simulator_.Get("/sipd/get_dssd?kodepemda=1612")).empty());
}

TEST_F(AdminTest, FlushAppliesWhatIsPending) {
  Post("quirks", R"({"row-late": 1})");
  simulator_.Post("/sipd/push_dssd", PushBody({PushRow(kCode, "9")}));
  EXPECT_EQ(Get("truth")["pending"][0]["key"], kKey);
  EXPECT_EQ(Get("stats")["pending"], 1);
  EXPECT_EQ(JsonOf(simulator_.Post("/admin/flush", ""))["applied"], 1);
  EXPECT_EQ(Get("truth")["sipd"][kKey]["value"], "9");
}

TEST_F(AdminTest, SleepPutsTheTenantToSleepOnce) {
  EXPECT_EQ(Post("sleep", ""), 200);
  EXPECT_EQ(StatusOf(simulator_.Post("/splp/datasets", DatasetBody("f1"))), 404);
  EXPECT_EQ(StatusOf(simulator_.Post("/splp/datasets", DatasetBody("f1"))), 201);
}

TEST_F(AdminTest, ResetIsTheStartAgain) {
  Post("quirks", R"({"html-200": 0.5})");
  Post("outage", R"({"target": "sipd", "mode": "hang"})");
  simulator_.Post("/splp/datasets", DatasetBody("f1"));
  EXPECT_EQ(Post("reset", ""), 200);
  EXPECT_TRUE(Get("quirks").empty());
  EXPECT_TRUE(Get("truth")["splp"].empty());
  EXPECT_EQ(Get("stats")["requests"], 0);
  EXPECT_EQ(StatusOf(simulator_.Get("/sipd/get_dssd?kodepemda=1612")), 200);
}

TEST_F(AdminTest, RequestsAreKeptNewestFirstWithoutCredentials) {
  simulator_.Get("/splp/datasets/f1", {{"Authorization", "Bearer hush"}, {"traceparent", "00-1-2-01"}});
  simulator_.client().Post("/oauth2/token", "client_secret=hush", "application/x-www-form-urlencoded");
  const auto requests = Get("requests?limit=5");
  ASSERT_EQ(requests.size(), 2u);
  EXPECT_EQ(requests[0]["operation"], "oauth.token");
  EXPECT_EQ(requests[1]["status"], 404);
  EXPECT_EQ(requests[1]["traceparent"], "00-1-2-01");
  EXPECT_EQ(requests.dump().find("hush"), std::string::npos);
  EXPECT_EQ(Get("requests?limit=1").size(), 1u);
}

TEST_F(AdminTest, SaysWhatIsWrongWithARequest) {
  EXPECT_EQ(Post("quirks", R"({"nonsense": 1})"), 400);
  EXPECT_EQ(Post("quirks", R"({"drip": "often"})"), 400);
  EXPECT_EQ(Post("quirks", "[]"), 400);
  EXPECT_EQ(Post("outage", R"({"target": "sipd", "mode": "sometimes"})"), 400);
  EXPECT_EQ(Post("outage", R"({"target": "elsewhere", "mode": "off"})"), 400);
  EXPECT_EQ(Post("quota", R"({"target": "elsewhere", "per_second": 1})"), 400);
  EXPECT_EQ(Post("quota", R"({"target": "sipd", "per_second": -1})"), 400);
  EXPECT_EQ(Post("poison", "{}"), 400);
  EXPECT_EQ(Post("values", "{"), 400);
  EXPECT_EQ(Post("elsewhere", "{}"), 404);
  EXPECT_EQ(StatusOf(simulator_.Get("/admin/requests?limit=x")), 400);
}

TEST(RequestLog, KeepsNoMoreThanItsSize) {
  Options options = QuickOptions();
  options.request_log = 3;
  RunningSimulator simulator(options);
  for (int i = 0; i < 5; ++i) simulator.Get("/splp/datasets/f" + std::to_string(i));
  const auto requests = JsonOf(simulator.Get("/admin/requests"));
  ASSERT_EQ(requests.size(), 3u);
  EXPECT_EQ(requests[0]["target"], "/splp/datasets/f4");
  EXPECT_EQ(requests[2]["ordinal"], 3);
}

TEST(SimulatorStart, RefusesOptionsThatMakeNoSense) {
  Options bad_quirk;
  bad_quirk.quirks = {{"nonsense", 1}};
  EXPECT_EQ(Simulator::Start(bad_quirk).status().code(), absl::StatusCode::kInvalidArgument);
  Options bad_late;
  bad_late.late_min = absl::Seconds(3);
  EXPECT_EQ(Simulator::Start(bad_late).status().code(), absl::StatusCode::kInvalidArgument);
  Options bad_address;
  bad_address.listen = "here";
  EXPECT_EQ(Simulator::Start(bad_address).status().code(), absl::StatusCode::kInvalidArgument);
  Options half_a_client;
  half_a_client.oauth_client_id = "client";
  EXPECT_EQ(Simulator::Start(half_a_client).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(SimulatorStart, SaysThatAnAddressIsTaken) {
  RunningSimulator first(QuickOptions());
  Options options = QuickOptions();
  options.listen = first->address();
  EXPECT_EQ(Simulator::Start(options).status().code(), absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace satudata::simulator
