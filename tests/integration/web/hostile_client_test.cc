// Clients that mean harm, or only too many of them: streams that run go on, and pages are served.
#include <sys/resource.h>

#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/integration/web/web_fixture.h"

namespace satudata::web {
namespace {

constexpr absl::Duration kSoon = absl::Seconds(5);
// A page on a busy machine; without a thread for it, it would take the idle limit.
constexpr absl::Duration kQuickly = absl::Seconds(3);

class HostileClientTest : public WebTest {
 protected:
  explicit HostileClientTest(WebServerOptions options = {.max_calls = 8, .page_threads = 4})
      : WebTest(options) {
    // Both ends of every connection are in this process.
    rlimit files{};
    ::getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = std::min<rlim_t>(files.rlim_max, 4096);
    ::setrlimit(RLIMIT_NOFILE, &files);
  }
};

TEST_F(HostileClientTest, OneStreamTooManyIsRefusedAtOnce) {
  std::vector<std::unique_ptr<Connection>> streams;
  for (int i = 0; i < 8; ++i) streams.push_back(OpenIdleStream());
  EXPECT_EQ(server_->live_calls(), 8U);
  const CallAnswer refused = Call(port(), "Idle", "", {{"accept-language", "en"}});
  EXPECT_EQ(refused.code, 8);
  EXPECT_THAT(refused.trailer("grpc-message"), testing::HasSubstr("All 8 watching connections"));
  EXPECT_NE(refused.trailer("grpc-status-details-bin"), "");
  EXPECT_EQ(server_->refused_calls(), 1);
  EXPECT_LT(LoadPage(), kQuickly);
  streams.pop_back();
  ASSERT_TRUE(Eventually([&] { return server_->live_calls() == 7; }, kSoon));
  EXPECT_EQ(Call(port(), "Echo", "x").code, 0);
}

TEST_F(HostileClientTest, FiveHundredIdleConnectionsDoNoHarm) {
  Connection running(port());
  running.Send(CallRequest("Flood", ""));
  std::vector<std::unique_ptr<Connection>> idle;
  for (int i = 0; i < 500; ++i) idle.push_back(std::make_unique<Connection>(port()));
  EXPECT_LT(LoadPage(), kQuickly);
  EXPECT_EQ(Call(port(), "Echo", "x").code, 0);
  const int64_t written = observed().written;
  EXPECT_TRUE(running.AwaitBytes(2'000'000));
  EXPECT_GT(observed().written, written);
  // Those that were displaced were idle; the last ones are there, and served.
  idle.back()->Send(GetRequest("/"));
  EXPECT_EQ(idle.back()->Receive().body, "<page>");
}

TEST_F(HostileClientTest, FiveHundredAttemptsAtIdleStreamsDoNoHarm) {
  Connection running(port());
  running.Send(CallRequest("Flood", ""));
  ASSERT_TRUE(running.AwaitBytes(1000));
  std::vector<std::unique_ptr<Connection>> attempts;
  for (int i = 0; i < 500; ++i) {
    attempts.push_back(std::make_unique<Connection>(port()));
    attempts.back()->Send(CallRequest("Idle", ""));
  }
  EXPECT_LT(LoadPage(), kQuickly);
  EXPECT_TRUE(running.AwaitBytes(1'000'000));
  EXPECT_TRUE(Eventually([&] { return server_->live_calls() + server_->refused_calls() >= 250; }));
  EXPECT_EQ(server_->live_calls(), 8U);
  EXPECT_LT(LoadPage(), kQuickly);
}

TEST_F(HostileClientTest, AHeadWithoutEndIsRefused) {
  Connection one_line(port());
  one_line.Send("GET / HTTP/1.1\r\nx: " + std::string(40'000, 'x'));
  EXPECT_EQ(one_line.Receive().status, 431);
  Connection many_lines(port());
  std::string head = "GET / HTTP/1.1\r\n";
  for (int i = 0; i < 5000; ++i) absl::StrAppend(&head, "x", i, ": y\r\n");
  many_lines.Send(head);
  const HttpAnswer refused = many_lines.Receive();
  EXPECT_EQ(refused.status, 431);
  EXPECT_EQ(refused.header("content-security-policy"), "default-src 'none'");
  Connection long_line(port());
  long_line.Send(GetRequest("/", {{"x", std::string(9000, 'x')}}));
  EXPECT_EQ(long_line.Receive().status, 400);
  const std::string half(6000, 'x');
  EXPECT_EQ(Call(port(), "Echo", "", {{"x-a", half}, {"x-b", half}, {"x-c", half}}).code, 8);
  EXPECT_EQ(observed().started, 0);
}

TEST_F(HostileClientTest, ABodyWhoseEndIsInDoubtIsRefused) {
  const std::string body = FrameOf("");
  for (const Fields& headers :
       {Fields{{"content-length", "5"}, {"transfer-encoding", "chunked"}},
        Fields{{"content-length", "5"}, {"content-length", "6"}}, Fields{{"content-length", "-5"}},
        Fields{{"content-length", "5x"}}, Fields{{"content-length", "99999999999999999999"}},
        Fields{{"transfer-encoding", "gzip, chunked"}}}) {
    Connection connection(port());
    connection.Send(PostRequest("/test.Service/Echo", body, headers));
    EXPECT_EQ(connection.Receive().status, 400);
    EXPECT_TRUE(connection.IsHungUp(kSoon));
  }
}

TEST_F(HostileClientTest, RandomBytesAreAnsweredOrHungUpOn) {
  std::mt19937 random(20240615);
  const std::vector<std::string> seeds = {CallRequest("Echo", "abc"), GetRequest("/"),
                                          CallRequest("Echo", "abc", {}, "application/grpc-web-text"),
                                          CallRequest("Count", "3 7", {{"grpc-timeout", "1S"}})};
  for (int round = 0; round < 1500; ++round) {
    std::string request = seeds[random() % seeds.size()];
    for (unsigned i = random() % 5; i > 0; --i) {
      const size_t at = random() % request.size();
      switch (random() % 3) {
        case 0:
          request[at] = static_cast<char>(random());
          break;
        case 1:
          request.erase(at, random() % 8);
          break;
        default:
          request.insert(at, 1, static_cast<char>(random()));
      }
      if (request.empty()) request = "\r\n\r\n";
    }
    Connection connection(port());
    connection.Send(request);
    // Most are answered; those that lack an end are left to the request limit.
    if (round % 10 == 0) connection.Receive(absl::Milliseconds(20));
  }
  EXPECT_LT(LoadPage(), kQuickly);
  EXPECT_EQ(Call(port(), "Echo", "x").code, 0);
}

class SlowClientTest : public HostileClientTest {
 protected:
  SlowClientTest()
      : HostileClientTest({.max_calls = 8,
                           .page_threads = 4,
                           .idle_limit = absl::Milliseconds(600),
                           .request_limit = absl::Milliseconds(400),
                           .silence_limit = absl::Milliseconds(400)}) {}
};

TEST_F(SlowClientTest, HalfARequestTakesNoThread) {
  const std::string request = CallRequest("Echo", "abcdefgh");
  std::vector<std::unique_ptr<Connection>> halves;
  for (const size_t size : {size_t{1}, size_t{40}, request.size() - 1}) {
    for (int i = 0; i < 40; ++i) {
      halves.push_back(std::make_unique<Connection>(port()));
      halves.back()->Send(request.substr(0, size));
    }
  }
  EXPECT_LT(LoadPage(), kQuickly);
  for (const auto& half : halves) EXPECT_TRUE(half->IsHungUp(kSoon));
  EXPECT_EQ(observed().started, 0);
}

TEST_F(SlowClientTest, DrippingDoesNotProlongARequest) {
  Connection connection(port());
  const std::string request = GetRequest("/", {{"x", std::string(1000, 'x')}});
  const absl::Time begin = absl::Now();
  size_t sent = 0;
  while (sent < request.size() && connection.Send(request.substr(sent, 1))) {
    ++sent;
    absl::SleepFor(absl::Milliseconds(10));
    if (connection.IsHungUp(absl::Milliseconds(1))) break;
  }
  EXPECT_LT(sent, request.size());
  EXPECT_LT(absl::Now() - begin, kSoon);
}

TEST_F(SlowClientTest, AnIdleConnectionIsClosed) {
  Connection connection(port());
  connection.Send(GetRequest("/"));
  EXPECT_EQ(connection.Receive().status, 200);
  EXPECT_TRUE(connection.IsHungUp(kSoon));
}

}  // namespace
}  // namespace satudata::web
