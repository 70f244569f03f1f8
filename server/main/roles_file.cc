#include "server/main/roles_file.h"

#include <yaml-cpp/yaml.h>

#include <optional>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace satudata::main {
namespace {

absl::Status Error(const YAML::Node& where, absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat("line ", where.Mark().line + 1, ": ", what));
}

absl::StatusOr<access::RoleDirectory> ReadRoles(const YAML::Node& root) {
  absl::flat_hash_map<std::string, access::Role> roles;
  if (root.IsNull()) return access::RoleDirectory(roles);
  if (!root.IsMap()) return Error(root, "user names with their roles are expected, like `siti: Operator`");
  for (const auto& entry : root) {
    if (!entry.first.IsScalar() || !entry.second.IsScalar()) return Error(entry.first, "one role per user");
    const std::optional<access::Role> role = access::ParseRole(entry.second.Scalar());
    if (!role) {
      return Error(entry.first, absl::StrCat("no role \"", entry.second.Scalar(),
                                             "\"; there are Admin, Operator, Validator and Viewer"));
    }
    if (!roles.emplace(absl::AsciiStrToLower(entry.first.Scalar()), *role).second) {
      return Error(entry.first, absl::StrCat(entry.first.Scalar(), " is given twice"));
    }
  }
  return access::RoleDirectory(roles);
}

}  // namespace

absl::StatusOr<access::RoleDirectory> ParseRolesFile(absl::string_view text) {
  try {
    return ReadRoles(YAML::Load(std::string(text)));
  } catch (const YAML::Exception& error) {
    return absl::InvalidArgumentError(
        absl::StrCat("line ", error.mark.line + 1, ": not YAML or JSON (", error.msg, ")"));
  }
}

}  // namespace satudata::main
