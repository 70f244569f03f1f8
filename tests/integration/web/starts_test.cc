// The two web servers begin and end many times within one process, among connections at every stage: nothing
// is left behind.
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "gtest/gtest.h"
#include "server/admin/admin_server.h"
#include "tests/integration/web/web_fixture.h"

namespace satudata::web {
namespace {

constexpr int kStarts = 30;

// Each has all of WebTest's connections open while its destructor stops it and awaits the end of its calls.
class StartsTest : public WebTest, public testing::WithParamInterface<int> {};

TEST_P(StartsTest, AServerEndsAmongConnectionsAtEveryStage) {
  std::vector<std::unique_ptr<Connection>> connections;
  for (int i = 0; i < GetParam() % 4; ++i) connections.push_back(OpenIdleStream());
  for (int i = 0; i < 3; ++i) {
    connections.push_back(std::make_unique<Connection>(port()));
    if (i > 0) connections.back()->Send("POST /test.Scripted/Echo HTTP/1.1\r\nHost: x\r\nContent-Le");
  }
  if (GetParam() % 2 == 0) connections.clear();
  server_.reset();
}

INSTANTIATE_TEST_SUITE_P(Many, StartsTest, testing::Range(0, kStarts));

TEST(AdminStartsTest, AServerEndsAmongConnectionsAtEveryStage) {
  for (int i = 0; i < kStarts; ++i) {
    auto server = admin::StartAdminServer(
        {}, {.metrics = [] { return "metric 1\n"; }, .readiness = [] { return absl::OkStatus(); }});
    ASSERT_TRUE(server.ok()) << server.status();
    Connection silent((*server)->port());
    Connection half((*server)->port());
    half.Send("GET /metrics HTTP/1.1\r\nHost:");
    Connection asking((*server)->port());
    asking.Send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
    if (i % 2 == 0) {
      EXPECT_EQ(asking.Receive().body, "ok\n");
    }
  }
}

}  // namespace
}  // namespace satudata::web
