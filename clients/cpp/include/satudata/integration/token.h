// File: token.h
//
// Where the token of a call comes from.
#ifndef CLIENTS_CPP_INCLUDE_SATUDATA_INTEGRATION_TOKEN_H_
#define CLIENTS_CPP_INCLUDE_SATUDATA_INTEGRATION_TOKEN_H_

#include <functional>
#include <string>

#include "absl/status/statusor.h"

namespace satudata::integration {

// Asked before every call and whenever a run is attached to again, by the thread that calls, so that tokens
// may be short-lived. An error ends the call with it. Must be thread-safe where the client is used by many
// threads.
using TokenProvider = std::function<absl::StatusOr<std::string>()>;

TokenProvider FixedToken(std::string token);

// The content of the file without the blanks around it, read for every call: a renewed token is found.
TokenProvider TokenFromFile(std::string path);

}  // namespace satudata::integration

#endif  // CLIENTS_CPP_INCLUDE_SATUDATA_INTEGRATION_TOKEN_H_
