// File: http_front.h
//
// The listener: httplib accepts connections and parses requests; one function answers them all.
#ifndef TESTS_SIMULATOR_HTTP_FRONT_H_
#define TESTS_SIMULATOR_HTTP_FRONT_H_

#include <atomic>
#include <functional>
#include <string>
#include <thread>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "httplib.h"
#include "server/base/mutex.h"
#include "tests/simulator/connection.h"
#include "tests/simulator/reply.h"

namespace satudata::simulator {

// Called from many threads at once. Must not throw.
using Answerer = std::function<Reply(const httplib::Request&)>;

class HttpFront final : public httplib::Server {
 public:
  HttpFront(Answerer answerer, WireTimes times, size_t connections);
  ~HttpFront() override { Stop(); }

  // Binds `listen` ("host:port", port 0 for any) and serves from a thread of its own. Once.
  // InvalidArgument: no host:port. Unavailable: the address cannot be bound.
  absl::Status Start(absl::string_view listen);
  // Ends all connections, hung ones included, and joins. Idempotent.
  void Stop();

  // "host:port" as bound. After Start.
  const std::string& address() const { return address_; }

 private:
  // Registers for interruption as long as it lives.
  class Registration;

  bool process_and_close_socket(socket_t socket) override;
  void ServeConnection(Connection& connection);
  void ParseOneRequest();
  absl::Status Bind(const std::string& host, int port);
  bool Register(Connection* connection);
  void Unregister(Connection* connection);

  const Answerer answerer_;
  const WireTimes times_;
  std::string address_;
  std::thread acceptor_;
  base::Mutex mu_;
  bool stopping_ ABSL_GUARDED_BY(mu_) = false;
  absl::flat_hash_set<Connection*> connections_ ABSL_GUARDED_BY(mu_);
};

}  // namespace satudata::simulator

#endif  // TESTS_SIMULATOR_HTTP_FRONT_H_
