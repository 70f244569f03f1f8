// File: file.h
//
// Reads the small files that the program needs: tokens, secrets, certificates.
#ifndef CLIENTS_CLI_FILE_H_
#define CLIENTS_CLI_FILE_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace satudata::cli {

// The content of a file of at most 1 MiB. NotFound, PermissionDenied, or another error that names the file.
absl::StatusOr<std::string> ReadSmallFile(absl::string_view path);

}  // namespace satudata::cli

#endif  // CLIENTS_CLI_FILE_H_
