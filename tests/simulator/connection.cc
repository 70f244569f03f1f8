#include "tests/simulator/connection.h"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

namespace satudata::simulator {
namespace {

absl::string_view ReasonOf(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 409:
      return "Conflict";
    case 422:
      return "Unprocessable Entity";
    case 429:
      return "Too Many Requests";
    case 500:
      return "Internal Server Error";
    case 503:
      return "Service Unavailable";
    default:
      return "Status";
  }
}

std::string LengthOf(const Reply& reply) {
  if (reply.wire == Wire::kNoEnd) return "Transfer-Encoding: chunked";
  return absl::StrCat("Content-Length: ", reply.body.size());
}

std::string HeadOf(const Reply& reply, Connection::After after) {
  std::string head = absl::StrCat("HTTP/1.1 ", reply.status, " ", ReasonOf(reply.status),
                                  "\r\nContent-Type: ", reply.content_type, "\r\n", LengthOf(reply), "\r\n");
  for (const auto& [name, value] : reply.headers) absl::StrAppend(&head, name, ": ", value, "\r\n");
  absl::StrAppend(&head, after == Connection::After::kClose ? "Connection: close\r\n\r\n"
                                                            : "Connection: keep-alive\r\n\r\n");
  return head;
}

constexpr size_t kBlanks = 4096;

std::string ChunkOf(absl::string_view data) {
  return data.empty() ? "" : absl::StrCat(absl::Hex(data.size()), "\r\n", data, "\r\n");
}

}  // namespace

bool Connection::AwaitRequest() { return in_begin_ < in_end_ || Fill(); }

bool Connection::Fill() {
  ssize_t got;
  do {
    got = recv(socket_, in_.data(), in_.size(), 0);
  } while (got < 0 && errno == EINTR);
  if (got <= 0) return false;
  in_begin_ = 0;
  in_end_ = static_cast<size_t>(got);
  return true;
}

ssize_t Connection::read(char* to, size_t size) {
  if (in_begin_ == in_end_) {
    // The peer may wait for what httplib has said so far: 100-continue.
    if (!out_.empty() && !Send(out_)) return -1;
    out_.clear();
    if (!Fill()) return -1;
  }
  const size_t count = std::min(size, in_end_ - in_begin_);
  std::memcpy(to, in_.data() + in_begin_, count);
  in_begin_ += count;
  return static_cast<ssize_t>(count);
}

ssize_t Connection::write(const char* from, size_t size) {
  out_.append(from, size);
  return static_cast<ssize_t>(size);
}

void Connection::get_remote_ip_and_port(std::string& ip, int& port) const {
  ip = "peer";
  port = 0;
}

void Connection::get_local_ip_and_port(std::string& ip, int& port) const { get_remote_ip_and_port(ip, port); }

Connection::After Connection::Finish(After after) {
  if (reply_.has_value()) {
    const Reply reply = *std::move(reply_);
    reply_.reset();
    out_.clear();
    return SendReply(reply, after);
  }
  // httplib has answered by itself: where that request ends and the next begins is anybody's guess.
  Send(out_);
  out_.clear();
  return After::kClose;
}

Connection::After Connection::SendReply(const Reply& reply, After after) {
  std::string bytes = HeadOf(reply, after);
  switch (reply.wire) {
    case Wire::kWhole:
      bytes += reply.body;
      return Send(bytes) ? after : After::kClose;
    case Wire::kReset:
      Reset();
      return After::kClose;
    case Wire::kHangUp:
      HoldFor(times_.hold);
      return After::kClose;
    case Wire::kDrip:
      return Drip(bytes, reply.body);
    case Wire::kNoEnd:
      return GoOnForever(bytes + ChunkOf(reply.body));
    case Wire::kCut:
      bytes.append(reply.body, 0, reply.body.size() / 2);
      Send(bytes);
      return After::kClose;
  }
  return After::kClose;
}

Connection::After Connection::Drip(absl::string_view head, absl::string_view body) {
  const absl::Time end = absl::Now() + times_.hold;
  bool going = Send(head);
  for (size_t i = 0; going && i < body.size(); ++i) {
    going = absl::Now() < end && HoldFor(times_.drip_interval) && Send(body.substr(i, 1));
  }
  return After::kClose;
}

Connection::After Connection::GoOnForever(absl::string_view begin) {
  const absl::Time end = absl::Now() + times_.hold;
  const std::string blanks = ChunkOf(std::string(kBlanks, ' '));
  bool going = Send(begin);
  while (going && absl::Now() < end) going = HoldFor(times_.drip_interval) && Send(blanks);
  return After::kClose;
}

// With a linger of zero the close that follows sends RST and discards what was not read.
void Connection::Reset() {
  const linger at_once = {.l_onoff = 1, .l_linger = 0};
  setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
}

bool Connection::HoldFor(absl::Duration time) {
  const absl::Time end = absl::Now() + time;
  for (absl::Duration left = time; left > absl::ZeroDuration(); left = end - absl::Now()) {
    pollfd watched = {.fd = socket_, .events = POLLRDHUP, .revents = 0};
    const timespec limit = absl::ToTimespec(left);
    const int ready = ppoll(&watched, 1, &limit, nullptr);
    if (ready > 0) return false;
    if (ready < 0 && errno != EINTR) return false;
  }
  return true;
}

bool Connection::Send(absl::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
  return true;
}

void Connection::Interrupt() { shutdown(socket_, SHUT_RDWR); }

}  // namespace satudata::simulator
