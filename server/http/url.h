// File: url.h
//
// The address of a service, as the settings give it: `https://host[:port][/path]`.
#ifndef SERVER_HTTP_URL_H_
#define SERVER_HTTP_URL_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace satudata::http {

struct Url {
  bool is_tls = false;
  std::string host;  // Without brackets, lower case.
  int port = 0;      // 80 and 443 where the text names none.
  std::string path;  // Empty, or `/ewalidata/serv`: no slash at its end.

  // `https://host:port`: what HttpClientOptions::base_url takes. The port is left out where it is the usual.
  std::string Origin() const;
  // The host is this machine: localhost, 127.0.0.0/8 or ::1.
  bool IsLoopback() const;
};

// INVALID_ARGUMENT, in words for whoever wrote the setting, for another scheme, a missing host, a bad port,
// credentials, a query or a fragment. The text itself is not repeated: it might hold credentials.
absl::StatusOr<Url> ParseUrl(absl::string_view text);

// `text` with everything but letters, digits and -._~ percent-encoded: one path segment or query value.
std::string PercentEncode(absl::string_view text);

}  // namespace satudata::http

#endif  // SERVER_HTTP_URL_H_
