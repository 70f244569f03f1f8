// File: connection_server.h
//
// httplib's server, with connections of our own under it: they wait in a lobby, and only a whole request
// takes a thread. (httplib's own way is a thread per connection, idle ones included.)
#ifndef SERVER_WEB_CONNECTION_SERVER_H_
#define SERVER_WEB_CONNECTION_SERVER_H_

#include <httplib.h>

#include <atomic>
#include <memory>
#include <set>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "server/base/clock.h"
#include "server/base/executor.h"
#include "server/base/mutex.h"
#include "server/base/tls_identity.h"
#include "server/web/lobby.h"
#include "server/web/request_stream.h"
#include "server/web/tls_sockets.h"

namespace satudata::web {

// Handlers are set before Listen. A handler may ask `request.progress(0, 0)`, which httplib's servers do not
// use, whether the client is still there.
class ConnectionServer final : public httplib::Server {
 public:
  struct Options {
    int threads = 160;         // Default: 160 requests at once ...
    size_t queue_limit = 256;  // ... 256 more wait; the next is 503.
    Lobby::Options lobby;
    RequestStream::Patience patience;
    std::shared_ptr<const base::TlsIdentity> tls;  // Null: no TLS.
  };

  // `clock` must outlive the server.
  ConnectionServer(Options options, base::Clock& clock);
  ~ConnectionServer() override;

  // Port 0: any free one. INVALID_ARGUMENT when the address cannot be used.
  absl::Status Listen(const std::string& host, int port);
  int port() const { return port_; }

  // Accepts nothing more, hangs up on everybody, also in the middle of an answer, and joins all threads. By
  // the thread that called Listen. Idempotent.
  void HangUp();

 private:
  void Serve(Arrival& arrival);
  // False: too late, the server hangs up.
  bool NoteServed(int fd);
  void ForgetServed(int fd);

  const Options options_;
  base::Clock& clock_;
  socket_t listener_ = INVALID_SOCKET;
  int port_ = -1;

  base::Mutex mu_;
  std::set<int> served_ ABSL_GUARDED_BY(mu_);  // Connections that a thread has.
  bool hung_up_ ABSL_GUARDED_BY(mu_) = false;

  const std::unique_ptr<TlsSockets> tls_;  // Null: no TLS.
  Lobby lobby_;
  base::ThreadPool pool_;  // After the lobby, whose arrivals it holds.
};

}  // namespace satudata::web

#endif  // SERVER_WEB_CONNECTION_SERVER_H_
