// File: version.h
//
// What this program calls itself.
#ifndef CLIENTS_CLI_VERSION_H_
#define CLIENTS_CLI_VERSION_H_

#include "absl/strings/string_view.h"

namespace satudata::cli {

// For example `0.1.0`.
absl::string_view Version();

}  // namespace satudata::cli

#endif  // CLIENTS_CLI_VERSION_H_
