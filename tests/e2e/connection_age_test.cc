// A server that ends connections by age, and a command that follows a run all the while.
#include <set>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/e2e/stack.h"

namespace satudata::e2e {
namespace {

using testing::HasSubstr;

TEST(ConnectionAge, WhoFollowsARunMissesNothingWhenConnectionsEnd) {
  Stack stack({.simulator_flags = {"--state", SamplePath("targets.json"), "--latency", "100ms"},
               .settings = {{"CONNECTION_AGE", "1s"}, {"CONNECTION_GRACE", "0s"}}});
  ASSERT_EQ(stack.Ctl({"import", SamplePath("catalog.jsonl")}).code, 0);
  const Finished synced = stack.Ctl({"sync-all", "-o", "json"});
  EXPECT_EQ(synced.code, 1) << "refused records mean that it did not succeed: " << synced.errors;
  EXPECT_THAT(synced.errors, HasSubstr("connection lost"));
  EXPECT_THAT(synced.errors, HasSubstr("reconnecting"));
  std::set<std::string> told;
  std::string run_id;
  for (const auto& event : synced.Lines()) {
    run_id = event.at("runId").get<std::string>();
    if (event.contains("delivery")) told.insert(event["delivery"].at("deliveryId").get<std::string>());
  }
  EXPECT_EQ(synced.Lines().back().at("snapshot").at("state"), "STATE_PARTIAL");
  std::set<std::string> held;
  for (const auto& delivery : stack.Ctl({"deliveries", "--run", run_id, "-o", "json"}).Lines()) {
    held.insert(delivery.at("deliveryId").get<std::string>());
  }
  EXPECT_GT(held.size(), 400U);
  EXPECT_EQ(told, held);
}

}  // namespace
}  // namespace satudata::e2e
