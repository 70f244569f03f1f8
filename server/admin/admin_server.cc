#include "server/admin/admin_server.h"

#include <httplib.h>

#include <memory>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/admin/bounded_task_queue.h"
#include "server/base/executor.h"
#include "server/base/tls_handshakes.h"

namespace satudata::admin {
namespace {

constexpr char kTextPlain[] = "text/plain; charset=utf-8";
constexpr char kMetricsType[] = "text/plain; version=0.0.4; charset=utf-8";
constexpr int kReadTimeoutSeconds = 5;
constexpr int kIdleTimeoutSeconds = 5;
constexpr size_t kKeepAliveRequests = 1000;
// Nobody has anything to send here.
constexpr size_t kMaxBodyBytes = 1024;

// httplib's default lets a second server take half of the connections. REUSEADDR alone allows a restart.
void RefuseToShareThePort(socket_t socket) {
  const int yes = 1;
  ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
}

std::unique_ptr<httplib::Server> MakeServer(base::TlsHandshakes* handshakes) {
  if (handshakes == nullptr) return std::make_unique<httplib::Server>();
  return std::make_unique<httplib::SSLServer>([handshakes](SSL_CTX& context) {
    handshakes->SetUp(context);
    return true;
  });
}

class HttplibAdminServer final : public AdminServer {
 public:
  HttplibAdminServer(const AdminServerOptions& options, AdminSources sources)
      : sources_(std::move(sources)),
        handshakes_(options.tls != nullptr ? std::make_unique<base::TlsHandshakes>(options.tls) : nullptr),
        server_(MakeServer(handshakes_.get())) {
    server_->new_task_queue = [options] {
      return new BoundedTaskQueue(options.threads, options.queue_limit);
    };
    server_->set_tcp_nodelay(true);
    server_->set_socket_options(RefuseToShareThePort);
    server_->set_keep_alive_max_count(kKeepAliveRequests);
    server_->set_keep_alive_timeout(kIdleTimeoutSeconds);
    server_->set_read_timeout(kReadTimeoutSeconds);
    server_->set_write_timeout(kReadTimeoutSeconds);
    server_->set_payload_max_length(kMaxBodyBytes);
    AddRoutes();
  }

  ~HttplibAdminServer() override {
    server_->stop();
    if (thread_.joinable()) thread_.join();
  }

  absl::Status Listen(const AdminServerOptions& options) {
    port_ = options.port == 0 ? server_->bind_to_any_port(options.host.c_str())
            : server_->bind_to_port(options.host.c_str(), options.port) ? options.port
                                                                        : -1;
    if (port_ < 0) {
      return absl::InvalidArgumentError(absl::StrCat("cannot listen on ", options.host, ":", options.port));
    }
    thread_ = std::thread([this] {
      base::SetThreadName("admin");
      server_->listen_after_bind();
    });
    // stop() has an effect only on a server that runs.
    while (!server_->is_running()) std::this_thread::yield();
    return absl::OkStatus();
  }

  int port() const override { return port_; }

 private:
  void AddRoutes() {
    server_->Get("/metrics", [this](const httplib::Request&, httplib::Response& response) {
      response.set_content(sources_.metrics(), kMetricsType);
    });
    server_->Get("/healthz", [](const httplib::Request&, httplib::Response& response) {
      response.set_content("ok\n", kTextPlain);
    });
    server_->Get("/readyz", [this](const httplib::Request&, httplib::Response& response) {
      const absl::Status status = sources_.readiness();
      response.status = status.ok() ? 200 : 503;
      response.set_content(status.ok() ? "ok\n" : absl::StrCat(status.message(), "\n"), kTextPlain);
    });
  }

  const AdminSources sources_;
  const std::unique_ptr<base::TlsHandshakes> handshakes_;  // Null: no TLS.
  const std::unique_ptr<httplib::Server> server_;
  std::thread thread_;
  int port_ = -1;
};

}  // namespace

absl::StatusOr<std::unique_ptr<AdminServer>> StartAdminServer(AdminServerOptions options,
                                                              AdminSources sources) {
  auto server = std::make_unique<HttplibAdminServer>(options, std::move(sources));
  if (absl::Status status = server->Listen(options); !status.ok()) return status;
  return server;
}

}  // namespace satudata::admin
