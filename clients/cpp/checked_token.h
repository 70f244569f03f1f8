// File: checked_token.h
//
// A header value must be visible ASCII; gRPC answers anything else with an error that explains nothing.
#ifndef CLIENTS_CPP_CHECKED_TOKEN_H_
#define CLIENTS_CPP_CHECKED_TOKEN_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace satudata::integration {

// `token`, if it can be one. INVALID_ARGUMENT otherwise, which names `where` it was found.
absl::StatusOr<std::string> CheckedToken(std::string token, absl::string_view where);

// What the file holds, without the blanks around it.
absl::StatusOr<std::string> ReadTokenFile(const std::string& path);

}  // namespace satudata::integration

#endif  // CLIENTS_CPP_CHECKED_TOKEN_H_
