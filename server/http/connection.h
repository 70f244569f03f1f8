// File: connection.h
//
// One keep-alive connection to one host, over cpp-httplib. Used by one exchange at a time; Cut() alone may be
// called from other threads. It dials when the first request is sent.
#ifndef SERVER_HTTP_CONNECTION_H_
#define SERVER_HTTP_CONNECTION_H_

#include <httplib.h>

#include <memory>
#include <string>

#include "absl/time/time.h"
#include "server/base/mutex.h"
#include "server/http/bounded_stream.h"
#include "server/http/http_client.h"
#include "server/http/url.h"

namespace satudata::http {

class Connection {
 public:
  // Never fails here: certificate files that cannot be read show when it dials.
  Connection(const Url& url, const HttpClientOptions& options);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  httplib::ClientImpl& client() { return *client_; }

  // For the next exchange: how long it may take to connect, and how much may be read.
  void Prepare(absl::Duration connect_timeout, size_t max_bytes);
  // Whether the last exchange was ended because more came than that.
  bool HasReadTooMuch() const { return bounds_.is_exceeded; }

  // Shuts the socket, if there is one; whoever waits on it wakes up with an error. A dial that is just
  // beginning may survive it: cut again until the exchange is over.
  void Cut();

  // Open, and the peer neither hung up nor said anything unasked: fit for another request.
  bool IsQuiet() const;

  // Why the peer's certificate was not accepted; empty without TLS.
  std::string CertificateProblem() const;

 private:
  void Adopt(int socket);

  StreamBounds bounds_;
  std::unique_ptr<httplib::ClientImpl> client_;
  httplib::SSLClient* tls_ = nullptr;  // client_, if it speaks TLS.

  // A duplicate of httplib's descriptor: it stays valid while httplib closes its own, so that cutting never
  // hits a descriptor that has meanwhile become something else.
  base::Mutex mu_;
  int socket_ ABSL_GUARDED_BY(mu_) = -1;
};

}  // namespace satudata::http

#endif  // SERVER_HTTP_CONNECTION_H_
