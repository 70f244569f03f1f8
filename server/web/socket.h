// File: socket.h
//
// A connection's end, with TLS or without, closed by whoever owns it last.
#ifndef SERVER_WEB_SOCKET_H_
#define SERVER_WEB_SOCKET_H_

#include <openssl/ssl.h>
#include <sys/types.h>

#include <memory>
#include <utility>

#include "server/base/freed.h"

namespace satudata::web {

// One thread at a time; shutting down the file descriptor may come from any.
class Socket {
 public:
  using Tls = std::unique_ptr<SSL, base::Freed<SSL_free>>;

  // `tls` speaks over `fd`, which then does not block; null: no TLS.
  explicit Socket(int fd = -1, Tls tls = nullptr) : fd_(fd), tls_(std::move(tls)) {}
  ~Socket();
  Socket(Socket&& other) noexcept : fd_(std::exchange(other.fd_, -1)), tls_(std::move(other.tls_)) {}
  Socket& operator=(Socket&& other) noexcept {
    std::swap(fd_, other.fd_);
    std::swap(tls_, other.tls_);
    return *this;
  }
  int fd() const { return fd_; }

  // As recv() and send() that do not wait: -1 with EAGAIN when nothing can be done now, 0 at the end. With
  // room for 16 KiB, a record of TLS, nothing stays behind that poll() does not see.
  ssize_t Receive(char* data, size_t size);
  ssize_t Send(const char* data, size_t size);
  // What still comes is of no interest: as Receive, without understanding it.
  ssize_t ReceiveToDiscard(char* data, size_t size);
  // Says that nothing more is sent.
  void EndSending();

 private:
  int fd_;
  Tls tls_;
};

}  // namespace satudata::web

#endif  // SERVER_WEB_SOCKET_H_
