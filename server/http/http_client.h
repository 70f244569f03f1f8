// File: http_client.h
//
// One outbound HTTP exchange, bounded in time and size. What the answer means is not decided here.
//
// An answer that names its length (or is chunked) is complete or absent. One that ends where the peer closes
// the connection cannot be told from a cut one; there only its own syntax shows whether it is whole.
#ifndef SERVER_HTTP_HTTP_CLIENT_H_
#define SERVER_HTTP_HTTP_CLIENT_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/base/deadline.h"

namespace satudata::http {

using Headers = std::vector<std::pair<std::string, std::string>>;

// A body that is read piece by piece while it is sent, because it is too big to hold. Used by one exchange,
// on its thread.
class BodySource {
 public:
  virtual ~BodySource() = default;
  // Of all of it; what is announced to the peer before the first byte is read.
  virtual int64_t size_bytes() const = 0;
  // The bytes that follow, at least one and at most `limit`, valid until the next call. Asked for until all
  // have come. An error ends the exchange there and then: the peer never has the whole request.
  virtual absl::StatusOr<absl::string_view> Next(size_t limit) = 0;
};

struct Request {
  std::string method = "GET";  // GET, POST or PUT.
  std::string path;  // From the base URL's root, with query: `/ewalidata/serv/get_dssd?kodepemda=1612`.
  Headers headers;
  std::string body;
  std::string content_type = "application/json";
  // Instead of `body`. Called once in every exchange, so that what is sent again is read again.
  std::function<absl::StatusOr<std::unique_ptr<BodySource>>()> open_body = nullptr;
};

struct Answer {
  int status = 0;
  Headers headers;
  std::string body;

  // The first header of that name, case-insensitive; empty if there is none.
  absl::string_view Header(absl::string_view name) const;
};

enum class TransportError {
  kNone,
  kConnect,      // No connection (or no request that may be sent): nothing left this machine.
  kCertificate,  // The peer's certificate could not be verified: nothing was sent.
  kTimeout,      // The deadline passed while waiting or receiving.
  kBroken,       // The connection broke after the request began to leave.
  kTooLarge,     // The answer exceeded `max_answer_bytes`.
  kBody,         // Our own body could not be read to its end; the peer has a part of the request at most.
  kAborted,      // Abort() was called, or the deadline's stop was requested.
};

struct Result {
  std::optional<Answer> answer;  // Complete, or absent.
  TransportError error = TransportError::kNone;
  std::string error_detail;                     // For people; no credentials, no body.
  absl::Status body_status = absl::OkStatus();  // With kBody: what the body's source said.
  absl::Time start_time;
  absl::Duration duration;

  // False when it is certain that no byte of the request reached the peer.
  bool MayHaveArrived() const {
    return error != TransportError::kConnect && error != TransportError::kCertificate;
  }
};

struct Limits {
  // Total, also against a body that drips. Its stop ends the exchange at once.
  base::Deadline deadline = base::Deadline::Infinite();
  size_t max_answer_bytes = 1 << 20;  // Default: 1 MiB.
};

// Thread-safe.
class HttpClient {
 public:
  virtual ~HttpClient() = default;
  // Blocks until an answer, an error or the deadline. Never retries, never follows redirects.
  virtual Result Do(const Request& request, const Limits& limits) = 0;
  // Ends every exchange that is under way with kAborted.
  virtual void Abort() = 0;
};

struct HttpClientOptions {
  std::string base_url;  // scheme://host[:port]; a path prefix is the caller's business.
  absl::Duration connect_timeout = absl::Seconds(10);  // Default: 10 s.
  std::string ca_bundle_file;                          // Empty: the system's.
  std::string client_certificate_file;                 // Empty: none.
  std::string client_key_file;
  std::string user_agent = "satudata-integration";
  bool allow_plaintext = false;   // Plain http to other hosts than loopback.
  int max_idle_connections = 64;  // Default: 64; what comes back beyond that is closed.
  // Default: 4 s. Servers drop idle connections after 5 s and more; a request that meets that moment is lost
  // without a trace of whether it arrived, so we always hang up first.
  absl::Duration max_idle_time = absl::Seconds(4);
};

// A client over cpp-httplib that keeps connections alive, one exchange per connection at a time. TLS 1.2 or
// newer, always verified. INVALID_ARGUMENT for a malformed URL, for plain http to a host that is not
// loopback, and for certificate files that cannot be read. `clock` must outlive the client, and every Do()
// must have returned before the client is destroyed.
//
// A name that has to be looked up is looked up by the system's resolver, whose own timeouts (resolv.conf)
// bound it, not the deadline. Makes the process ignore SIGPIPE if nobody has decided about that signal.
absl::StatusOr<std::unique_ptr<HttpClient>> NewHttpClient(HttpClientOptions options, base::Clock& clock);

}  // namespace satudata::http

#endif  // SERVER_HTTP_HTTP_CLIENT_H_
