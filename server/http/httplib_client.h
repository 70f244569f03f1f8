// File: httplib_client.h
//
// HttpClient over cpp-httplib. Each exchange has a connection to itself: one that came back a moment ago and
// is still quiet, or a new one. Nothing is ever sent twice, also not on a connection that turns out to be
// dead: whether the first copy arrived is then for the caller to find out.
#ifndef SERVER_HTTP_HTTPLIB_CLIENT_H_
#define SERVER_HTTP_HTTPLIB_CLIENT_H_

#include <memory>

#include "server/base/clock.h"
#include "server/http/connection_pool.h"
#include "server/http/dial_gate.h"
#include "server/http/http_client.h"
#include "server/http/url.h"
#include "server/http/watchdog.h"

namespace satudata::http {

class HttplibClient final : public HttpClient {
 public:
  // `clock` must outlive the client.
  HttplibClient(Url url, HttpClientOptions options, base::Clock& clock);

  Result Do(const Request& request, const Limits& limits) override;
  void Abort() override { watchdog_.CutAll(); }

 private:
  void Exchange(const Request& request, const Limits& limits, Result& result);
  std::unique_ptr<Connection> Connect(const base::Deadline& deadline);

  const Url url_;
  const HttpClientOptions options_;
  base::Clock& clock_;
  DialGate gate_;
  ConnectionPool pool_;
  Watchdog watchdog_;  // Last: its thread prunes the pool.
};

}  // namespace satudata::http

#endif  // SERVER_HTTP_HTTPLIB_CLIENT_H_
