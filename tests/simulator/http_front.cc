#include "tests/simulator/http_front.h"

#include <sys/socket.h>
#include <unistd.h>

#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "server/base/executor.h"
#include "tests/simulator/connection_threads.h"

namespace satudata::simulator {
namespace {

// httplib asks for 5, compiled in: two hundred clients that dial at once would wait for seconds.
constexpr int kBacklog = 1024;
constexpr time_t kIdleSeconds = 120;
constexpr size_t kBodyLimit = 64 * 1024 * 1024;

// httplib hands a handler nothing that names the connection. A connection is served by one thread at a time,
// so the thread can say which one it is.
thread_local Connection* served_here = nullptr;

}  // namespace

class HttpFront::Registration {
 public:
  Registration(HttpFront& front, Connection& connection)
      : front_(front), connection_(connection), accepted_(front.Register(&connection)) {
    served_here = &connection;
  }
  ~Registration() {
    served_here = nullptr;
    front_.Unregister(&connection_);
  }
  bool accepted() const { return accepted_; }

 private:
  HttpFront& front_;
  Connection& connection_;
  const bool accepted_;
};

HttpFront::HttpFront(Answerer answerer, WireTimes times, size_t connections)
    : answerer_(std::move(answerer)), times_(times) {
  new_task_queue = [connections] { return new ConnectionThreads(connections); };
  set_tcp_nodelay(true);
  set_read_timeout(kIdleSeconds);
  set_write_timeout(kIdleSeconds);
  set_payload_max_length(kBodyLimit);
  const Handler handler = [this](const httplib::Request& request, httplib::Response& response) {
    response.status = 200;
    served_here->SetReply(answerer_(request));
  };
  Get(".*", handler);
  Post(".*", handler);
  Put(".*", handler);
}

absl::Status HttpFront::Start(absl::string_view listen) {
  const size_t colon = listen.rfind(':');
  int port = 0;
  if (colon == absl::string_view::npos || !absl::SimpleAtoi(listen.substr(colon + 1), &port) || port < 0 ||
      port > 65535) {
    return absl::InvalidArgumentError(absl::StrCat("\"", listen, "\" is no host:port"));
  }
  if (absl::Status bound = Bind(std::string(listen.substr(0, colon)), port); !bound.ok()) return bound;
  ParseOneRequest();
  acceptor_ = std::thread([this] {
    base::SetThreadName("sim-acceptor");
    listen_after_bind();
  });
  // httplib's stop() is lost on a server that has not begun to run.
  while (!is_running()) absl::SleepFor(absl::Microseconds(100));
  return absl::OkStatus();
}

// What httplib makes at its first request is made before there are threads: a ThreadSanitizer that does not
// see into the library takes the first requests of two connections for a race.
void HttpFront::ParseOneRequest() {
  httplib::detail::BufferStream stream;
  constexpr absl::string_view kRequest = "OPTIONS * HTTP/1.1\r\n\r\n";
  stream.write(kRequest.data(), kRequest.size());
  bool closed = false;
  process_request(stream, /*close_connection=*/true, closed, nullptr);
}

absl::Status HttpFront::Bind(const std::string& host, int port) {
  socket_t listener = INVALID_SOCKET;
  set_socket_options([&listener](socket_t socket) {
    listener = socket;
    const int yes = 1;
    setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
  });
  const int bound = port == 0 ? bind_to_any_port(host) : (bind_to_port(host, port) ? port : -1);
  set_socket_options([](socket_t) {});
  if (bound <= 0) return absl::UnavailableError(absl::StrCat("cannot listen on ", host, ":", port));
  ::listen(listener, kBacklog);
  address_ = absl::StrCat(host, ":", bound);
  return absl::OkStatus();
}

void HttpFront::Stop() {
  if (!acceptor_.joinable()) return;
  stop();
  {
    base::MutexLock lock(&mu_);
    stopping_ = true;
    for (Connection* connection : connections_) connection->Interrupt();
  }
  acceptor_.join();
}

bool HttpFront::Register(Connection* connection) {
  base::MutexLock lock(&mu_);
  connections_.insert(connection);
  return !stopping_;
}

void HttpFront::Unregister(Connection* connection) {
  base::MutexLock lock(&mu_);
  connections_.erase(connection);
}

bool HttpFront::process_and_close_socket(socket_t socket) {
  {
    Connection connection(socket, times_);
    Registration registration(*this, connection);
    if (registration.accepted()) ServeConnection(connection);
  }
  close(socket);
  return true;
}

void HttpFront::ServeConnection(Connection& connection) {
  auto after = Connection::After::kKeepOpen;
  while (after == Connection::After::kKeepOpen && connection.AwaitRequest()) {
    bool closed = false;
    const bool parsed = process_request(connection, /*close_connection=*/false, closed, nullptr);
    after = connection.Finish(parsed && !closed ? Connection::After::kKeepOpen : Connection::After::kClose);
  }
}

}  // namespace satudata::simulator
