#include "tests/unit/server/http/raw_peer.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "server/base/executor.h"

namespace satudata::http {
namespace {

constexpr absl::Duration kDripInterval = absl::Milliseconds(20);

// How many bytes of body the head announces.
size_t BodySize(absl::string_view head) {
  const size_t at = head.find("Content-Length: ");
  if (at == absl::string_view::npos) return 0;
  absl::string_view digits = head.substr(at + 16);
  size_t size = 0;
  return absl::SimpleAtoi(digits.substr(0, digits.find('\r')), &size) ? size : 0;
}

}  // namespace

std::string RawConnection::ReadRequest() {
  std::string request;
  while (true) {
    const size_t head_end = request.find("\r\n\r\n");
    if (head_end != std::string::npos && request.size() >= head_end + 4 + BodySize(request)) return request;
    const std::string more = ReadSome();
    if (more.empty()) return "";
    request += more;
  }
}

std::string RawConnection::ReadSome() {
  char buffer[4096];
  const ssize_t count = ::recv(socket_, buffer, sizeof(buffer), 0);
  return count <= 0 ? "" : std::string(buffer, static_cast<size_t>(count));
}

void RawConnection::Write(absl::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count <= 0) return;
    bytes.remove_prefix(static_cast<size_t>(count));
  }
}

void RawConnection::Drip(absl::string_view endlessly) {
  for (size_t i = 0; !HungUpWithin(kDripInterval); ++i) Write(endlessly.substr(i % endlessly.size(), 1));
}

void RawConnection::WaitForHangUp() { HungUpWithin(absl::Seconds(30)); }

void RawConnection::ResetOnClose() {
  const linger at_once = {.l_onoff = 1, .l_linger = 0};
  setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
}

bool RawConnection::HungUpWithin(absl::Duration limit) {
  pollfd state = {.fd = socket_, .events = POLLRDHUP, .revents = 0};
  return ::poll(&state, 1, static_cast<int>(absl::ToInt64Milliseconds(limit))) != 0;
}

RawPeer::RawPeer(Serve serve) : serve_(std::move(serve)) {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(listener_, 64) != 0 ||
      ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    std::abort();  // No loopback, no test.
  }
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { Accept(); });
}

RawPeer::~RawPeer() {
  ::shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  ::close(listener_);
  std::vector<std::thread> threads;
  {
    base::MutexLock lock(&mu_);
    for (int socket : sockets_) {
      if (socket >= 0) ::shutdown(socket, SHUT_RDWR);
    }
    threads.swap(threads_);
  }
  for (std::thread& thread : threads) thread.join();
}

std::string RawPeer::Url() const { return absl::StrCat("http://127.0.0.1:", port_); }

int RawPeer::connection_count() {
  base::MutexLock lock(&mu_);
  return static_cast<int>(sockets_.size());
}

void RawPeer::Accept() {
  base::SetThreadName("raw-peer");
  while (true) {
    const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) return;
    base::MutexLock lock(&mu_);
    const int index = static_cast<int>(sockets_.size());
    sockets_.push_back(socket);
    threads_.emplace_back([this, socket, index] { ServeOne(socket, index); });
  }
}

void RawPeer::ServeOne(int socket, int index) {
  RawConnection connection(socket);
  serve_(connection, index);
  base::MutexLock lock(&mu_);
  sockets_[static_cast<size_t>(index)] = -1;
  ::close(socket);
}

}  // namespace satudata::http
