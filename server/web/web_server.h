// File: web_server.h
//
// What a browser talks to: gRPC-Web calls and the page's files, on one address.
#ifndef SERVER_WEB_WEB_SERVER_H_
#define SERVER_WEB_WEB_SERVER_H_

#include <grpcpp/channel.h>

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/base/clock.h"
#include "server/base/tls_identity.h"
#include "server/web/page_files.h"
#include "server/web/status_maker.h"

namespace satudata::web {

struct WebServerOptions {
  std::string host = "127.0.0.1";                // Default: loopback. IPv6 without brackets.
  int port = 0;                                  // Default: 0, any free one.
  std::shared_ptr<const base::TlsIdentity> tls;  // Null: no TLS.
  std::string service_prefix;  // Default: empty. Only services whose full name begins so can be called.
  size_t max_calls = 128;      // Default: 128 calls at once; the next is TOO_MANY_STREAMS.
  size_t page_threads = 32;    // Default: 32, for pages and for calls that are refused.
  size_t max_requests = 640;   // Default: 640 that have a thread or wait for one; the next is 503.
  size_t max_waiting = 192;    // Default: 192 connections without a request; the next displaces one.
  absl::Duration idle_limit = absl::Seconds(60);     // Default: 60 s between requests of a connection.
  absl::Duration request_limit = absl::Seconds(10);  // Default: 10 s from a request's first byte to its last.
  absl::Duration silence_limit = absl::Seconds(10);  // Default: 10 s in which a client takes nothing.
};

// Start and Stop are called by one thread, the one that owns the server; the rest is thread-safe.
class WebServer {
 public:
  virtual ~WebServer() = default;  // Stop without grace, if it was not called.

  virtual int port() const = 0;  // The one that was bound.
  virtual size_t live_calls() = 0;
  virtual int64_t refused_calls() = 0;  // Since the start, for want of a place.

  // Takes no new calls, gives those under way until `grace` has passed, then cancels them, hangs up on
  // everybody and returns when all threads have ended.
  virtual void Stop(absl::Duration grace) = 0;
};

// Listens and serves. No files: there is no page. `channel` leads to the gRPC server; `clock` must outlive
// the server. INVALID_ARGUMENT when the address cannot be used.
absl::StatusOr<std::unique_ptr<WebServer>> StartWebServer(const WebServerOptions& options, PageFiles page,
                                                          std::shared_ptr<grpc::Channel> channel,
                                                          StatusMaker to_status, base::Clock& clock);

}  // namespace satudata::web

#endif  // SERVER_WEB_WEB_SERVER_H_
