// File: env_file.h
//
// A file of variables, as the programs are given them by --env-file. Pure.
#ifndef SERVER_BASE_ENV_FILE_H_
#define SERVER_BASE_ENV_FILE_H_

#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace satudata::base {

// The lines of a `.env`: NAME=value, optionally with `export`, quotes and comments. INVALID_ARGUMENT, naming
// the line, for what is none of these. Variables are not expanded.
absl::StatusOr<std::map<std::string, std::string>> ParseEnvFile(absl::string_view text);

}  // namespace satudata::base

#endif  // SERVER_BASE_ENV_FILE_H_
