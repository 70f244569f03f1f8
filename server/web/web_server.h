// File: web_server.h
//
// What a browser talks to: gRPC-Web calls and the page's files, on one address.
#ifndef SERVER_WEB_WEB_SERVER_H_
#define SERVER_WEB_WEB_SERVER_H_

#include <grpcpp/channel.h>

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/web/call_handler.h"

namespace satudata::web {

struct WebServerOptions {
  std::string host = "127.0.0.1";  // Default: loopback. IPv6 without brackets.
  int port = 0;                    // Default: 0, any free one.
  std::string page_directory;      // Default: empty, there is no page.
  CallHandler::Options calls;
};

// Start and Stop are called by one thread, the one that owns the server; the rest is thread-safe.
class WebServer {
 public:
  virtual ~WebServer() = default;  // Stop without grace, if it was not called.

  virtual int port() const = 0;  // The one that was bound.
  virtual size_t live_calls() = 0;
  virtual int64_t refused_calls() = 0;  // Since the start, for want of a place.

  // Takes nothing new, gives the calls under way until `grace` has passed, then cancels them, and returns
  // when all threads have ended.
  virtual void Stop(absl::Duration grace) = 0;
};

// Reads the page, listens and serves. `channel` leads to the gRPC server. INVALID_ARGUMENT when the address
// or the directory cannot be used.
absl::StatusOr<std::unique_ptr<WebServer>> StartWebServer(const WebServerOptions& options,
                                                          std::shared_ptr<grpc::Channel> channel,
                                                          StatusMaker to_status);

}  // namespace satudata::web

#endif  // SERVER_WEB_WEB_SERVER_H_
