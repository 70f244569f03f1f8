// File: grpc_server.h
//
// The gRPC server: its limits, its credentials, health and reflection beside our services.
#ifndef SERVER_RPC_GRPC_SERVER_H_
#define SERVER_RPC_GRPC_SERVER_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/base/clock.h"
#include "server/rpc/call_meter.h"
#include "server/rpc/tls_credentials.h"

namespace grpc {
class Channel;
class Service;
}  // namespace grpc

namespace satudata::rpc {

enum class Reflection { kOn, kOff };

struct GrpcServerOptions {
  std::string host = "127.0.0.1";                        // Default: loopback. IPv6 without brackets.
  int port = 0;                                          // Default: 0, any free one.
  std::shared_ptr<const base::TlsIdentity> tls;          // Null: no TLS.
  Reflection reflection = Reflection::kOn;               // Default: on.
  int max_message_bytes = 4 << 20;                       // Default: 4 MiB received.
  int max_metadata_bytes = 16 << 10;                     // Default: 16 KiB; a token of 8 KiB fits.
  int max_concurrent_streams = 1000;                     // Default: 1,000 per connection.
  absl::Duration keepalive = absl::Seconds(30);          // Default: a ping after 30 s of silence ...
  absl::Duration keepalive_timeout = absl::Seconds(10);  // ... and 10 s for its answer.
  // Default: no end. Give or take a tenth, so that connections made together do not all end together: the
  // client is told to connect anew, and what is still under way after the grace is cut. Not for channels that
  // end in this process.
  absl::Duration connection_age = absl::InfiniteDuration();
  absl::Duration connection_grace = absl::InfiniteDuration();
  absl::Duration connection_idle = absl::InfiniteDuration();  // Default: no end. Without calls.
  CallNotes* notes = nullptr;  // Default: null, nobody asks who called. Else must outlive the server.
};

// Thread-safe.
class GrpcServer {
 public:
  virtual ~GrpcServer() = default;  // Shutdown at once, if it was not called.

  virtual int port() const = 0;  // The one that was bound.
  virtual std::string address() const = 0;

  // Health says NOT_SERVING from now on; calls are still answered.
  virtual void StopAdvertising() = 0;
  // Takes no new calls, gives those under way until `grace` has passed, then cancels them, and returns when
  // all are over. Not from a reaction.
  virtual void Shutdown(absl::Duration grace) = 0;
  // A channel that ends in this process: for tests and for bridges.
  virtual std::shared_ptr<grpc::Channel> InProcessChannel() = 0;
};

// Listens and serves. `services` and `clock` must outlive the server; `listener` hears of every call and may
// be empty. INVALID_ARGUMENT when address or certificates cannot be used: gRPC has logged why.
absl::StatusOr<std::unique_ptr<GrpcServer>> StartGrpcServer(const GrpcServerOptions& options,
                                                            const std::vector<grpc::Service*>& services,
                                                            CallListener listener, base::Clock& clock);

}  // namespace satudata::rpc

#endif  // SERVER_RPC_GRPC_SERVER_H_
