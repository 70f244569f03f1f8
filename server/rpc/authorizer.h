// File: authorizer.h
//
// Who may call what: one table from method to permission, and which permissions a role has. What is not in
// the table is refused to everybody. Knows no gRPC; thread-safe.
#ifndef SERVER_RPC_AUTHORIZER_H_
#define SERVER_RPC_AUTHORIZER_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "server/rpc/jwt.h"
#include "server/rpc/role.h"

namespace satudata::rpc {

enum class Permission { kRead, kVerify, kSync, kManageCatalog, kManageTargets };

absl::string_view PermissionName(Permission permission);  // `manage-catalog` for kManageCatalog.
bool Grants(Role role, Permission permission);

// What `method` (`satudata.integration.v1.CatalogService.GetFile`) needs; nullopt for one that nobody may
// call.
std::optional<Permission> PermissionFor(absl::string_view method);

struct Principal {
  std::string id;
  std::string username;
  Role role = Role::kViewer;

  // What runs remember of who started them.
  const std::string& Name() const { return username.empty() ? id : username; }
};

class Authorizer {
 public:
  // `clock` is the verifier's.
  Authorizer(JwtVerifier verifier, RoleDirectory roles);

  // `authorization`: the values of that header in this call. UNAUTHENTICATED with kTokenMissing,
  // kTokenInvalid, kTokenExpired; PERMISSION_DENIED with kRoleMissing, kPermissionDenied.
  absl::StatusOr<Principal> Authorize(absl::Span<const absl::string_view> authorization,
                                      absl::string_view method) const;

 private:
  absl::StatusOr<Principal> Identify(absl::Span<const absl::string_view> authorization) const;

  const JwtVerifier verifier_;
  const RoleDirectory roles_;
};

}  // namespace satudata::rpc

#endif  // SERVER_RPC_AUTHORIZER_H_
