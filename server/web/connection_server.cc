#include "server/web/connection_server.h"

#include <fcntl.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <functional>
#include <utility>

#include "absl/strings/str_cat.h"

namespace satudata::web {
namespace {

// httplib's is 5, compiled into the library: less than a page with its assets opens at once.
constexpr int kBacklog = 1024;
// A client whose cable was pulled is silent. What was sent must be acknowledged in this time, and an idle
// connection answers probes.
constexpr int kUnacknowledgedMs = 30'000;
constexpr int kProbeAfterSeconds = 30;
constexpr int kProbeEverySeconds = 10;
constexpr int kProbes = 3;

template <typename Value>
void SetOption(int fd, int level, int name, Value value) {
  ::setsockopt(fd, level, name, &value, sizeof(value));
}

void WatchForDeadPeers(int fd) {
  SetOption(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, kUnacknowledgedMs);
  SetOption(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
  SetOption(fd, IPPROTO_TCP, TCP_KEEPIDLE, kProbeAfterSeconds);
  SetOption(fd, IPPROTO_TCP, TCP_KEEPINTVL, kProbeEverySeconds);
  SetOption(fd, IPPROTO_TCP, TCP_KEEPCNT, kProbes);
}

}  // namespace

ConnectionServer::ConnectionServer(Options options, base::Clock& clock)
    : options_(options),
      clock_(clock),
      tls_(options.tls != nullptr ? std::make_unique<TlsSockets>(options.tls) : nullptr),
      lobby_(options.lobby, clock,
             [this](std::shared_ptr<Arrival> arrival) {
               return pool_.Execute([this, arrival = std::move(arrival)] { Serve(*arrival); });
             }),
      pool_({.name = "web", .threads = options.threads, .queue_limit = options.queue_limit}) {
  set_tcp_nodelay(true);
  // For the Keep-Alive header.
  set_keep_alive_timeout(static_cast<time_t>(absl::ToInt64Seconds(options.lobby.idle_limit)));
  set_keep_alive_max_count(1'000'000);
  set_payload_max_length(options.lobby.request.body_bytes);
  set_socket_options([this](socket_t fd) {
    // httplib's default lets a second server take half of the connections. REUSEADDR alone allows a restart.
    SetOption(fd, SOL_SOCKET, SO_REUSEADDR, 1);
    listener_ = fd;
  });
}

ConnectionServer::~ConnectionServer() { HangUp(); }

absl::Status ConnectionServer::Listen(const std::string& host, int port) {
  port_ = port == 0 ? bind_to_any_port(host) : bind_to_port(host, port) ? port : -1;
  if (port_ < 0 || ::listen(listener_, kBacklog) != 0) {
    return absl::InvalidArgumentError(absl::StrCat("cannot listen on ", host, ":", port));
  }
  ::fcntl(listener_, F_SETFL, ::fcntl(listener_, F_GETFL) | O_NONBLOCK);
  lobby_.Accept(listener_, [this](int fd) {
    WatchForDeadPeers(fd);
    return tls_ != nullptr ? tls_->Accept(fd) : Socket(fd);
  });
  return absl::OkStatus();
}

void ConnectionServer::HangUp() {
  lobby_.Close();
  {
    base::MutexLock lock(&mu_);
    hung_up_ = true;
    for (const int fd : served_) ::shutdown(fd, SHUT_RDWR);
  }
  pool_.Shutdown();
  const Socket listener(svr_sock_.exchange(INVALID_SOCKET));
}

void ConnectionServer::Serve(Arrival& arrival) {
  const int fd = arrival.socket.fd();
  if (!NoteServed(fd)) return;
  RequestStream stream(arrival.socket, arrival.request, options_.patience, clock_);
  bool closed = arrival.next == Next::kNothing;
  const bool answered =
      process_request(stream, /*close_connection=*/closed, closed, [&](httplib::Request& request) {
        request.ranges.clear();           // Many overlapping ones would multiply the answer.
        request.headers.erase("Expect");  // The lobby has seen to it.
        request.progress = [&stream](uint64_t, uint64_t) { return stream.is_writable(); };
      });
  ForgetServed(fd);
  if (!answered) return;
  if (closed) return lobby_.Dismiss(std::move(arrival.socket));
  lobby_.Enter(std::move(arrival.socket), std::move(arrival.rest));
}

bool ConnectionServer::NoteServed(int fd) {
  base::MutexLock lock(&mu_);
  if (hung_up_) return false;
  served_.insert(fd);
  return true;
}

void ConnectionServer::ForgetServed(int fd) {
  base::MutexLock lock(&mu_);
  served_.erase(fd);
}

}  // namespace satudata::web
