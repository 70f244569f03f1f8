// File: tls_handshakes.h
//
// Has a server's OpenSSL context answer each handshake with who the server is at that moment. TLS 1.2
// and 1.3.
#ifndef SERVER_BASE_TLS_HANDSHAKES_H_
#define SERVER_BASE_TLS_HANDSHAKES_H_

#include <openssl/ssl.h>

#include <memory>

#include "absl/base/thread_annotations.h"
#include "server/base/mutex.h"
#include "server/base/tls_identity.h"

namespace satudata::base {

// Thread-safe.
class TlsHandshakes {
 public:
  explicit TlsHandshakes(std::shared_ptr<const TlsIdentity> identity);
  ~TlsHandshakes();
  TlsHandshakes(const TlsHandshakes&) = delete;
  TlsHandshakes& operator=(const TlsHandshakes&) = delete;

  // Before the context is used. This must outlive it and its connections. Whether clients must show a
  // certificate is settled here and now.
  void SetUp(SSL_CTX& context);

 private:
  struct Parsed;

  static int OnHandshake(SSL* connection, void* self);
  std::shared_ptr<const Parsed> Current();

  const std::shared_ptr<const TlsIdentity> identity_;
  Mutex mu_;
  std::shared_ptr<const Parsed> parsed_ ABSL_GUARDED_BY(mu_);
};

}  // namespace satudata::base

#endif  // SERVER_BASE_TLS_HANDSHAKES_H_
