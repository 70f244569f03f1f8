// File: tls_identity.h
//
// Who the gRPC server is on a TLS connection, and whom it lets in; replaced while it runs. TLS 1.2 and 1.3.
#ifndef SERVER_RPC_TLS_IDENTITY_H_
#define SERVER_RPC_TLS_IDENTITY_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/base/mutex.h"

namespace grpc {
class ServerCredentials;
}  // namespace grpc

namespace satudata::rpc {

// PEM texts, not paths. An empty certificate means no TLS.
struct TlsOptions {
  std::string certificate_chain;  // The server's own first.
  std::string private_key;
  std::string client_ca;  // Not empty: clients must show a certificate that it signed.

  bool operator==(const TlsOptions& other) const = default;
};

// When the server's certificate ends. INVALID_ARGUMENT, one line with the cure, for what cannot be used at
// `now`: no certificate or key in the text, a key of another certificate, one that has ended or not begun, no
// certificate among those that clients are held to.
absl::StatusOr<absl::Time> CheckTls(const TlsOptions& tls, absl::Time now);

// Thread-safe.
class TlsIdentity {
 public:
  // `tls` was checked.
  explicit TlsIdentity(TlsOptions tls);

  // Connections made from now on meet these; those that are there stay. `tls` was checked.
  void Use(TlsOptions tls);

  TlsOptions Current() const;

 private:
  mutable base::Mutex mu_;
  TlsOptions tls_ ABSL_GUARDED_BY(mu_);
};

// Credentials that ask `identity` at each handshake. Whether clients must show a certificate is settled here
// and now. What is returned must outlive the server that listens with it: gRPC keeps no reference of its own.
std::shared_ptr<grpc::ServerCredentials> MakeCredentials(std::shared_ptr<const TlsIdentity> identity);

}  // namespace satudata::rpc

#endif  // SERVER_RPC_TLS_IDENTITY_H_
