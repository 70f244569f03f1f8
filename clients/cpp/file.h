// File: file.h
//
// Reads the small files that the program needs: tokens, secrets, certificates.
#ifndef CLIENTS_CPP_FILE_H_
#define CLIENTS_CPP_FILE_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace satudata::integration {

// The content of a file of at most 1 MiB. NotFound, PermissionDenied, or another error that names the file.
absl::StatusOr<std::string> ReadSmallFile(absl::string_view path);

}  // namespace satudata::integration

#endif  // CLIENTS_CPP_FILE_H_
