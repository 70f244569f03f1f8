// File: tls_identity.h
//
// Who a server is on a TLS connection, and whom it lets in; replaced while it runs.
#ifndef SERVER_BASE_TLS_IDENTITY_H_
#define SERVER_BASE_TLS_IDENTITY_H_

#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/base/mutex.h"

namespace satudata::base {

// PEM texts, not paths. An empty certificate means no TLS.
struct TlsOptions {
  std::string certificate_chain;  // The server's own first.
  std::string private_key;
  std::string client_ca;  // Not empty: clients must show a certificate that it signed.

  bool operator==(const TlsOptions& other) const = default;
};

// When the server's certificate ends. INVALID_ARGUMENT, one line with the cure, for what cannot be used at
// `now`: no certificate or key in the text, a key of another certificate, one that has ended or not begun, no
// certificate among those that clients are held to. The line names the settings, which begin with `prefix`:
// `WEB_` for WEB_TLS_CERT_FILE.
absl::StatusOr<absl::Time> CheckTls(const TlsOptions& tls, absl::Time now, absl::string_view prefix = "");

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

}  // namespace satudata::base

#endif  // SERVER_BASE_TLS_IDENTITY_H_
