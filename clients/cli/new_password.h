// File: new_password.h
//
// A new password from wherever the caller has it. Never from the command line, which others can see.
#ifndef CLIENTS_CLI_NEW_PASSWORD_H_
#define CLIENTS_CLI_NEW_PASSWORD_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "clients/cli/language.h"
#include "clients/cli/surroundings.h"

namespace satudata::cli {

// The first line of `file`; without one it is asked for twice where standard input is a terminal, and else
// the first line of standard input. INVALID_ARGUMENT in words for the caller; CANCELLED by Ctrl-C.
absl::StatusOr<std::string> ReadNewPassword(absl::string_view file, const Surroundings& surroundings,
                                            Language language);

}  // namespace satudata::cli

#endif  // CLIENTS_CLI_NEW_PASSWORD_H_
