#include "server/web/web_server.h"

#include <httplib.h>

#include <thread>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "server/base/executor.h"
#include "server/web/static_pages.h"

namespace satudata::web {
namespace {

// Beside the calls: pages, and calls that are refused.
constexpr size_t kPageThreads = 32;
constexpr int kReadTimeoutSeconds = 5;
constexpr int kWriteTimeoutSeconds = 5;
constexpr int kIdleTimeoutSeconds = 2;
constexpr size_t kKeepAliveRequests = 1000;
// Above what the handler takes, so that it can say what is wrong.
constexpr size_t kMaxBodyBytes = 8 << 20;
// httplib's is 5, compiled into the library: a page with its assets alone is more.
constexpr int kBacklog = 1024;

// httplib's default lets a second server take half of the connections. REUSEADDR alone allows a restart.
void RefuseToShareThePort(socket_t socket) {
  const int yes = 1;
  ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
}

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

void CompleteHeaders(const httplib::Request& request, httplib::Response& response) {
  if (absl::EqualsIgnoreCase(request.get_header_value("X-Forwarded-Proto"), "https")) {
    response.set_header("Strict-Transport-Security", "max-age=31536000");
  }
  // httplib's zero is not the length of what the client has.
  if (response.status == 304) response.headers.erase("Content-Length");
}

class HttplibWebServer final : public WebServer {
 public:
  HttplibWebServer(const WebServerOptions& options, PageFiles files, std::shared_ptr<grpc::Channel> channel,
                   StatusMaker to_status)
      : pages_(std::move(files)), calls_(std::move(channel), options.calls, std::move(to_status)) {
    const size_t threads = options.calls.max_calls + kPageThreads;
    server_.new_task_queue = [threads] { return new httplib::ThreadPool(threads); };
    server_.set_tcp_nodelay(true);
    server_.set_socket_options([this](socket_t socket) {
      RefuseToShareThePort(socket);
      socket_ = socket;
    });
    server_.set_keep_alive_max_count(kKeepAliveRequests);
    server_.set_keep_alive_timeout(kIdleTimeoutSeconds);
    server_.set_read_timeout(kReadTimeoutSeconds);
    server_.set_write_timeout(kWriteTimeoutSeconds);
    server_.set_payload_max_length(kMaxBodyBytes);
    server_.set_default_headers(SecurityHeaders());
    server_.set_post_routing_handler(CompleteHeaders);
    AddRoutes();
  }

  ~HttplibWebServer() override { Stop(absl::ZeroDuration()); }

  absl::Status Listen(const WebServerOptions& options) {
    port_ = options.port == 0                                  ? server_.bind_to_any_port(options.host)
            : server_.bind_to_port(options.host, options.port) ? options.port
                                                               : -1;
    if (port_ < 0 || ::listen(socket_, kBacklog) != 0) {
      return absl::InvalidArgumentError(absl::StrCat("cannot listen on ", options.host, ":", options.port));
    }
    thread_ = std::thread([this] {
      base::SetThreadName("web");
      server_.listen_after_bind();
    });
    // stop() has an effect only on a server that runs.
    while (!server_.is_running()) std::this_thread::yield();
    return absl::OkStatus();
  }

  int port() const override { return port_; }
  size_t live_calls() override { return calls_.live_calls().count(); }
  int64_t refused_calls() override { return calls_.live_calls().refused(); }

  void Stop(absl::Duration grace) override {
    // httplib would leave answers without their trailers.
    calls_.live_calls().Drain(grace);
    server_.stop();
    if (thread_.joinable()) thread_.join();
  }

 private:
  void AddRoutes() {
    server_.set_pre_routing_handler([this](const httplib::Request& request, httplib::Response& response) {
      if (request.method == "POST") return httplib::Server::HandlerResponse::Unhandled;
      if (request.method == "GET" || request.method == "HEAD") {
        pages_.Answer(request, response);
      } else {
        response.status = 405;
        response.set_header("Allow", "GET, HEAD, POST");
      }
      return httplib::Server::HandlerResponse::Handled;
    });
    server_.Post("/.*",
                 [this](const httplib::Request& request, httplib::Response& response,
                        const httplib::ContentReader& body) { calls_.Answer(request, response, body); });
  }

  const StaticPages pages_;
  CallHandler calls_;
  httplib::Server server_;
  socket_t socket_ = INVALID_SOCKET;
  std::thread thread_;
  int port_ = -1;
};

}  // namespace

absl::StatusOr<std::unique_ptr<WebServer>> StartWebServer(const WebServerOptions& options,
                                                          std::shared_ptr<grpc::Channel> channel,
                                                          StatusMaker to_status) {
  PageFiles files;
  if (!options.page_directory.empty()) {
    absl::StatusOr<PageFiles> read = ReadPageFiles(options.page_directory);
    if (!read.ok()) return read.status();
    files = *std::move(read);
  }
  auto server =
      std::make_unique<HttplibWebServer>(options, std::move(files), std::move(channel), std::move(to_status));
  if (absl::Status status = server->Listen(options); !status.ok()) return status;
  return server;
}

}  // namespace satudata::web
