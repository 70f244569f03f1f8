#include "server/web/web_server.h"

#include <httplib.h>

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "server/web/call_handler.h"
#include "server/web/connection_server.h"
#include "server/web/static_pages.h"

namespace satudata::web {
namespace {

constexpr size_t kMaxMethodBytes = 256;

// The page's own scripts and styles, and calls to this server: nothing else is loaded, framed or sent
// anywhere.
const httplib::Headers& SecurityHeaders() {
  static const auto* const kHeaders = new httplib::Headers{
      {"Content-Security-Policy",
       "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
       "font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; "
       "frame-ancestors 'none'"},
      {"X-Content-Type-Options", "nosniff"},
      {"X-Frame-Options", "DENY"},
      {"Referrer-Policy", "no-referrer"},
      {"Cross-Origin-Opener-Policy", "same-origin"},
      {"Cross-Origin-Resource-Policy", "same-origin"},
      {"Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"},
  };
  return *kHeaders;
}

enum class Transport { kPlain, kTls };

void CompleteHeaders(Transport transport, const httplib::Request& request, httplib::Response& response) {
  if (transport == Transport::kTls ||
      absl::EqualsIgnoreCase(request.get_header_value("X-Forwarded-Proto"), "https")) {
    response.set_header("Strict-Transport-Security", "max-age=31536000");
  }
  // httplib's zero is not the length of what the client has.
  if (response.status == 304) response.headers.erase("Content-Length");
}

ConnectionServer::Options ConnectionOptions(const WebServerOptions& options) {
  const size_t threads = options.max_calls + options.page_threads;
  return {.threads = static_cast<int>(threads),
          .queue_limit = options.max_requests - std::min(options.max_requests, threads),
          .lobby = {.max_guests = options.max_waiting,
                    .idle_limit = options.idle_limit,
                    .request_limit = options.request_limit},
          .patience = {.silence = options.silence_limit},
          .tls = options.tls};
}

class WebServerImpl final : public WebServer {
 public:
  WebServerImpl(const WebServerOptions& options, PageFiles files, std::shared_ptr<grpc::Channel> channel,
                StatusMaker to_status, base::Clock& clock)
      : pages_(std::move(files)),
        calls_(std::move(channel), {.service_prefix = options.service_prefix, .max_calls = options.max_calls},
               std::move(to_status)),
        server_(ConnectionOptions(options), clock) {
    server_.set_default_headers(SecurityHeaders());
    const Transport transport = options.tls != nullptr ? Transport::kTls : Transport::kPlain;
    server_.set_post_routing_handler(
        [transport](const httplib::Request& request, httplib::Response& response) {
          CompleteHeaders(transport, request, response);
        });
    server_.set_pre_routing_handler([this](const httplib::Request& request, httplib::Response& response) {
      return AnswerPages(request, response);
    });
    server_.Post("/.*",
                 [this](const httplib::Request& request, httplib::Response& response,
                        const httplib::ContentReader& body) { calls_.Answer(request, response, body); });
  }
  ~WebServerImpl() override { Stop(absl::ZeroDuration()); }

  absl::Status Listen(const WebServerOptions& options) { return server_.Listen(options.host, options.port); }

  int port() const override { return server_.port(); }
  size_t live_calls() override { return calls_.live_calls().count(); }
  int64_t refused_calls() override { return calls_.live_calls().refused(); }

  // In this order, because a server that hangs up leaves answers without their end.
  void Stop(absl::Duration grace) override {
    calls_.live_calls().Drain(grace);
    server_.HangUp();
  }

 private:
  using Handled = httplib::Server::HandlerResponse;

  // What is no call. Without httplib's own routing, which matches each path by regular expressions.
  Handled AnswerPages(const httplib::Request& request, httplib::Response& response) {
    if (request.method == "POST" && request.path.size() <= kMaxMethodBytes) return Handled::Unhandled;
    if (request.method == "GET" || request.method == "HEAD") {
      pages_.Answer(request, response);
    } else {
      response.status = request.method == "POST" ? 404 : 405;
      response.set_header("Allow", "GET, HEAD, POST");
    }
    return Handled::Handled;
  }

  const StaticPages pages_;
  CallHandler calls_;
  ConnectionServer server_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<WebServer>> StartWebServer(const WebServerOptions& options, PageFiles page,
                                                          std::shared_ptr<grpc::Channel> channel,
                                                          StatusMaker to_status, base::Clock& clock) {
  auto server = std::make_unique<WebServerImpl>(options, std::move(page), std::move(channel),
                                                std::move(to_status), clock);
  if (absl::Status status = server->Listen(options); !status.ok()) return status;
  return server;
}

}  // namespace satudata::web
