#include "server/http/bounded_stream.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace satudata::http {
namespace {

constexpr size_t kMaxStatusLine = 512;
constexpr size_t kMaxHeaderLine = 16 << 10;
constexpr size_t kMaxHead = 64 << 10;
// A request up to this size leaves in one piece.
constexpr size_t kCoalesced = 256 << 10;

bool MayGoOn(int error) { return error == EINTR || error == EAGAIN || error == EWOULDBLOCK; }

// The socket blocks, but with timeouts that httplib set when it dialled, for a request of the past.
void Await(int socket, short events) {
  pollfd state = {.fd = socket, .events = events, .revents = 0};
  ::poll(&state, 1, /*timeout=*/-1);
}

}  // namespace

bool HeadGuard::Admit(absl::string_view bytes) {
  for (char byte : bytes) {
    if (is_over_) return true;
    if (!AdmitByte(byte)) return false;
  }
  return true;
}

bool HeadGuard::AdmitByte(char byte) {
  ++head_length_;
  ++line_length_;
  // `HTTP/1.1 1…`: the first digit of the status is the tenth byte.
  if (is_status_line_ && line_length_ == 10) is_interim_ = byte == '1';
  if (byte == '\n') {
    EndLine();
  } else if (byte != '\r') {
    is_line_empty_ = false;
  }
  return head_length_ <= kMaxHead && line_length_ <= (is_status_line_ ? kMaxStatusLine : kMaxHeaderLine);
}

void HeadGuard::EndLine() {
  const bool is_head_over = is_line_empty_ && !is_status_line_;
  is_over_ = is_head_over && !is_interim_;
  is_status_line_ = is_head_over;
  is_line_empty_ = true;
  line_length_ = 0;
}

BoundedStream::BoundedStream(int socket, SSL* ssl, StreamBounds& bounds)
    : socket_(socket), ssl_(ssl), bounds_(bounds) {}

BoundedStream::~BoundedStream() { bounds_.has_leftover = begin_ < end_; }

ssize_t BoundedStream::read(char* bytes, size_t size) {
  if (!Flush()) return -1;
  if (begin_ == end_) {
    if (const ssize_t filled = Fill(); filled <= 0) return filled;
  }
  const size_t count = std::min(size, end_ - begin_);
  std::memcpy(bytes, buffer_.data() + begin_, count);
  begin_ += count;
  return static_cast<ssize_t>(count);
}

ssize_t BoundedStream::write(const char* bytes, size_t size) {
  unsent_.append(bytes, size);
  if (unsent_.size() > kCoalesced && !Flush()) return -1;
  return static_cast<ssize_t>(size);
}

bool BoundedStream::Flush() {
  absl::string_view rest = unsent_;
  while (!rest.empty()) {
    const ssize_t count = Transmit(rest);
    if (count <= 0) return false;
    rest.remove_prefix(static_cast<size_t>(count));
  }
  unsent_.clear();
  return true;
}

ssize_t BoundedStream::Fill() {
  const ssize_t count = Receive();
  if (count <= 0) return count;
  begin_ = 0;
  end_ = static_cast<size_t>(count);
  const bool fits = end_ <= bounds_.max_bytes;
  bounds_.max_bytes -= std::min(end_, bounds_.max_bytes);
  if (fits && head_.Admit({buffer_.data(), end_})) return count;
  bounds_.is_exceeded = true;
  return -1;
}

ssize_t BoundedStream::Receive() {
  while (true) {
    if (ssl_ != nullptr) {
      ERR_clear_error();  // SSL_get_error looks at what any earlier call left behind.
      const int count = SSL_read(ssl_, buffer_.data(), static_cast<int>(buffer_.size()));
      if (count > 0) return count;
      const int error = SSL_get_error(ssl_, count);
      if (error == SSL_ERROR_ZERO_RETURN) return 0;
      // An end without a goodbye could have been made by anybody on the way: no end, but an error.
      if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) return -1;
      Await(socket_, error == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT);
    } else {
      const ssize_t count = ::recv(socket_, buffer_.data(), buffer_.size(), 0);
      if (count >= 0 || !MayGoOn(errno)) return count;
      Await(socket_, POLLIN);
    }
  }
}

ssize_t BoundedStream::Transmit(absl::string_view bytes) {
  while (true) {
    if (ssl_ != nullptr) {
      ERR_clear_error();
      const int size = static_cast<int>(std::min(bytes.size(), kCoalesced));
      const int count = SSL_write(ssl_, bytes.data(), size);
      if (count > 0) return count;
      const int error = SSL_get_error(ssl_, count);
      if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) return -1;
      Await(socket_, error == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT);
    } else {
      const ssize_t count = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (count >= 0 || !MayGoOn(errno)) return count;
      Await(socket_, POLLOUT);
    }
  }
}

}  // namespace satudata::http
