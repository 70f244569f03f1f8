#include "tests/unit/server/store/postgres_proxy.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace satudata::store {
namespace {

constexpr int kLook = 20;  // Milliseconds between two looks at whether it is closing.
// A simple query of these words, as it is on the wire.
constexpr absl::string_view kCommit(
    "Q\0\0\0\x0B"
    "COMMIT\0",
    12);

bool IsReadable(int fd, int milliseconds) {
  pollfd one{.fd = fd, .events = POLLIN, .revents = 0};
  return poll(&one, 1, milliseconds) > 0;
}

void WriteAll(int fd, absl::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (written <= 0) return;
    bytes.remove_prefix(static_cast<size_t>(written));
  }
}

int ConnectTo(const std::string& path) {
  sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
  std::strncpy(address.sun_path, path.c_str(), sizeof(address.sun_path) - 1);
  const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0) return fd;
  close(fd);
  return -1;
}

}  // namespace

PostgresProxy::PostgresProxy(std::string socket) : socket_(std::move(socket)) {
  sockaddr_in address{
      .sin_family = AF_INET, .sin_port = 0, .sin_addr = {htonl(INADDR_LOOPBACK)}, .sin_zero = {}};
  socklen_t size = sizeof(address);
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  EXPECT_EQ(bind(listener_, reinterpret_cast<const sockaddr*>(&address), size), 0);
  EXPECT_EQ(listen(listener_, SOMAXCONN), 0);
  getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { Accept(); });
}

PostgresProxy::~PostgresProxy() {
  closing_ = true;
  acceptor_.join();
  for (std::thread& connection : connections_) connection.join();
  close(listener_);
}

std::string PostgresProxy::Url(const std::string& database) const {
  return absl::StrCat("postgresql://postgres@127.0.0.1:", port_, "/", database,
                      "?sslmode=disable&gssencmode=disable");
}

void PostgresProxy::Accept() {
  while (!closing_) {
    if (!IsReadable(listener_, kLook)) continue;
    const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client >= 0) connections_.emplace_back([this, client] { Serve(client); });
  }
}

void PostgresProxy::Serve(int client) {
  const int server = ConnectTo(socket_);
  std::array<pollfd, 2> both = {pollfd{.fd = client, .events = POLLIN, .revents = 0},
                                pollfd{.fd = server, .events = POLLIN, .revents = 0}};
  bool open = server >= 0;
  while (open && !closing_) {
    if (poll(both.data(), both.size(), kLook) <= 0) continue;
    if (both[0].revents != 0) open = PassOn(client, server, /*to_server=*/true);
    if (open && both[1].revents != 0) open = PassOn(server, client, /*to_server=*/false);
  }
  close(client);
  if (server >= 0) close(server);
}

bool PostgresProxy::PassOn(int from, int to, bool to_server) {
  std::array<char, 65536> buffer;
  const ssize_t size = recv(from, buffer.data(), buffer.size(), 0);
  if (size <= 0) return false;
  const absl::string_view bytes(buffer.data(), static_cast<size_t>(size));
  Loss loss = loss_;
  const bool is_commit = to_server && bytes.find(kCommit) != absl::string_view::npos;
  if (!is_commit || loss == Loss::kNone || !loss_.compare_exchange_strong(loss, Loss::kNone)) {
    WriteAll(to, bytes);
    return true;
  }
  ++losses_;
  if (loss == Loss::kAnswer) {
    WriteAll(to, bytes);
    IsReadable(to, /*milliseconds=*/20'000);  // The answer is there.
  }
  return false;
}

}  // namespace satudata::store
