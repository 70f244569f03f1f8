// File: status_maker.h
//
// How this module words its errors: as the gRPC edge does, which it does not know. Given by whoever wires
// both.
#ifndef SERVER_WEB_STATUS_MAKER_H_
#define SERVER_WEB_STATUS_MAKER_H_

#include <grpcpp/support/status.h>

#include <functional>

#include "absl/status/status.h"
#include "server/catalog/messages.h"

namespace satudata::web {

// A domain error as a status for the wire, in a caller's language. Thread-safe.
using StatusMaker = std::function<grpc::Status(const absl::Status&, catalog::Language)>;

}  // namespace satudata::web

#endif  // SERVER_WEB_STATUS_MAKER_H_
