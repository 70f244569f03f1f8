// File: call_headers.h
//
// What of an HTTP request's headers belongs to the call, and what of a call's metadata may become HTTP
// headers. Pure and thread-safe.
#ifndef SERVER_WEB_CALL_HEADERS_H_
#define SERVER_WEB_CALL_HEADERS_H_

#include <httplib.h>

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/web/frame.h"

namespace satudata::web {

inline constexpr char kStatusDetails[] = "grpc-status-details-bin";

struct CallHeaders {
  Metadata metadata;
  std::optional<absl::Duration> timeout;
};

// Everything that is not the browser's own, the connection's or gRPC's, with `peer` at the end of
// x-forwarded-for. INVALID_ARGUMENT (REQUEST_MALFORMED) for a grpc-timeout or a `-bin` value that is none,
// RESOURCE_EXHAUSTED (MESSAGE_TOO_LARGE) for more than 16 KiB.
absl::StatusOr<CallHeaders> ReadCallHeaders(const httplib::Headers& headers, absl::string_view peer);

// `5S`, `250m`: at most eight digits and a unit. nullopt for anything else.
std::optional<absl::Duration> ParseGrpcTimeout(absl::string_view text);

// Names that a service's metadata must not set in an answer: gRPC's, the connection's, the page's own.
bool IsReserved(absl::string_view name);

// How metadata is written in a header or trailer: base64 for `-bin` names, without what would break the line.
std::string HeaderValue(absl::string_view name, absl::string_view value);

}  // namespace satudata::web

#endif  // SERVER_WEB_CALL_HEADERS_H_
