// File: tls_sockets.h
//
// Makes connections of TLS out of accepted ones.
#ifndef SERVER_WEB_TLS_SOCKETS_H_
#define SERVER_WEB_TLS_SOCKETS_H_

#include <openssl/ssl.h>

#include <memory>

#include "server/base/freed.h"
#include "server/base/tls_handshakes.h"
#include "server/base/tls_identity.h"
#include "server/web/socket.h"

namespace satudata::web {

// Thread-safe. Must outlive its sockets.
class TlsSockets {
 public:
  explicit TlsSockets(std::shared_ptr<const base::TlsIdentity> identity);

  // Takes `fd`, just accepted. Without memory for TLS it is closed: never is it served in the clear.
  Socket Accept(int fd);

 private:
  base::TlsHandshakes handshakes_;
  const std::unique_ptr<SSL_CTX, base::Freed<SSL_CTX_free>> context_;
};

}  // namespace satudata::web

#endif  // SERVER_WEB_TLS_SOCKETS_H_
