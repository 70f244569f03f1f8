// Clients that go away, stop reading or fall silent: the call behind them ends, and nothing stays.
#include <sys/socket.h>

#include <string>
#include <utility>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/integration/web/web_fixture.h"

namespace satudata::web {
namespace {

// Half a second and what a busy machine adds.
constexpr absl::Duration kSoon = absl::Seconds(5);

class GoneClientTest : public WebTest {
 protected:
  explicit GoneClientTest(WebServerOptions options = {}) : WebTest(options) {}

  bool AllEndSoon() {
    return Eventually([&] { return observed().done == observed().started && server_->live_calls() == 0; },
                      kSoon);
  }
  // A stream that nobody reads, for which the service can write no more.
  std::unique_ptr<Connection> OpenStuckStream() {
    auto connection = std::make_unique<Connection>(port());
    const int small = 4096;
    ::setsockopt(connection->fd(), SOL_SOCKET, SO_RCVBUF, &small, sizeof(small));
    connection->Send(CallRequest("Flood", ""));
    int64_t last = -1;
    EXPECT_TRUE(Eventually([&] {
      const int64_t before = std::exchange(last, observed().written.load());
      absl::SleepFor(absl::Milliseconds(100));
      return last > 0 && before == last;
    }));
    return connection;
  }
};

TEST_F(GoneClientTest, FromAnIdleStream) {
  for (int i = 0; i < 5; ++i) {
    OpenIdleStream()->HangUp();
    ASSERT_TRUE(AllEndSoon());
  }
  EXPECT_EQ(observed().cancelled, 5);
}

TEST_F(GoneClientTest, BeforeTheHeadersAreKnown) {
  Connection connection(port());
  connection.Send(CallRequest("Silent", ""));
  ASSERT_TRUE(Eventually([&] { return observed().started == 1; }));
  connection.HangUp();
  EXPECT_TRUE(AllEndSoon());
  EXPECT_EQ(observed().cancelled, 1);
}

TEST_F(GoneClientTest, FromAStreamThatIsParked) {
  for (int i = 0; i < 10; ++i) {
    OpenStuckStream()->HangUp();
    ASSERT_TRUE(AllEndSoon()) << i;
  }
}

TEST_F(GoneClientTest, WithRequestsStillOnTheWay) {
  Connection connection(port());
  connection.Send(CallRequest("Idle", "") + GetRequest("/") + GetRequest("/"));
  ASSERT_TRUE(Eventually([&] { return observed().started == 1; }));
  connection.HangUp();
  EXPECT_TRUE(AllEndSoon());
}

TEST_F(GoneClientTest, InTheMiddleOfAStream) {
  for (int i = 0; i < 20; ++i) {
    Connection connection(port());
    connection.Send(CallRequest("Flood", ""));
    ASSERT_TRUE(connection.AwaitBytes(100'000));
    connection.HangUp();
    ASSERT_TRUE(AllEndSoon());
  }
}

class ImpatientTest : public GoneClientTest {
 protected:
  ImpatientTest() : GoneClientTest({.silence_limit = absl::Milliseconds(300)}) {}
};

TEST_F(ImpatientTest, AReaderThatNeverReadsIsGivenUpAndCostsLittle) {
  const auto connection = OpenStuckStream();
  // High-water mark and sockets; never all that the service has.
  EXPECT_LT(observed().written, 12'000);
  EXPECT_TRUE(AllEndSoon());
  EXPECT_EQ(observed().cancelled, 1);
}

TEST_F(ImpatientTest, OneThatReadsSlowlyIsServed) {
  Connection connection(port());
  connection.Send(CallRequest("Count", "200000"));
  // Twice as long as one that takes nothing would be borne.
  for (size_t size = 20'000; size < 1'200'000; size += 20'000) {
    ASSERT_TRUE(connection.AwaitBytes(size));
    absl::SleepFor(absl::Milliseconds(10));
  }
  const CallAnswer answer = TakeApart(connection.Receive());
  EXPECT_EQ(answer.messages.size(), 200'000U);
  EXPECT_EQ(answer.code, 0);
}

TEST_F(GoneClientTest, TheServerStopsWithoutWaitingForThem) {
  const auto idle = OpenIdleStream();
  const auto stuck = OpenStuckStream();
  Connection silent(port());
  Connection kept(port());
  kept.Send(GetRequest("/"));
  EXPECT_EQ(kept.Receive().status, 200);
  const absl::Time begin = absl::Now();
  server_->Stop(absl::Milliseconds(100));
  EXPECT_LT(absl::Now() - begin, kSoon);
  EXPECT_TRUE(kept.IsHungUp(kSoon));
  EXPECT_TRUE(idle->IsHungUp(kSoon));
}

TEST_F(GoneClientTest, AStreamThatEndsInTheGraceEndsWhole) {
  Connection connection(port());
  connection.Send(CallRequest("Idle", "", {{"grpc-timeout", "400m"}}));
  ASSERT_TRUE(Eventually([&] { return observed().started == 1; }));
  server_->Stop(absl::Seconds(20));
  EXPECT_EQ(TakeApart(connection.Receive()).code, 4);
}

}  // namespace
}  // namespace satudata::web
