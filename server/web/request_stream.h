// File: request_stream.h
//
// What httplib reads a request from and writes its answer to: the request from memory, the answer to the
// socket. A client that takes nothing, or next to nothing, is given up.
#ifndef SERVER_WEB_REQUEST_STREAM_H_
#define SERVER_WEB_REQUEST_STREAM_H_

#include <httplib.h>

#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/base/clock.h"
#include "server/web/socket.h"

namespace satudata::web {

// Not thread-safe.
class RequestStream final : public httplib::Stream {
 public:
  // How long the client may take for a write: until its first byte, and in all, by size.
  struct Patience {
    absl::Duration silence = absl::Seconds(10);  // Default: 10 s.
    size_t bytes_per_second = 16 << 10;          // Default: 16 KiB/s, on top of one `silence`.
  };

  // All must outlive the stream.
  RequestStream(Socket& socket, absl::string_view request, Patience patience, base::Clock& clock)
      : socket_(socket), unread_(request), patience_(patience), clock_(clock) {}

  bool is_readable() const override { return !unread_.empty(); }
  // Whether the client is there and has not hung up.
  bool is_writable() const override;
  ssize_t read(char* data, size_t size) override;
  // All of it, or -1.
  ssize_t write(const char* data, size_t size) override;
  void get_remote_ip_and_port(std::string& ip, int& port) const override;
  void get_local_ip_and_port(std::string& ip, int& port) const override;
  // Not ours: httplib refuses those that select() could not watch, and this does not use select().
  socket_t socket() const override { return INVALID_SOCKET; }

 private:
  bool AwaitRoom(absl::Duration limit) const;

  Socket& socket_;
  absl::string_view unread_;
  const Patience patience_;
  base::Clock& clock_;
};

}  // namespace satudata::web

#endif  // SERVER_WEB_REQUEST_STREAM_H_
