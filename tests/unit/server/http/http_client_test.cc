#include "server/http/http_client.h"

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/synchronization/notification.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/base/stop.h"
#include "tests/fakes/fake_clock.h"
#include "tests/unit/server/http/raw_peer.h"

namespace satudata::http {
namespace {

using ::testing::HasSubstr;

constexpr absl::string_view kOk = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
// Far above what a local exchange takes and far below what any of httplib's own timeouts would allow.
constexpr absl::Duration kSoon = absl::Seconds(3);

std::unique_ptr<HttpClient> ClientFor(const std::string& url, base::Clock& clock) {
  auto client = NewHttpClient({.base_url = url}, clock);
  EXPECT_TRUE(client.ok()) << client.status();
  return *std::move(client);
}

class HttpClientTest : public ::testing::Test {
 protected:
  Limits Within(absl::Duration limit) { return {.deadline = base::Deadline::After(clock_, limit)}; }
  base::SystemClock clock_;
};

// Answers every request of every connection with the same bytes.
RawPeer::Serve AlwaysAnswer(std::string answer) {
  return [answer](RawConnection& connection, int) {
    while (!connection.ReadRequest().empty()) connection.Write(answer);
  };
}

// Answers the first request of each connection with these bytes and hangs up.
RawPeer::Serve AnswerOnceAndHangUp(std::string answer) {
  return [answer](RawConnection& connection, int) {
    if (!connection.ReadRequest().empty()) connection.Write(answer);
  };
}

TEST_F(HttpClientTest, HandsOnStatusHeadersAndBody) {
  RawPeer peer(AlwaysAnswer("HTTP/1.1 422 Unprocessable\r\nX-Trace: a\r\nContent-Length: 3\r\n\r\nabc"));
  auto client = ClientFor(peer.Url(), clock_);
  const Result result = client->Do({.path = "/x"}, Within(kSoon));
  ASSERT_TRUE(result.answer.has_value()) << result.error_detail;
  EXPECT_EQ(result.answer->status, 422);
  EXPECT_EQ(result.answer->body, "abc");
  EXPECT_EQ(result.answer->Header("x-trace"), "a");
  EXPECT_EQ(result.answer->Header("x-other"), "");
  EXPECT_EQ(result.error, TransportError::kNone);
}

TEST_F(HttpClientTest, SendsMethodPathHeadersAndBodyAsGiven) {
  std::string seen;
  RawPeer peer([&](RawConnection& connection, int) {
    seen = connection.ReadRequest();
    connection.Write(kOk);
  });
  auto client = ClientFor(peer.Url(), clock_);
  const Result result = client->Do({.method = "PUT",
                                    .path = "/t/a%2Fb?kodepemda=1612&q=%20",
                                    .headers = {{"apikey", "k"}},
                                    .body = "{\"a\":1}"},
                                   Within(kSoon));
  ASSERT_TRUE(result.answer.has_value());
  EXPECT_THAT(seen, HasSubstr("PUT /t/a%2Fb?kodepemda=1612&q=%20 HTTP/1.1\r\n"));
  EXPECT_THAT(seen, HasSubstr("apikey: k\r\n"));
  EXPECT_THAT(seen, HasSubstr("Content-Type: application/json\r\n"));
  EXPECT_THAT(seen, HasSubstr("User-Agent: satudata-integration\r\n"));
  EXPECT_THAT(seen, HasSubstr("\r\n\r\n{\"a\":1}"));
}

TEST_F(HttpClientTest, KeepsOneConnectionForManyExchanges) {
  RawPeer peer(AlwaysAnswer(std::string(kOk)));
  auto client = ClientFor(peer.Url(), clock_);
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(client->Do({.path = "/"}, Within(kSoon)).answer.has_value());
  EXPECT_EQ(peer.connection_count(), 1);
}

TEST_F(HttpClientTest, HangsUpBeforeAServerWouldOnAnIdleConnection) {
  fakes::FakeClock clock;
  RawPeer peer(AlwaysAnswer(std::string(kOk)));
  auto client = ClientFor(peer.Url(), clock);
  ASSERT_TRUE(client->Do({.path = "/"}, {}).answer.has_value());
  clock.Advance(absl::Seconds(3));
  ASSERT_TRUE(client->Do({.path = "/"}, {}).answer.has_value());
  EXPECT_EQ(peer.connection_count(), 1);
  clock.Advance(absl::Seconds(4));
  ASSERT_TRUE(client->Do({.path = "/"}, {}).answer.has_value());
  EXPECT_EQ(peer.connection_count(), 2);
}

TEST_F(HttpClientTest, HangsUpOnIdleConnectionsByItself) {
  absl::Notification hung_up;
  RawPeer peer([&](RawConnection& connection, int) {
    connection.ReadRequest();
    connection.Write(kOk);
    if (connection.ReadRequest().empty()) hung_up.Notify();
  });
  auto client = NewHttpClient({.base_url = peer.Url(), .max_idle_time = absl::Milliseconds(20)}, clock_);
  ASSERT_TRUE(client.ok());
  ASSERT_TRUE((*client)->Do({.path = "/"}, Within(kSoon)).answer.has_value());
  EXPECT_TRUE(hung_up.WaitForNotificationWithTimeout(absl::Seconds(20)));
}

TEST_F(HttpClientTest, KeepsNoMoreConnectionsThanAllowed) {
  RawPeer peer(AlwaysAnswer(std::string(kOk)));
  auto client = NewHttpClient({.base_url = peer.Url(), .max_idle_connections = 0}, clock_);
  ASSERT_TRUE(client.ok());
  ASSERT_TRUE((*client)->Do({.path = "/"}, Within(kSoon)).answer.has_value());
  ASSERT_TRUE((*client)->Do({.path = "/"}, Within(kSoon)).answer.has_value());
  EXPECT_EQ(peer.connection_count(), 2);
}

TEST_F(HttpClientTest, LeavesAConnectionThatThePeerClosed) {
  RawPeer peer(AnswerOnceAndHangUp(std::string(kOk)));
  auto client = ClientFor(peer.Url(), clock_);
  ASSERT_TRUE(client->Do({.method = "POST", .path = "/", .body = "1"}, Within(kSoon)).answer.has_value());
  // The hang-up may still be on its way: then the second exchange is broken, but it never counts as unsent.
  const Result second = client->Do({.method = "POST", .path = "/", .body = "2"}, Within(kSoon));
  EXPECT_TRUE(second.answer.has_value() || second.error == TransportError::kBroken);
}

TEST_F(HttpClientTest, DoesNotReuseAConnectionThatSaidClose) {
  RawPeer peer(AlwaysAnswer("HTTP/1.1 200 OK\r\nConnection: Close\r\nContent-Length: 2\r\n\r\n{}"));
  auto client = ClientFor(peer.Url(), clock_);
  ASSERT_TRUE(client->Do({.path = "/"}, Within(kSoon)).answer.has_value());
  ASSERT_TRUE(client->Do({.path = "/"}, Within(kSoon)).answer.has_value());
  EXPECT_EQ(peer.connection_count(), 2);
}

TEST_F(HttpClientTest, DoesNotReuseAConnectionWithUnaskedBytes) {
  RawPeer peer(AlwaysAnswer(absl::StrCat(kOk, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nother")));
  auto client = ClientFor(peer.Url(), clock_);
  ASSERT_TRUE(client->Do({.path = "/"}, Within(kSoon)).answer.has_value());
  const Result second = client->Do({.path = "/"}, Within(kSoon));
  ASSERT_TRUE(second.answer.has_value());
  EXPECT_EQ(second.answer->body, "{}");
}

TEST_F(HttpClientTest, ARefusedDialLeavesNothingBehind) {
  int port = 0;
  {
    port = RawPeer([](RawConnection&, int) {}).port();
  }
  auto client = ClientFor(absl::StrCat("http://127.0.0.1:", port), clock_);
  const Result result = client->Do({.method = "POST", .path = "/", .body = "x"}, Within(kSoon));
  EXPECT_EQ(result.error, TransportError::kConnect);
  EXPECT_FALSE(result.MayHaveArrived());
  EXPECT_FALSE(result.answer.has_value());
}

TEST_F(HttpClientTest, AHangUpAfterTheRequestIsBroken) {
  RawPeer peer([](RawConnection& connection, int) { connection.ReadRequest(); });
  auto client = ClientFor(peer.Url(), clock_);
  const Result result = client->Do({.method = "POST", .path = "/", .body = "x"}, Within(kSoon));
  EXPECT_EQ(result.error, TransportError::kBroken);
  EXPECT_TRUE(result.MayHaveArrived());
  EXPECT_EQ(peer.connection_count(), 1);  // Not sent again.
}

TEST_F(HttpClientTest, AResetOnAReusedConnectionIsBrokenAndNotRepeated) {
  std::atomic<int> requests = 0;
  RawPeer peer([&](RawConnection& connection, int) {
    if (connection.ReadRequest().empty()) return;
    ++requests;
    connection.Write(kOk);
    if (connection.ReadRequest().empty()) return;
    ++requests;
    connection.ResetOnClose();
  });
  auto client = ClientFor(peer.Url(), clock_);
  ASSERT_TRUE(client->Do({.method = "POST", .path = "/", .body = "1"}, Within(kSoon)).answer.has_value());
  const Result second = client->Do({.method = "POST", .path = "/", .body = "2"}, Within(kSoon));
  EXPECT_EQ(second.error, TransportError::kBroken);
  EXPECT_EQ(requests, 2);
}

struct BrokenAnswer {
  const char* name;
  const char* bytes;
};

class BrokenAnswerTest : public HttpClientTest, public ::testing::WithParamInterface<BrokenAnswer> {};

TEST_P(BrokenAnswerTest, IsNeverAnAnswer) {
  RawPeer peer(AnswerOnceAndHangUp(GetParam().bytes));
  auto client = ClientFor(peer.Url(), clock_);
  const Result result = client->Do({.path = "/"}, Within(kSoon));
  EXPECT_FALSE(result.answer.has_value());
  EXPECT_EQ(result.error, TransportError::kBroken);
}

INSTANTIATE_TEST_SUITE_P(
    Shapes, BrokenAnswerTest,
    ::testing::Values(
        BrokenAnswer{"Nothing", ""}, BrokenAnswer{"Garbage", "lorem ipsum\r\n\r\n"},
        BrokenAnswer{"HalfAStatusLine", "HTTP/1.1 20"},
        BrokenAnswer{"HalfAHead", "HTTP/1.1 200 OK\r\nContent-Type: text/pl"},
        BrokenAnswer{"HeadWithoutItsEnd", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n"},
        BrokenAnswer{"HalfABody", "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{\"data\":[]"},
        BrokenAnswer{"NoBody", "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n"},
        BrokenAnswer{"HalfAChunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\n[1,2,"},
        BrokenAnswer{"NoLastChunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n[]\r\n"}),
    [](const auto& info) { return info.param.name; });

TEST_F(HttpClientTest, ReadsAnAnswerThatEndsWithTheConnection) {
  RawPeer peer(AnswerOnceAndHangUp("HTTP/1.1 200 OK\r\n\r\n[1]"));
  auto client = ClientFor(peer.Url(), clock_);
  const Result result = client->Do({.path = "/"}, Within(kSoon));
  ASSERT_TRUE(result.answer.has_value()) << result.error_detail;
  EXPECT_EQ(result.answer->body, "[1]");
}

TEST_F(HttpClientTest, ReadsChunks) {
  RawPeer peer(
      AlwaysAnswer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n[1,\r\n2\r\n2]\r\n0\r\n\r\n"));
  auto client = ClientFor(peer.Url(), clock_);
  const Result result = client->Do({.path = "/"}, Within(kSoon));
  ASSERT_TRUE(result.answer.has_value()) << result.error_detail;
  EXPECT_EQ(result.answer->body, "[1,2]");
}

TEST_F(HttpClientTest, RefusesAnAnnouncedAnswerBeyondTheLimit) {
  RawPeer peer(AnswerOnceAndHangUp("HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n0123456789a"));
  auto client = ClientFor(peer.Url(), clock_);
  Limits limits = Within(kSoon);
  limits.max_answer_bytes = 10;
  EXPECT_EQ(client->Do({.path = "/"}, limits).error, TransportError::kTooLarge);
  limits.max_answer_bytes = 11;
  EXPECT_TRUE(client->Do({.path = "/"}, limits).answer.has_value());
}

TEST_F(HttpClientTest, RefusesAnUnannouncedAnswerBeyondTheLimit) {
  RawPeer peer(AnswerOnceAndHangUp(absl::StrCat("HTTP/1.1 200 OK\r\n\r\n", std::string(100'000, 'x'))));
  auto client = ClientFor(peer.Url(), clock_);
  Limits limits = Within(kSoon);
  limits.max_answer_bytes = 1000;
  EXPECT_EQ(client->Do({.path = "/"}, limits).error, TransportError::kTooLarge);
}

TEST_F(HttpClientTest, SurvivesHeadsThatNoHonestPeerSends) {
  const std::string ok = "HTTP/1.1 200 OK\r\n";
  const std::vector<std::string> heads = {
      absl::StrCat("HTTP/1.1 200 ", std::string(1'000'000, 'a'), "\r\nContent-Length: 0\r\n\r\n"),
      absl::StrCat("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 ", std::string(1'000'000, 'a'), "\r\n\r\n"),
      absl::StrCat(ok, "X-A: ", std::string(100'000, 'a'), "\r\nContent-Length: 0\r\n\r\n"),
      absl::StrCat(ok, std::string(100'000, 'a')),
      absl::StrCat(ok, absl::StrJoin(std::vector<std::string>(10'000, "X-A: b\r\n"), ""), "\r\n"),
  };
  for (const std::string& head : heads) {
    RawPeer peer(AnswerOnceAndHangUp(head));
    auto client = ClientFor(peer.Url(), clock_);
    EXPECT_EQ(client->Do({.path = "/"}, Within(kSoon)).error, TransportError::kTooLarge)
        << head.substr(0, 60);
  }
}

TEST_F(HttpClientTest, RefusesEndlessFraming) {
  const std::string one_byte = absl::StrCat("1;", std::string(2000, 'x'), "\r\na\r\n");
  std::string answer = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (int i = 0; i < 500; ++i) absl::StrAppend(&answer, one_byte);
  RawPeer peer(AnswerOnceAndHangUp(answer));
  auto client = ClientFor(peer.Url(), clock_);
  Limits limits = Within(kSoon);
  limits.max_answer_bytes = 1000;
  EXPECT_EQ(client->Do({.path = "/"}, limits).error, TransportError::kTooLarge);
}

TEST_F(HttpClientTest, PassesOverInterimAnswers) {
  RawPeer peer(AlwaysAnswer(absl::StrCat("HTTP/1.1 100 Continue\r\n\r\n", kOk)));
  auto client = ClientFor(peer.Url(), clock_);
  const Result result = client->Do({.method = "POST", .path = "/", .body = "x"}, Within(kSoon));
  ASSERT_TRUE(result.answer.has_value()) << result.error_detail;
  EXPECT_EQ(result.answer->status, 200);
}

TEST_F(HttpClientTest, SendsALargeBodyWhole) {
  const std::string body(3 << 20, 'b');
  std::string seen;
  RawPeer peer([&](RawConnection& connection, int) {
    seen = connection.ReadRequest();
    connection.Write(kOk);
  });
  auto client = ClientFor(peer.Url(), clock_);
  ASSERT_TRUE(client->Do({.method = "POST", .path = "/", .body = body}, Within(absl::Seconds(20)))
                  .answer.has_value());
  EXPECT_EQ(seen.substr(seen.find("\r\n\r\n") + 4), body);
}

TEST_F(HttpClientTest, DoesNotFollowRedirects) {
  RawPeer peer(AlwaysAnswer("HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n"));
  auto client = ClientFor(peer.Url(), clock_);
  const Result result = client->Do({.path = "/"}, Within(kSoon));
  ASSERT_TRUE(result.answer.has_value());
  EXPECT_EQ(result.answer->status, 302);
  EXPECT_EQ(result.answer->Header("Location"), "/elsewhere");
}

struct SlowPeer {
  const char* name;
  void (*serve)(RawConnection&);
};

class DeadlineTest : public HttpClientTest, public ::testing::WithParamInterface<SlowPeer> {};

TEST_P(DeadlineTest, IsTotal) {
  RawPeer peer([](RawConnection& connection, int) { GetParam().serve(connection); });
  auto client = ClientFor(peer.Url(), clock_);
  const Result result =
      client->Do({.method = "POST", .path = "/", .body = "x"}, Within(absl::Milliseconds(200)));
  EXPECT_EQ(result.error, TransportError::kTimeout);
  EXPECT_FALSE(result.answer.has_value());
  EXPECT_GE(result.duration, absl::Milliseconds(199));
  EXPECT_LT(result.duration, absl::Seconds(1));
}

INSTANTIATE_TEST_SUITE_P(
    Peers, DeadlineTest,
    ::testing::Values(SlowPeer{"SaysNothing", [](RawConnection& connection) { connection.WaitForHangUp(); }},
                      SlowPeer{"DripsTheStatusLine",
                               [](RawConnection& connection) {
                                 connection.ReadRequest();
                                 connection.Write("HTTP/1.1 200 ");
                                 connection.Drip("OK");
                               }},
                      SlowPeer{"DripsHeaders",
                               [](RawConnection& connection) {
                                 connection.ReadRequest();
                                 connection.Write("HTTP/1.1 200 OK\r\n");
                                 connection.Drip("X-A: b\r\n");
                               }},
                      SlowPeer{"DripsTheBody",
                               [](RawConnection& connection) {
                                 connection.ReadRequest();
                                 connection.Write("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
                                 connection.Drip(" ");
                               }},
                      SlowPeer{"DripsABodyWithoutLength",
                               [](RawConnection& connection) {
                                 connection.ReadRequest();
                                 connection.Write("HTTP/1.1 200 OK\r\n\r\n[]");
                                 connection.Drip(" ");
                               }}),
    [](const auto& info) { return info.param.name; });

TEST_F(HttpClientTest, ADeadlineThatHasPassedSendsNothing) {
  RawPeer peer(AlwaysAnswer(std::string(kOk)));
  auto client = ClientFor(peer.Url(), clock_);
  const Result result = client->Do({.path = "/"}, Within(absl::ZeroDuration()));
  EXPECT_EQ(result.error, TransportError::kConnect);
  EXPECT_EQ(peer.connection_count(), 0);
}

TEST_F(HttpClientTest, AbortEndsWhatIsUnderWayAndNothingElse) {
  absl::Notification arrived;
  RawPeer peer([&](RawConnection& connection, int index) {
    connection.ReadRequest();
    if (index > 0) return connection.Write(kOk);
    arrived.Notify();
    connection.WaitForHangUp();
  });
  auto client = ClientFor(peer.Url(), clock_);
  Result aborted;
  std::thread caller([&] { aborted = client->Do({.path = "/"}, Within(absl::Seconds(30))); });
  arrived.WaitForNotification();
  client->Abort();
  caller.join();
  EXPECT_EQ(aborted.error, TransportError::kAborted);
  EXPECT_TRUE(aborted.MayHaveArrived());
  EXPECT_LT(aborted.duration, kSoon);
  EXPECT_TRUE(client->Do({.path = "/"}, Within(kSoon)).answer.has_value());
}

TEST_F(HttpClientTest, AStopEndsItsOwnExchangeAtOnceAndNoOther) {
  absl::Notification arrived;
  absl::Notification other_arrived;
  absl::Notification answer_other;
  RawPeer peer([&](RawConnection& connection, int index) {
    connection.ReadRequest();
    if (index > 0) {
      other_arrived.Notify();
      answer_other.WaitForNotification();
      return connection.Write(kOk);
    }
    arrived.Notify();
    connection.WaitForHangUp();
  });
  auto client = ClientFor(peer.Url(), clock_);
  std::stop_source stop = base::NewStopSource();
  Limits limits = Within(absl::Seconds(30));
  limits.deadline = limits.deadline.OrStop(stop.get_token());
  Result stopped;
  Result other;
  std::thread caller([&] { stopped = client->Do({.path = "/"}, limits); });
  arrived.WaitForNotification();
  std::thread other_caller([&] { other = client->Do({.path = "/"}, Within(absl::Seconds(30))); });
  other_arrived.WaitForNotification();
  stop.request_stop();
  caller.join();
  answer_other.Notify();
  other_caller.join();
  EXPECT_EQ(stopped.error, TransportError::kAborted);
  EXPECT_TRUE(stopped.MayHaveArrived());
  EXPECT_LT(stopped.duration, kSoon);
  EXPECT_TRUE(other.answer.has_value());
}

TEST_F(HttpClientTest, WhatIsStoppedBeforeItLeavesNeverArrives) {
  RawPeer peer(AlwaysAnswer(std::string(kOk)));
  auto client = ClientFor(peer.Url(), clock_);
  std::stop_source stop = base::NewStopSource();
  stop.request_stop();
  const Result result =
      client->Do({.path = "/"}, {.deadline = base::Deadline::Infinite().OrStop(stop.get_token())});
  EXPECT_EQ(result.error, TransportError::kConnect);
  EXPECT_FALSE(result.MayHaveArrived());
  EXPECT_EQ(peer.connection_count(), 0);
}

TEST_F(HttpClientTest, RefusesToSmuggle) {
  RawPeer peer(AlwaysAnswer(std::string(kOk)));
  auto client = ClientFor(peer.Url(), clock_);
  const std::vector<Request> requests = {
      {.path = "/", .headers = {{"traceparent", "00\r\nAuthorization: other"}}},
      {.path = "/", .headers = {{"a\nb", "c"}}},
      {.path = "/", .headers = {{"", "c"}}},
      {.path = "/a b"},
      {.path = "/a\r\nX: y"},
      {.path = "datasets"},
      {.path = ""},
  };
  for (const Request& request : requests) {
    EXPECT_EQ(client->Do(request, Within(kSoon)).error, TransportError::kConnect) << request.path;
  }
  EXPECT_EQ(peer.connection_count(), 0);
}

TEST_F(HttpClientTest, ManySendersAtOnceAllGetTheirOwnAnswer) {
  RawPeer peer([](RawConnection& connection, int) {
    for (std::string request = connection.ReadRequest(); !request.empty();
         request = connection.ReadRequest()) {
      const std::string body = request.substr(request.find("\r\n\r\n") + 4);
      connection.Write(absl::StrCat("HTTP/1.1 200 OK\r\nContent-Length: ", body.size(), "\r\n\r\n", body));
    }
  });
  auto client = ClientFor(peer.Url(), clock_);
  std::atomic<int> right = 0;
  std::vector<std::thread> senders;
  for (int sender = 0; sender < 16; ++sender) {
    senders.emplace_back([&, sender] {
      for (int i = 0; i < 25; ++i) {
        const std::string body = absl::StrCat(sender, "/", i);
        const Result result =
            client->Do({.method = "POST", .path = "/", .body = body}, Within(absl::Seconds(20)));
        if (result.answer.has_value() && result.answer->body == body) ++right;
      }
    });
  }
  for (std::thread& sender : senders) sender.join();
  EXPECT_EQ(right, 16 * 25);
  EXPECT_LE(peer.connection_count(), 16);
}

TEST(NewHttpClientTest, SendsPlainTextToThisMachineOnly) {
  base::SystemClock clock;
  EXPECT_FALSE(NewHttpClient({.base_url = "http://sipd.go.id"}, clock).ok());
  EXPECT_TRUE(NewHttpClient({.base_url = "http://sipd.go.id", .allow_plaintext = true}, clock).ok());
  EXPECT_TRUE(NewHttpClient({.base_url = "http://localhost:1"}, clock).ok());
  EXPECT_TRUE(NewHttpClient({.base_url = "https://sipd.go.id"}, clock).ok());
}

TEST(NewHttpClientTest, RefusesWrongSettingsAtOnce) {
  base::SystemClock clock;
  EXPECT_FALSE(NewHttpClient({.base_url = "sipd.go.id"}, clock).ok());
  EXPECT_FALSE(NewHttpClient({.base_url = "https://h", .ca_bundle_file = "/nonexistent.pem"}, clock).ok());
  EXPECT_FALSE(
      NewHttpClient({.base_url = "https://h", .client_certificate_file = "/nonexistent.pem"}, clock).ok());
  EXPECT_FALSE(NewHttpClient({.base_url = "https://h",
                              .client_certificate_file = "/nonexistent.pem",
                              .client_key_file = "/nonexistent.pem"},
                             clock)
                   .ok());
}

}  // namespace
}  // namespace satudata::http
