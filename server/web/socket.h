// File: socket.h
//
// A connection's end, closed by whoever owns it last.
#ifndef SERVER_WEB_SOCKET_H_
#define SERVER_WEB_SOCKET_H_

#include <unistd.h>

#include <utility>

namespace satudata::web {

class Socket {
 public:
  explicit Socket(int fd = -1) : fd_(fd) {}
  ~Socket() {
    if (fd_ >= 0) ::close(fd_);
  }
  Socket(Socket&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Socket& operator=(Socket&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  int fd() const { return fd_; }

 private:
  int fd_;
};

}  // namespace satudata::web

#endif  // SERVER_WEB_SOCKET_H_
