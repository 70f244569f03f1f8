// File: address.h
//
// Server addresses as gRPC takes them. Pure functions.
#ifndef CLIENTS_CPP_ADDRESS_H_
#define CLIENTS_CPP_ADDRESS_H_

#include "absl/strings/string_view.h"

namespace satudata::integration {

// Whether `server` (`host:port`, `[::1]:port`, with or without a scheme, `unix:path`) is on this machine by
// its very name; nothing is looked up.
bool IsLoopback(absl::string_view server);

}  // namespace satudata::integration

#endif  // CLIENTS_CPP_ADDRESS_H_
