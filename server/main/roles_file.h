// File: roles_file.h
//
// ROLES_FILE: who has which role, as YAML or JSON: `{siti: Operator, 65f0c1: validator}`.
#ifndef SERVER_MAIN_ROLES_FILE_H_
#define SERVER_MAIN_ROLES_FILE_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/access/role.h"

namespace satudata::main {

// INVALID_ARGUMENT, naming the line, for anything but names with one of our roles each.
absl::StatusOr<access::RoleDirectory> ParseRolesFile(absl::string_view text);

}  // namespace satudata::main

#endif  // SERVER_MAIN_ROLES_FILE_H_
