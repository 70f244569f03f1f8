#include "server/access/role.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"

namespace satudata::access {

absl::string_view RoleName(Role role) {
  switch (role) {
    case Role::kAdmin:
      return "Admin";
    case Role::kOperator:
      return "Operator";
    case Role::kValidator:
      return "Validator";
    case Role::kViewer:
      return "Viewer";
  }
  return "";
}

std::optional<Role> ParseRole(absl::string_view name) {
  const absl::string_view trimmed = absl::StripAsciiWhitespace(name);
  for (const Role role : {Role::kAdmin, Role::kOperator, Role::kValidator, Role::kViewer}) {
    if (absl::EqualsIgnoreCase(trimmed, RoleName(role))) return role;
  }
  return std::nullopt;
}

RoleDirectory::RoleDirectory(const absl::flat_hash_map<std::string, Role>& roles) {
  for (const auto& [name, role] : roles) by_lower_name_.emplace(absl::AsciiStrToLower(name), role);
}

std::optional<Role> RoleDirectory::Find(absl::string_view username, absl::string_view id) const {
  for (const absl::string_view name : {username, id}) {
    if (name.empty()) continue;
    const auto found = by_lower_name_.find(absl::AsciiStrToLower(name));
    if (found != by_lower_name_.end()) return found->second;
  }
  return std::nullopt;
}

}  // namespace satudata::access
