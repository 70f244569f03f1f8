// File: web_fixture.h
//
// The real web server over a scripted gRPC service, on a real socket.
#ifndef TESTS_INTEGRATION_WEB_WEB_FIXTURE_H_
#define TESTS_INTEGRATION_WEB_WEB_FIXTURE_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "server/base/clock.h"
#include "server/rpc/status.h"
#include "server/web/web_server.h"
#include "tests/integration/web/scripted_service.h"
#include "tests/integration/web/web_client.h"

namespace satudata::web {

// Other threads and the kernel do what is waited for, and tell nobody.
template <typename Condition>
bool Eventually(Condition condition, absl::Duration limit = absl::Seconds(20)) {
  const absl::Time end = absl::Now() + limit;
  while (!condition()) {
    if (absl::Now() > end) return false;
    absl::SleepFor(absl::Milliseconds(2));
  }
  return true;
}

class WebTest : public testing::Test {
 public:
  // No call may be left behind, whatever the test did to it.
  ~WebTest() override {
    server_.reset();
    EXPECT_TRUE(Eventually([&] { return observed().done == observed().started; }));
  }

 protected:
  explicit WebTest(WebServerOptions options = {}) {
    options.service_prefix = "test.";
    auto server = StartWebServer(options, {{"/index.html", "<page>"}, {"/assets/a.js", "script"}},
                                 service_.Channel(), rpc::ToGrpcStatus, clock_);
    EXPECT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
  }
  int port() const { return server_->port(); }
  Observed& observed() { return service_.observed(); }
  // How long a page takes; the test fails if it does not come.
  absl::Duration LoadPage() {
    const absl::Time begin = absl::Now();
    Connection connection(port());
    connection.Send(GetRequest("/"));
    EXPECT_EQ(connection.Receive().body, "<page>");
    return absl::Now() - begin;
  }
  // A connection with a stream that has begun and says nothing.
  std::unique_ptr<Connection> OpenIdleStream() {
    const int before = observed().started;
    auto connection = std::make_unique<Connection>(port());
    connection->Send(CallRequest("Idle", ""));
    EXPECT_TRUE(Eventually([&] { return observed().started > before; }));
    return connection;
  }

  base::SystemClock clock_;
  ScriptedServer service_;
  std::unique_ptr<WebServer> server_;
};

}  // namespace satudata::web

#endif  // TESTS_INTEGRATION_WEB_WEB_FIXTURE_H_
