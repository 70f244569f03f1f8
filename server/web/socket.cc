#include "server/web/socket.h"

#include <openssl/err.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

namespace satudata::web {
namespace {

// What recv() or send() would say for an operation of TLS that brought nothing.
ssize_t Failed(SSL* tls, int result) {
  const int error = SSL_get_error(tls, result);
  ERR_clear_error();
  if (error == SSL_ERROR_ZERO_RETURN) return 0;
  errno = error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE ? EAGAIN : ECONNRESET;
  return -1;
}

}  // namespace

Socket::~Socket() {
  tls_.reset();
  if (fd_ >= 0) ::close(fd_);
}

// It shakes hands first, piece by piece.
ssize_t Socket::Receive(char* data, size_t size) {
  if (tls_ == nullptr) return ::recv(fd_, data, size, MSG_DONTWAIT);
  const int count = SSL_read(tls_.get(), data, static_cast<int>(size));
  return count > 0 ? count : Failed(tls_.get(), count);
}

ssize_t Socket::Send(const char* data, size_t size) {
  if (tls_ == nullptr) return ::send(fd_, data, size, MSG_DONTWAIT | MSG_NOSIGNAL);
  const int count = SSL_write(tls_.get(), data, static_cast<int>(size));
  return count > 0 ? count : Failed(tls_.get(), count);
}

ssize_t Socket::ReceiveToDiscard(char* data, size_t size) { return ::recv(fd_, data, size, MSG_DONTWAIT); }

void Socket::EndSending() {
  if (tls_ != nullptr && SSL_is_init_finished(tls_.get()) == 1) {
    (void)SSL_shutdown(tls_.get());
    ERR_clear_error();
  }
  ::shutdown(fd_, SHUT_WR);
}

}  // namespace satudata::web
