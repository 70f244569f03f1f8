#include "server/http/connection.h"

#include <fcntl.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>

namespace satudata::http {
namespace {

// httplib takes seconds and microseconds; what is beyond a day is as good as for ever.
struct HttplibTime {
  explicit HttplibTime(absl::Duration duration) {
    const int64_t us = absl::ToInt64Microseconds(
        std::clamp(duration, absl::Duration(absl::Milliseconds(1)), absl::Duration(absl::Hours(24))));
    seconds = us / 1'000'000;
    microseconds = us % 1'000'000;
  }
  time_t seconds = 0;
  time_t microseconds = 0;
};

std::unique_ptr<httplib::SSLClient> NewTlsClient(const Url& url, const HttpClientOptions& options,
                                                 StreamBounds& bounds) {
  auto client = std::make_unique<BoundedClient<httplib::SSLClient>>(
      bounds, url.host, url.port, options.client_certificate_file, options.client_key_file);
  client->enable_server_certificate_verification(true);
  if (SSL_CTX* context = client->ssl_context(); context != nullptr) {
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    // These hosts leave out their intermediate certificates: one in the bundle is a trust anchor of its own.
    X509_STORE_set_flags(SSL_CTX_get_cert_store(context), X509_V_FLAG_PARTIAL_CHAIN);
  }
  if (!options.ca_bundle_file.empty()) client->set_ca_cert_path(options.ca_bundle_file);
  return client;
}

}  // namespace

Connection::Connection(const Url& url, const HttpClientOptions& options) {
  if (url.is_tls) {
    auto tls = NewTlsClient(url, options, bounds_);
    tls_ = tls.get();
    client_ = std::move(tls);
  } else {
    client_ = std::make_unique<BoundedClient<httplib::ClientImpl>>(bounds_, url.host, url.port);
  }
  client_->set_keep_alive(true);
  client_->set_follow_location(false);
  client_->set_url_encode(false);
  client_->set_tcp_nodelay(true);
  client_->set_socket_options([this](socket_t socket) { Adopt(socket); });
}

Connection::~Connection() {
  client_.reset();  // First: it shuts its socket down, and the duplicate must not keep that open.
  base::MutexLock lock(&mu_);
  if (socket_ >= 0) ::close(socket_);
}

void Connection::Prepare(absl::Duration connect_timeout, size_t max_bytes) {
  const HttplibTime connect(connect_timeout);
  client_->set_connection_timeout(connect.seconds, connect.microseconds);
  bounds_ = {.max_bytes = max_bytes};
}

void Connection::Cut() {
  base::MutexLock lock(&mu_);
  if (socket_ >= 0) ::shutdown(socket_, SHUT_RDWR);
}

bool Connection::IsQuiet() const {
  const int socket = client_->is_socket_open() != 0 ? client_->socket() : -1;
  if (socket < 0 || bounds_.has_leftover) return false;
  pollfd state = {.fd = socket, .events = POLLIN | POLLRDHUP, .revents = 0};
  return ::poll(&state, 1, /*timeout=*/0) == 0;
}

std::string Connection::CertificateProblem() const {
  if (tls_ == nullptr) return "";
  const long result = tls_->get_openssl_verify_result();
  if (result == X509_V_OK) return "certificate is not for this host";
  return X509_verify_cert_error_string(result);
}

void Connection::Adopt(int socket) {
  base::MutexLock lock(&mu_);
  if (socket_ >= 0) ::close(socket_);
  socket_ = ::fcntl(socket, F_DUPFD_CLOEXEC, 0);
}

}  // namespace satudata::http
