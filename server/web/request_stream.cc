#include "server/web/request_stream.h"

#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "absl/strings/numbers.h"

namespace satudata::web {
namespace {

void Describe(const sockaddr_storage& address, socklen_t size, std::string& ip, int& port) {
  char host[NI_MAXHOST];
  char service[NI_MAXSERV];
  if (::getnameinfo(reinterpret_cast<const sockaddr*>(&address), size, host, sizeof(host), service,
                    sizeof(service), NI_NUMERICHOST | NI_NUMERICSERV) != 0) {
    return;
  }
  ip = host;
  if (!absl::SimpleAtoi(service, &port)) port = 0;
}

}  // namespace

bool RequestStream::is_writable() const {
  pollfd peer{.fd = socket_.fd(), .events = POLLRDHUP, .revents = 0};
  return ::poll(&peer, 1, 0) == 0;
}

ssize_t RequestStream::read(char* data, size_t size) {
  const size_t count = std::min(size, unread_.size());
  std::memcpy(data, unread_.data(), count);
  unread_.remove_prefix(count);
  return static_cast<ssize_t>(count);
}

ssize_t RequestStream::write(const char* data, size_t size) {
  const absl::Duration give_up =
      clock_.Monotonic() + patience_.silence +
      absl::Seconds(static_cast<double>(size) / static_cast<double>(patience_.bytes_per_second));
  for (size_t sent = 0; sent < size;) {
    const ssize_t count = socket_.Send(data + sent, size - sent);
    if (count >= 0) {
      sent += static_cast<size_t>(count);
    } else if (errno == EAGAIN) {
      if (!AwaitRoom(std::min(patience_.silence, give_up - clock_.Monotonic()))) return -1;
    } else if (errno != EINTR) {
      return -1;
    }
  }
  return static_cast<ssize_t>(size);
}

bool RequestStream::AwaitRoom(absl::Duration limit) const {
  if (limit <= absl::ZeroDuration()) return false;
  pollfd peer{.fd = socket_.fd(), .events = POLLOUT, .revents = 0};
  const int ready = ::poll(&peer, 1, static_cast<int>(absl::ToInt64Milliseconds(limit)));
  return ready > 0 || (ready < 0 && errno == EINTR);
}

void RequestStream::get_remote_ip_and_port(std::string& ip, int& port) const {
  sockaddr_storage address{};
  socklen_t size = sizeof(address);
  if (::getpeername(socket_.fd(), reinterpret_cast<sockaddr*>(&address), &size) != 0) return;
  Describe(address, size, ip, port);
}

void RequestStream::get_local_ip_and_port(std::string& ip, int& port) const {
  sockaddr_storage address{};
  socklen_t size = sizeof(address);
  if (::getsockname(socket_.fd(), reinterpret_cast<sockaddr*>(&address), &size) != 0) return;
  Describe(address, size, ip, port);
}

}  // namespace satudata::web
