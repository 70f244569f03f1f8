// File: bounded_stream.h
//
// The byte stream under one exchange of httplib, in place of its own, for two reasons. A peer must not be
// able to hurt us: httplib matches the status line with a recursive regular expression, so that a reason
// phrase of 100 kB overflows the stack, and it reads lines of any length into memory. And a request must be
// one segment: httplib writes head and body apart and polls before each step, nine system calls where two do.
//
// It waits without a time limit; the watchdog cuts the socket when the deadline is there.
#ifndef SERVER_HTTP_BOUNDED_STREAM_H_
#define SERVER_HTTP_BOUNDED_STREAM_H_

#include <httplib.h>

#include <array>
#include <functional>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"

namespace satudata::http {

// The bounds of one exchange, and what was found out about them.
struct StreamBounds {
  size_t max_bytes = 0;      // Of all that is read: heads, chunk sizes, body.
  bool is_exceeded = false;  // More came, or a line of a head was longer than any honest one.
  bool has_leftover =
      false;  // The peer sent more than one answer: the connection is not fit for another request.
};

// Watches the head of an answer go by. Interim answers (1xx) have heads of their own before it.
class HeadGuard {
 public:
  // False once a status line is longer than 512 bytes, a header line than 16 KiB or the heads than 64 KiB.
  bool Admit(absl::string_view bytes);

 private:
  bool AdmitByte(char byte);
  void EndLine();

  size_t head_length_ = 0;
  size_t line_length_ = 0;
  bool is_line_empty_ = true;
  bool is_status_line_ = true;
  bool is_interim_ = false;
  bool is_over_ = false;
};

// Used by one exchange, on one thread. `bounds` must outlive the stream; `ssl` is null for plain text.
class BoundedStream final : public httplib::Stream {
 public:
  BoundedStream(int socket, SSL* ssl, StreamBounds& bounds);
  ~BoundedStream() override;

  bool is_readable() const override { return true; }
  bool is_writable() const override { return true; }
  ssize_t read(char* bytes, size_t size) override;
  ssize_t write(const char* bytes, size_t size) override;
  void get_remote_ip_and_port(std::string&, int&) const override {}
  void get_local_ip_and_port(std::string&, int&) const override {}
  socket_t socket() const override { return socket_; }

 private:
  bool Flush();
  ssize_t Fill();
  ssize_t Receive();
  ssize_t Transmit(absl::string_view bytes);

  const int socket_;
  SSL* const ssl_;
  StreamBounds& bounds_;
  HeadGuard head_;
  std::string unsent_;
  std::array<char, 16 << 10> buffer_;
  size_t begin_ = 0;  // What of the buffer has not been handed on.
  size_t end_ = 0;
};

// `Base` (httplib::ClientImpl or httplib::SSLClient) over a BoundedStream.
template <typename Base>
class BoundedClient final : public Base {
 public:
  // `bounds` must outlive the client.
  template <typename... Args>
  explicit BoundedClient(StreamBounds& bounds, Args&&... args)
      : Base(std::forward<Args>(args)...), bounds_(bounds) {}

 private:
  bool process_socket(const httplib::ClientImpl::Socket& socket,
                      std::function<bool(httplib::Stream& stream)> exchange) override {
    BoundedStream stream(socket.sock, socket.ssl, bounds_);
    return exchange(stream);
  }

  StreamBounds& bounds_;
};

}  // namespace satudata::http

#endif  // SERVER_HTTP_BOUNDED_STREAM_H_
