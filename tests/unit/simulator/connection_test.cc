// The wire itself, seen through a bare socket: what httplib's client would hide.
#include "tests/simulator/connection.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/unit/simulator/running_simulator.h"

namespace satudata::simulator {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class Socket {
 public:
  explicit Socket(const std::string& address) : fd_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in to = {};
    int port = 0;
    EXPECT_TRUE(absl::SimpleAtoi(address.substr(address.rfind(':') + 1), &port));
    to.sin_family = AF_INET;
    to.sin_port = htons(static_cast<uint16_t>(port));
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(connect(fd_, reinterpret_cast<sockaddr*>(&to), sizeof(to)), 0);
    const timeval limit = {.tv_sec = 10, .tv_usec = 0};
    setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
  }
  ~Socket() { close(fd_); }

  void Say(const std::string& text) {
    EXPECT_EQ(send(fd_, text.data(), text.size(), MSG_NOSIGNAL), static_cast<ssize_t>(text.size()));
  }
  // One piece as it comes; sets `error` to 0 at the end of the stream, to errno when it broke.
  std::string Piece(int* error) {
    std::string piece(4096, '\0');
    const ssize_t got = recv(fd_, piece.data(), piece.size(), 0);
    *error = got < 0 ? errno : 0;
    piece.resize(got > 0 ? static_cast<size_t>(got) : 0);
    return piece;
  }
  // Everything until the stream ends or breaks.
  std::string Rest(int* error) {
    std::string text;
    for (std::string piece = Piece(error); !piece.empty(); piece = Piece(error)) text += piece;
    return text;
  }
  std::string Until(const std::string& end) {
    std::string text;
    int error = 0;
    while (!absl::EndsWith(text, end)) {
      const std::string piece = Piece(&error);
      if (piece.empty()) break;
      text += piece;
    }
    return text;
  }

 private:
  const int fd_;
};

std::string PostText(const std::string& body, const std::string& extra = "") {
  return absl::StrCat("POST /splp/datasets HTTP/1.1\r\nHost: x\r\nContent-Length: ", body.size(), "\r\n",
                      extra, "\r\n", body);
}

TEST(Wire, OneConnectionServesManyRequestsAlsoPipelined) {
  RunningSimulator simulator(QuickOptions());
  Socket socket(simulator->address());
  constexpr int kRequests = 20;
  std::string text;
  for (int i = 0; i < kRequests; ++i) text += PostText(DatasetBody(absl::StrCat("f", i)));
  socket.Say(text);
  EXPECT_THAT(socket.Until("\"dataset_id\":\"f19\"}}"), StartsWith("HTTP/1.1 201 Created\r\n"));
  EXPECT_EQ(simulator->truth().TotalsOf(System::kSplp).applies, static_cast<uint64_t>(kRequests));
}

TEST(Wire, AClientThatAsksForItGetsItsConnectionClosed) {
  RunningSimulator simulator(QuickOptions());
  Socket socket(simulator->address());
  socket.Say(PostText(DatasetBody("f1"), "Connection: close\r\n"));
  int error = 0;
  EXPECT_THAT(socket.Rest(&error), HasSubstr("Connection: close"));
  EXPECT_EQ(error, 0);
}

TEST(Wire, ContinueIsSaidBeforeTheBodyIsAwaited) {
  RunningSimulator simulator(QuickOptions());
  Socket socket(simulator->address());
  const std::string body = DatasetBody("f1");
  const std::string text = PostText(body, "Expect: 100-continue\r\n");
  socket.Say(text.substr(0, text.size() - body.size()));
  EXPECT_THAT(socket.Until("\r\n\r\n"), StartsWith("HTTP/1.1 100"));
  socket.Say(body);
  EXPECT_THAT(socket.Until("}}"), HasSubstr("HTTP/1.1 201"));
}

TEST(Wire, WhatIsNoRequestGetsHttplibsAnswer) {
  RunningSimulator simulator(QuickOptions());
  Socket socket(simulator->address());
  socket.Say("nonsense\r\n\r\n");
  int error = 0;
  EXPECT_THAT(socket.Rest(&error), StartsWith("HTTP/1.1 400"));
}

TEST(Wire, ResetIsAReset) {
  RunningSimulator simulator(WithQuirk("reset-after"));
  Socket socket(simulator->address());
  socket.Say(PostText(DatasetBody("f1")));
  int error = 0;
  EXPECT_EQ(socket.Rest(&error), "");
  EXPECT_EQ(error, ECONNRESET);
  EXPECT_TRUE(simulator->truth().SplpRecord("f1")->Holds());
}

TEST(Wire, AHungAnswerIsHeldThenClosedWithoutAWord) {
  RunningSimulator simulator(WithQuirk("hang-after"));
  Socket socket(simulator->address());
  const absl::Time start = absl::Now();
  socket.Say(PostText(DatasetBody("f1")));
  int error = 0;
  EXPECT_EQ(socket.Rest(&error), "");
  EXPECT_EQ(error, 0);
  EXPECT_GE(absl::Now() - start, absl::Milliseconds(39));
}

TEST(Wire, ADripComesByteByByteAndIsBroken) {
  RunningSimulator simulator(WithQuirk("drip"));
  Socket socket(simulator->address());
  socket.Say(PostText(DatasetBody("f1")));
  int error = 0;
  const std::string text = socket.Rest(&error);
  const size_t head = text.find("\r\n\r\n");
  ASSERT_NE(head, std::string::npos);
  const size_t body = text.size() - head - 4;
  EXPECT_GT(body, 0u);
  EXPECT_LE(body, 9u);
  EXPECT_THAT(text, HasSubstr("Content-Length: 77"));
}

TEST(Wire, CutShortPromisesMoreThanItSends) {
  RunningSimulator simulator(WithQuirk("cut-short"));
  Socket socket(simulator->address());
  socket.Say(PostText(DatasetBody("f1")));
  int error = 0;
  const std::string text = socket.Rest(&error);
  EXPECT_THAT(text, HasSubstr("Content-Length: 77"));
  EXPECT_EQ(text.size() - text.find("\r\n\r\n") - 4, 77u / 2);
}

TEST(Wire, AnEndlessBodyNeverSaysThatItIsOver) {
  RunningSimulator simulator(WithQuirk("endless"));
  Socket socket(simulator->address());
  socket.Say(PostText(DatasetBody("f1")));
  int error = 0;
  const std::string text = socket.Rest(&error);
  EXPECT_EQ(error, 0);
  EXPECT_THAT(text, HasSubstr("Transfer-Encoding: chunked"));
  EXPECT_THAT(text, HasSubstr("\r\n\r\n4d\r\n{\"status\":\"success\""));
  EXPECT_THAT(text, HasSubstr("\r\n1000\r\n    "));
  EXPECT_THAT(text, ::testing::Not(HasSubstr("\r\n0\r\n")));
}

TEST(Wire, StopEndsHungAndIdleConnectionsAtOnce) {
  Options options = WithQuirk("hang-before");
  options.hold = absl::Hours(1);
  RunningSimulator simulator(options);
  Socket idle(simulator->address());
  Socket hung(simulator->address());
  hung.Say(PostText(DatasetBody("f1")));
  while (simulator.NewClient()->Get("/admin/stats")->body.find("\"hang-before\":1") == std::string::npos) {
    std::this_thread::yield();
  }
  simulator->Stop();
  int error = 0;
  EXPECT_EQ(hung.Rest(&error), "");
  EXPECT_EQ(idle.Rest(&error), "");
}

TEST(Wire, AHundredClientsThatDialAtOnceAreAllServed) {
  RunningSimulator simulator(QuickOptions());
  const absl::Time start = absl::Now();
  std::vector<std::unique_ptr<Socket>> sockets;
  for (int i = 0; i < 100; ++i) sockets.push_back(std::make_unique<Socket>(simulator->address()));
  for (const auto& socket : sockets) socket->Say("GET /admin/healthz HTTP/1.1\r\n\r\n");
  for (const auto& socket : sockets) EXPECT_THAT(socket->Until("}"), EndsWith("{\"status\":\"ok\"}"));
  // A backlog that overflows costs a second per retransmitted SYN.
  EXPECT_LT(absl::Now() - start, absl::Seconds(10));
}

}  // namespace
}  // namespace satudata::simulator
