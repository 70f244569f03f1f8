// File: role.h
//
// Who a caller is to us, and where the role comes from when the token does not say. Pure values.
#ifndef SERVER_ACCESS_ROLE_H_
#define SERVER_ACCESS_ROLE_H_

#include <optional>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"

namespace satudata::access {

enum class Role { kAdmin, kOperator, kValidator, kViewer };

absl::string_view RoleName(Role role);  // `Admin` for kAdmin.
// Case does not matter, as it does not in the portal's database.
std::optional<Role> ParseRole(absl::string_view name);

// The roles of those whose tokens carry none, by user name or id. Immutable, hence thread-safe.
class RoleDirectory {
 public:
  RoleDirectory() = default;
  // User names compare without case, ids as well.
  explicit RoleDirectory(const absl::flat_hash_map<std::string, Role>& roles);

  // Of the user name, else of the id.
  std::optional<Role> Find(absl::string_view username, absl::string_view id) const;

 private:
  absl::flat_hash_map<std::string, Role> by_lower_name_;
};

}  // namespace satudata::access

#endif  // SERVER_ACCESS_ROLE_H_
