#include "server/web/lobby.h"

#include <poll.h>
#include <sys/socket.h>

#include <deque>
#include <memory>
#include <string>

#include "absl/time/clock.h"
#include "gtest/gtest.h"
#include "tests/fakes/fake_clock.h"

namespace satudata::web {
namespace {

constexpr char kRequest[] = "GET / HTTP/1.1\r\n\r\n";

// The client's end of a connection.
class Client {
 public:
  Client() {
    int fds[2];
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
    mine_ = Socket(fds[0]);
    theirs_ = Socket(fds[1]);
  }
  Socket TakeServersEnd() { return std::move(theirs_); }
  void Send(const std::string& bytes) { (void)!::send(mine_.fd(), bytes.data(), bytes.size(), MSG_NOSIGNAL); }
  // All until the server hangs up.
  std::string ReadAll() {
    std::string all;
    char buffer[4096];
    for (ssize_t count = 1; (count = ::recv(mine_.fd(), buffer, sizeof(buffer), 0)) > 0;) {
      all.append(buffer, static_cast<size_t>(count));
    }
    return all;
  }
  bool IsOpen() {
    pollfd peer{.fd = mine_.fd(), .events = POLLIN, .revents = 0};
    return ::poll(&peer, 1, 0) == 0;
  }
  void HangUp() { mine_ = Socket(); }

 private:
  Socket mine_;
  Socket theirs_;
};

class LobbyTest : public testing::Test {
 protected:
  LobbyTest() { Open({.max_guests = 3, .max_bytes = 1000}); }
  ~LobbyTest() override {
    lobby_->Close();
    arrivals_.clear();
  }

  void Open(Lobby::Options options) {
    lobby_ = std::make_unique<Lobby>(options, clock_, [this](std::shared_ptr<Arrival> arrival) {
      base::MutexLock lock(&mu_);
      if (!takes_) return false;
      arrivals_.push_back(std::move(arrival));
      came_.SignalAll();
      return true;
    });
  }
  std::shared_ptr<Arrival> Next() {
    base::MutexLock lock(&mu_);
    while (arrivals_.empty()) came_.Wait(&mu_);
    auto arrival = std::move(arrivals_.front());
    arrivals_.pop_front();
    return arrival;
  }
  // Until the lobby has dealt with all that came before.
  void Settle() {
    Client probe;
    probe.Send("PROBE / HTTP/1.1\r\n\r\n");
    lobby_->Enter(probe.TakeServersEnd(), "");
    Next();
  }

  fakes::FakeClock clock_;
  base::Mutex mu_;
  base::CondVar came_;
  std::deque<std::shared_ptr<Arrival>> arrivals_;
  bool takes_ = true;
  std::unique_ptr<Lobby> lobby_;
};

TEST_F(LobbyTest, ARequestIsGivenOnWhole) {
  Client client;
  lobby_->Enter(client.TakeServersEnd(), "");
  client.Send("GET / HT");
  Settle();
  client.Send("TP/1.1\r\n\r\nGET /nex");
  const auto arrival = Next();
  EXPECT_EQ(arrival->request, kRequest);
  EXPECT_EQ(arrival->rest, "GET /nex");
  EXPECT_EQ(arrival->next, satudata::web::Next::kAnotherRequest);
}

TEST_F(LobbyTest, WhatCameEarlyIsNotForgotten) {
  Client client;
  lobby_->Enter(client.TakeServersEnd(), std::string(kRequest) + "x");
  client.Send("y");
  EXPECT_EQ(Next()->request, kRequest);
}

TEST_F(LobbyTest, IdleGuestsLeaveInTime) {
  Client client;
  lobby_->Enter(client.TakeServersEnd(), "");
  Settle();
  clock_.Advance(absl::Seconds(59));
  Settle();
  EXPECT_TRUE(client.IsOpen());
  clock_.Advance(absl::Seconds(2));
  EXPECT_EQ(client.ReadAll(), "");
}

TEST_F(LobbyTest, ARequestHasItsOwnTime) {
  Client client;
  lobby_->Enter(client.TakeServersEnd(), "");
  Settle();
  clock_.Advance(absl::Seconds(55));
  client.Send("G");
  Settle();
  clock_.Advance(absl::Seconds(9));
  client.Send("E");
  Settle();
  EXPECT_TRUE(client.IsOpen());
  clock_.Advance(absl::Seconds(2));
  EXPECT_EQ(client.ReadAll(), "");
}

TEST_F(LobbyTest, TheNextGuestDisplacesTheOneHereLongest) {
  Client clients[4];
  for (Client& client : clients) {
    lobby_->Enter(client.TakeServersEnd(), "");
    clock_.Advance(absl::Seconds(1));
  }
  EXPECT_EQ(clients[0].ReadAll(), "");
  for (int i = 1; i < 4; ++i) EXPECT_TRUE(clients[i].IsOpen()) << i;
}

TEST_F(LobbyTest, MoreBytesThanItHoldsAreRefused) {
  Client held;
  held.Send("POST / HTTP/1.1\r\nContent-Length: 2000\r\n\r\n" + std::string(800, 'x'));
  lobby_->Enter(held.TakeServersEnd(), "");
  Settle();
  Client late;
  late.Send("POST / HTTP/1.1\r\nContent-Length: 2000\r\n\r\n" + std::string(300, 'x'));
  lobby_->Enter(late.TakeServersEnd(), "");
  EXPECT_EQ(late.ReadAll().substr(0, 14), "HTTP/1.1 503 S");
  held.HangUp();
  Settle();
  Client again;
  again.Send(kRequest + std::string(500, 'x'));
  lobby_->Enter(again.TakeServersEnd(), "");
  EXPECT_EQ(Next()->request, kRequest);
}

TEST_F(LobbyTest, BytesCountUntilTheArrivalIsDoneWith) {
  Client first;
  first.Send("POST / HTTP/1.1\r\nContent-Length: 800\r\n\r\n" + std::string(800, 'x'));
  lobby_->Enter(first.TakeServersEnd(), "");
  auto arrival = Next();
  Client second;
  second.Send("POST / HTTP/1.1\r\nContent-Length: 800\r\n\r\n" + std::string(800, 'x'));
  lobby_->Enter(second.TakeServersEnd(), "");
  EXPECT_EQ(second.ReadAll().substr(0, 12), "HTTP/1.1 503");
  arrival.reset();
  Client third;
  third.Send("POST / HTTP/1.1\r\nContent-Length: 800\r\n\r\n" + std::string(800, 'x'));
  lobby_->Enter(third.TakeServersEnd(), "");
  EXPECT_EQ(Next()->request.size(), 840U);
}

TEST_F(LobbyTest, WhatNobodyTakesIsRefused) {
  Client client;
  {
    base::MutexLock lock(&mu_);
    takes_ = false;
  }
  client.Send(kRequest);
  lobby_->Enter(client.TakeServersEnd(), "");
  EXPECT_EQ(client.ReadAll().substr(0, 12), "HTTP/1.1 503");
}

TEST_F(LobbyTest, WhoIsDismissedMayReadHisAnswer) {
  Client client;
  Socket socket = client.TakeServersEnd();
  ASSERT_EQ(::send(socket.fd(), "bye", 3, 0), 3);
  lobby_->Dismiss(std::move(socket));
  client.Send(std::string(100'000, 'x'));
  EXPECT_EQ(client.ReadAll(), "bye");
}

TEST_F(LobbyTest, ClosingHangsUpOnAll) {
  Client client;
  lobby_->Enter(client.TakeServersEnd(), "");
  Settle();
  lobby_->Close();
  EXPECT_EQ(client.ReadAll(), "");
  Client late;
  lobby_->Enter(late.TakeServersEnd(), kRequest);
  EXPECT_EQ(late.ReadAll(), "");
}

}  // namespace
}  // namespace satudata::web
