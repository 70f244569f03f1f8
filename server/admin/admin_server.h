// File: admin_server.h
//
// What operators and their tools ask over HTTP: /metrics, /healthz (the process lives) and /readyz (it may be
// given work). Liveness does not follow readiness: a server that drains, or whose database is away, is not
// helped by being killed.
#ifndef SERVER_ADMIN_ADMIN_SERVER_H_
#define SERVER_ADMIN_ADMIN_SERVER_H_

#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/base/tls_identity.h"

namespace satudata::admin {

struct AdminServerOptions {
  std::string host = "127.0.0.1";                // Default: loopback.
  int port = 0;                                  // Default: 0, any free one.
  std::shared_ptr<const base::TlsIdentity> tls;  // Null: no TLS.
  int threads = 4;                               // Default: 4 requests at once.
  size_t queue_limit = 32;  // Default: 32 connections wait; the next are left to the kernel.
};

// Called from several threads at once; they must be quick and must outlive the server.
struct AdminSources {
  std::function<std::string()> metrics;     // Prometheus's text format.
  std::function<absl::Status()> readiness;  // OK, or why not; the text is shown.
};

// Thread-safe.
class AdminServer {
 public:
  virtual ~AdminServer() = default;  // Stops it and joins its threads.
  virtual int port() const = 0;      // The one that was bound.
};

// Listens and serves. INVALID_ARGUMENT when the address cannot be used.
absl::StatusOr<std::unique_ptr<AdminServer>> StartAdminServer(AdminServerOptions options,
                                                              AdminSources sources);

}  // namespace satudata::admin

#endif  // SERVER_ADMIN_ADMIN_SERVER_H_
