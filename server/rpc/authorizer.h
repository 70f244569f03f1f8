// File: authorizer.h
//
// Who may call what: one table from method to permission, and which permissions a role has. What is not in
// the table is refused to everybody. Knows no gRPC; thread-safe.
#ifndef SERVER_RPC_AUTHORIZER_H_
#define SERVER_RPC_AUTHORIZER_H_

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "server/access/role.h"
#include "server/base/clock.h"
#include "server/base/mutex.h"
#include "server/rpc/jwt.h"

namespace satudata::rpc {

using access::Role;

enum class Permission {
  kPublic,  // No token is needed, and one that is there is not looked at.
  kRead,
  kVerify,
  kSync,
  kManageCatalog,
  kManageTargets,
  kManageAccounts
};

absl::string_view PermissionName(Permission permission);  // `manage-catalog` for kManageCatalog.
bool Grants(Role role, Permission permission);
// What `role` may do beyond what everybody may.
std::vector<Permission> PermissionsOf(Role role);

// What `method` (`satudata.integration.v1.CatalogService.GetFile`) needs; nullopt for one that nobody may
// call.
std::optional<Permission> PermissionFor(absl::string_view method);

// Who calls; nobody for a method that is public.
struct Principal {
  std::string id;
  std::string username;
  Role role = Role::kViewer;
  std::string role_claim;  // As the token says it; empty: it does not, and ROLES_FILE decided.
  absl::Time token_expiry;

  // What runs remember of who started them.
  const std::string& Name() const { return username.empty() ? id : username; }
};

class Authorizer {
 public:
  // `clock` must outlive the authorizer.
  Authorizer(TokenTrust trust, access::RoleDirectory roles, base::Clock& clock);

  // `authorization`: the values of that header in this call. UNAUTHENTICATED with kTokenMissing,
  // kTokenInvalid, kTokenExpired; PERMISSION_DENIED with kRoleMissing, kPermissionDenied.
  absl::StatusOr<Principal> Authorize(absl::Span<const absl::string_view> authorization,
                                      absl::string_view method) const;

  // Its two halves: who calls, whatever that one may do (nobody where `method` is public); and whether that
  // one may.
  absl::StatusOr<Principal> Identify(absl::Span<const absl::string_view> authorization,
                                     absl::string_view method) const;
  absl::Status Allow(const Principal& principal, absl::string_view method) const;

  // The caller that these claims make. PERMISSION_DENIED with kRoleMissing.
  absl::StatusOr<Principal> PrincipalOf(Claims claims) const;

  // Replace what the files said that have changed since; calls under way are not affected.
  void UseKeys(KeySet keys) { verifier_.UseKeys(std::move(keys)); }
  void UseRoles(access::RoleDirectory roles);

 private:
  absl::StatusOr<Principal> Bearer(absl::Span<const absl::string_view> authorization) const;

  std::optional<Role> RoleOf(const Claims& claims) const;

  JwtVerifier verifier_;
  mutable base::Mutex mu_;
  access::RoleDirectory roles_ ABSL_GUARDED_BY(mu_);
};

}  // namespace satudata::rpc

#endif  // SERVER_RPC_AUTHORIZER_H_
