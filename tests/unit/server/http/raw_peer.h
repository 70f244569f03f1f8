// File: raw_peer.h
//
// A server that does on a socket exactly what a test tells it, however rude. Each connection is served on a
// thread of its own; the destructor hangs up on all of them and waits.
#ifndef TESTS_UNIT_SERVER_HTTP_RAW_PEER_H_
#define TESTS_UNIT_SERVER_HTTP_RAW_PEER_H_

#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/base/mutex.h"

namespace satudata::http {

// The peer's end of one connection. Used on its own thread.
class RawConnection {
 public:
  explicit RawConnection(int socket) : socket_(socket) {}

  // One whole request, head and body; empty if the client hung up first.
  std::string ReadRequest();
  // Some of the request, at least one byte of it; empty if the client hung up first.
  std::string ReadSome();
  void Write(absl::string_view bytes);
  // Writes one byte at a time until the client hangs up.
  void Drip(absl::string_view endlessly);
  void WaitForHangUp();
  // Makes the close that follows a reset instead of an orderly end.
  void ResetOnClose();

 private:
  bool HungUpWithin(absl::Duration limit);
  const int socket_;
};

class RawPeer {
 public:
  // `index` counts connections from 0. The connection is closed when `serve` returns.
  using Serve = std::function<void(RawConnection& connection, int index)>;
  explicit RawPeer(Serve serve);
  ~RawPeer();

  int port() const { return port_; }
  std::string Url() const;  // http://127.0.0.1:port
  int connection_count();

 private:
  void Accept();
  void ServeOne(int socket, int index);

  const Serve serve_;
  int listener_ = -1;
  int port_ = 0;
  base::Mutex mu_;
  std::vector<int> sockets_ ABSL_GUARDED_BY(mu_);
  std::vector<std::thread> threads_ ABSL_GUARDED_BY(mu_);
  std::thread acceptor_;
};

}  // namespace satudata::http

#endif  // TESTS_UNIT_SERVER_HTTP_RAW_PEER_H_
