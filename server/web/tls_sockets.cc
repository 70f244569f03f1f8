#include "server/web/tls_sockets.h"

#include <fcntl.h>

#include <utility>

namespace satudata::web {

TlsSockets::TlsSockets(std::shared_ptr<const base::TlsIdentity> identity)
    : handshakes_(std::move(identity)), context_(SSL_CTX_new(TLS_server_method())) {
  handshakes_.SetUp(*context_);
  // A write that is tried again may come from another place in memory; idle connections keep no buffers.
  SSL_CTX_set_mode(context_.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                       SSL_MODE_RELEASE_BUFFERS);
}

Socket TlsSockets::Accept(int fd) {
  ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK);
  Socket::Tls tls(SSL_new(context_.get()));
  if (tls == nullptr || SSL_set_fd(tls.get(), fd) != 1) {
    const Socket closed(fd);
    return Socket();
  }
  SSL_set_accept_state(tls.get());
  return Socket(fd, std::move(tls));
}

}  // namespace satudata::web
