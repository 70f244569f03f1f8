// File: connection.h
//
// One accepted connection as a stream for httplib: buffered both ways, and able to misbehave.
//
// httplib writes its answer into a buffer here. When a Reply was set for the request, that buffer is dropped
// and the reply goes out as its Wire says; otherwise (a malformed request, 100-continue) httplib's bytes go
// out. Lives on the thread that serves the connection; only Interrupt may be called from another.
#ifndef TESTS_SIMULATOR_CONNECTION_H_
#define TESTS_SIMULATOR_CONNECTION_H_

#include <array>
#include <optional>
#include <string>

#include "absl/time/time.h"
#include "httplib.h"
#include "tests/simulator/reply.h"

namespace satudata::simulator {

// The bounds of misbehaviour.
struct WireTimes {
  absl::Duration hold;           // How long a hung or dripping answer is held.
  absl::Duration drip_interval;  // Between two bytes.
};

class Connection final : public httplib::Stream {
 public:
  enum class After { kKeepOpen, kClose };

  // Does not own `socket`, which must stay open until the connection is gone.
  Connection(socket_t socket, WireTimes times) : socket_(socket), times_(times) {}

  // Waits for the first byte of a request; false when the peer is gone, silent for too long, or interrupted.
  bool AwaitRequest();
  // What the request that is being served will be answered. Once per request.
  void SetReply(Reply reply) { reply_ = std::move(reply); }
  // Sends what there is to send. `after` is what the caller means to do next; the result what is left to do.
  After Finish(After after);
  // Ends any wait, now and later: the connection is shut down both ways. Thread-safe.
  void Interrupt();

  bool is_readable() const override { return true; }
  bool is_writable() const override { return true; }
  ssize_t read(char* to, size_t size) override;
  ssize_t write(const char* from, size_t size) override;
  void get_remote_ip_and_port(std::string& ip, int& port) const override;
  void get_local_ip_and_port(std::string& ip, int& port) const override;
  socket_t socket() const override { return socket_; }

 private:
  bool Fill();
  bool Send(absl::string_view bytes);
  After SendReply(const Reply& reply, After after);
  After Drip(absl::string_view head, absl::string_view body);
  After GoOnForever(absl::string_view begin);
  void Reset();
  // False when the peer left or the connection was interrupted before `time` was over.
  bool HoldFor(absl::Duration time);

  const socket_t socket_;
  const WireTimes times_;
  std::array<char, 16 * 1024> in_;
  size_t in_begin_ = 0;
  size_t in_end_ = 0;
  std::string out_;
  std::optional<Reply> reply_;
};

}  // namespace satudata::simulator

#endif  // TESTS_SIMULATOR_CONNECTION_H_
