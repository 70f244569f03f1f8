#include "server/telemetry/metrics.h"

#include <string>
#include <thread>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/fakes/fake_engine.h"

namespace satudata::telemetry {
namespace {

using testing::HasSubstr;
using testing::Not;

class MetricsTest : public testing::Test {
 protected:
  Metrics metrics_{{.targets = {"sipd", "splp"}, .version = "1.2.3"}};
};

TEST_F(MetricsTest, ShowsZerosFromTheStart) {
  const std::string text = metrics_.Render();
  EXPECT_THAT(text, HasSubstr("integration_build_info{version=\"1.2.3\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("integration_deliveries_total{state=\"CONFIRMED\",target=\"sipd\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("integration_records_total{state=\"REJECTED\",target=\"splp\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("integration_runs_active 0\n"));
  EXPECT_THAT(text, HasSubstr("integration_store_commit_seconds_count 0\n"));
  // Where nothing ever rests, nothing is counted.
  EXPECT_THAT(text, Not(HasSubstr("SENDING")));
}

TEST_F(MetricsTest, CountsWhatTheEngineTells) {
  metrics_.OnDeliverySettled("sipd", sync::State::kConfirmed, absl::Seconds(2));
  metrics_.OnRecordSettled("sipd", sync::State::kConfirmed, 100);
  metrics_.OnExchange("sipd",
                      {.operation = "push_dssd", .duration = absl::Milliseconds(40), .http_code = 200});
  metrics_.OnExchange("sipd", {.operation = "push_dssd", .duration = absl::Seconds(40)});
  metrics_.OnRetry("sipd", catalog::Reason::kTargetOutage);
  metrics_.OnRunStarted(sync::RunKind::kSyncAll);
  metrics_.OnRunEnded(sync::RunKind::kSyncAll, sync::RunState::kPartial);
  metrics_.OnChunkLost("splp");
  metrics_.OnChunksExpired(2);
  metrics_.OnCommit(absl::Milliseconds(3));
  metrics_.OnCall("satudata.integration.v1.IntegrationService/GetRun", "NOT_FOUND", absl::Milliseconds(1));
  const std::string text = metrics_.Render();
  for (const char* line :
       {"integration_deliveries_total{state=\"CONFIRMED\",target=\"sipd\"} 1\n",
        "integration_delivery_duration_seconds_sum{target=\"sipd\"} 2\n",
        "integration_records_total{state=\"CONFIRMED\",target=\"sipd\"} 100\n",
        "integration_http_requests_total{code=\"200\",operation=\"push_dssd\",target=\"sipd\"} 1\n",
        "integration_http_requests_total{code=\"none\",operation=\"push_dssd\",target=\"sipd\"} 1\n",
        "integration_http_request_duration_seconds_count{operation=\"push_dssd\",target=\"sipd\"} 2\n",
        "integration_retries_total{reason=\"TARGET_OUTAGE\",target=\"sipd\"} 1\n",
        "integration_runs_total{kind=\"SYNC_ALL\",state=\"PARTIAL\"} 1\n",
        "integration_chunks_lost_total{target=\"splp\"} 1\n", "integration_chunks_expired 2\n",
        "integration_store_commit_seconds_count 1\n",
        "integration_grpc_handled_total{code=\"NOT_FOUND\",method=\"satudata.integration.v1."
        "IntegrationService/"
        "GetRun\"} 1\n",
        "integration_grpc_handling_seconds_count{method=\"satudata.integration.v1.IntegrationService/"
        "GetRun\"} "
        "1\n"}) {
    EXPECT_THAT(text, HasSubstr(line));
  }
}

TEST_F(MetricsTest, AsksTheEngineHowThingsStand) {
  fakes::FakeEngine engine({"sipd", "splp"});
  metrics_.SetEngine(&engine);
  std::string text = metrics_.Render();
  for (const char* name : {"integration_target_circuit_state", "integration_target_in_flight",
                           "integration_target_concurrency_limit", "integration_target_rate_limit",
                           "integration_target_paused", "integration_queue_depth"}) {
    EXPECT_THAT(text, HasSubstr(std::string(name) + "{target=\"sipd\"} 0\n"));
  }
  metrics_.SetEngine(nullptr);
  EXPECT_THAT(metrics_.Render(), HasSubstr("integration_queue_depth{target=\"splp\"} 0\n"));
}

TEST_F(MetricsTest, AsksTheWebServerHowManyCallPages) {
  EXPECT_THAT(metrics_.Render(), HasSubstr("integration_web_streams 0\n"));
  int64_t refused = 2;
  metrics_.SetWeb([&refused] { return Metrics::WebLoad{.streams = 7, .refused = refused}; });
  EXPECT_THAT(metrics_.Render(), HasSubstr("integration_web_refused_total 2\n"));
  refused = 5;
  EXPECT_THAT(metrics_.Render(), HasSubstr("integration_web_refused_total 5\n"));
  metrics_.SetWeb(nullptr);
  EXPECT_THAT(metrics_.Render(), HasSubstr("integration_web_streams 7\n"));
}

TEST_F(MetricsTest, CountsFromManyThreads) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([this] {
      for (int j = 0; j < 1000; ++j) metrics_.OnRecordSettled("splp", sync::State::kRejected, 2);
      metrics_.Render();
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(metrics_.Render(),
              HasSubstr("integration_records_total{state=\"REJECTED\",target=\"splp\"} 8000\n"));
}

TEST_F(MetricsTest, ShowsWhatWaitsAndForgetsWhatDoesNotAnyMore) {
  sync::Vitals vitals;
  vitals.stored.resting = {{"sipd", sync::State::kParked, 3, absl::FromUnixSeconds(940)}};
  vitals.stored.sync_times = {{"sipd", absl::FromUnixSeconds(900)}};
  vitals.longest_stall = absl::Seconds(7);
  metrics_.SetStore([&vitals] {
    return Metrics::StoreState{true, std::make_shared<const sync::Vitals>(vitals),
                               absl::FromUnixSeconds(1000)};
  });
  const std::string text = metrics_.Render();
  EXPECT_THAT(text, HasSubstr("integration_files_waiting{state=\"PARKED\",target=\"sipd\"} 3\n"));
  EXPECT_THAT(text,
              HasSubstr("integration_files_waiting_oldest_seconds{state=\"PARKED\",target=\"sipd\"} 60\n"));
  EXPECT_THAT(text, HasSubstr("integration_last_sync_seconds{target=\"sipd\"} 900\n"));
  EXPECT_THAT(text, HasSubstr("integration_run_stalled_seconds 7\n"));
  vitals.stored.resting.clear();
  EXPECT_THAT(metrics_.Render(),
              HasSubstr("integration_files_waiting{state=\"PARKED\",target=\"sipd\"} 0\n"));
}

}  // namespace
}  // namespace satudata::telemetry
