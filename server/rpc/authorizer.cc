#include "server/rpc/authorizer.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/strip.h"
#include "server/catalog/failure.h"

namespace satudata::rpc {
namespace {

using catalog::Reason;

struct MethodRow {
  absl::string_view method;  // Below the package.
  Permission permission;
};

constexpr absl::string_view kPackage = "satudata.integration.v1.";

constexpr MethodRow kMethods[] = {
    {"IntegrationService.SyncFile", Permission::kSync},
    {"IntegrationService.SyncAll", Permission::kSync},
    {"IntegrationService.WatchRun", Permission::kRead},
    {"IntegrationService.RetryRun", Permission::kSync},
    {"IntegrationService.GetRun", Permission::kRead},
    {"IntegrationService.ListRuns", Permission::kRead},
    {"IntegrationService.CancelRun", Permission::kSync},
    {"IntegrationService.ListDeliveries", Permission::kRead},
    {"IntegrationService.GetDelivery", Permission::kRead},
    {"IntegrationService.GetFileStatus", Permission::kRead},
    {"IntegrationService.GetSummary", Permission::kRead},
    {"CatalogService.UpsertFile", Permission::kManageCatalog},
    {"CatalogService.ImportFiles", Permission::kManageCatalog},
    {"CatalogService.GetFile", Permission::kRead},
    {"CatalogService.ListFiles", Permission::kRead},
    {"CatalogService.GetCatalogSummary", Permission::kRead},
    {"CatalogService.DeleteFile", Permission::kManageCatalog},
    {"CatalogService.SetVerification", Permission::kVerify},
    {"CatalogService.UploadContent", Permission::kManageCatalog},
    {"CatalogService.ListIndicatorValues", Permission::kRead},
    {"TargetService.ListTargets", Permission::kRead},
    // It sends a request with our credentials, so it is not merely reading.
    {"TargetService.CheckTarget", Permission::kManageTargets},
    {"TargetService.PauseTarget", Permission::kManageTargets},
    {"TargetService.ResumeTarget", Permission::kManageTargets},
    {"TargetService.ListReferenceIndicators", Permission::kRead},
    {"TargetService.WithdrawIndicator", Permission::kSync},
    {"SessionService.GetSignInOptions", Permission::kPublic},
    {"SessionService.SignIn", Permission::kPublic},
    // Whoever may do anything at all may do it in a browser.
    {"SessionService.AdoptToken", Permission::kRead},
    // These two know the caller by a cookie.
    {"SessionService.RefreshSession", Permission::kPublic},
    {"SessionService.SignOut", Permission::kPublic},
    {"AccountService.CreateAccount", Permission::kManageAccounts},
    {"AccountService.ListAccounts", Permission::kManageAccounts},
    {"AccountService.UpdateAccount", Permission::kManageAccounts},
    {"AccountService.DeleteAccount", Permission::kManageAccounts},
};

absl::Status Refuse(absl::StatusCode code, Reason reason, catalog::FailureArgs args) {
  return catalog::FailureStatus(code, {.reason = reason, .args = std::move(args)});
}

absl::Status Denied(Role role, absl::string_view permission) {
  return Refuse(absl::StatusCode::kPermissionDenied, Reason::kPermissionDenied,
                {{"role", std::string(access::RoleName(role))}, {"permission", std::string(permission)}});
}

// The scheme's case does not matter (RFC 9110).
std::optional<absl::string_view> BearerToken(absl::string_view header) {
  constexpr absl::string_view kScheme = "bearer ";
  if (!absl::StartsWithIgnoreCase(header, kScheme)) return std::nullopt;
  return absl::StripAsciiWhitespace(header.substr(kScheme.size()));
}

}  // namespace

absl::string_view PermissionName(Permission permission) {
  switch (permission) {
    case Permission::kPublic:
      return "public";
    case Permission::kRead:
      return "read";
    case Permission::kVerify:
      return "verify";
    case Permission::kSync:
      return "sync";
    case Permission::kManageCatalog:
      return "manage-catalog";
    case Permission::kManageTargets:
      return "manage-targets";
    case Permission::kManageAccounts:
      return "manage-accounts";
  }
  return "";
}

bool Grants(Role role, Permission permission) {
  if (permission == Permission::kPublic) return true;
  switch (role) {
    case Role::kAdmin:
      return true;
    case Role::kOperator:
      return permission != Permission::kManageAccounts;
    case Role::kValidator:
      return permission == Permission::kRead || permission == Permission::kVerify;
    case Role::kViewer:
      return permission == Permission::kRead;
  }
  return false;
}

std::vector<Permission> PermissionsOf(Role role) {
  std::vector<Permission> granted;
  for (const Permission permission :
       {Permission::kRead, Permission::kVerify, Permission::kSync, Permission::kManageCatalog,
        Permission::kManageTargets, Permission::kManageAccounts}) {
    if (Grants(role, permission)) granted.push_back(permission);
  }
  return granted;
}

std::optional<Permission> PermissionFor(absl::string_view method) {
  if (!absl::ConsumePrefix(&method, kPackage)) return std::nullopt;
  for (const MethodRow& row : kMethods) {
    if (row.method == method) return row.permission;
  }
  return std::nullopt;
}

Authorizer::Authorizer(TokenTrust trust, access::RoleDirectory roles, base::Clock& clock)
    : verifier_(std::move(trust), clock), roles_(std::move(roles)) {}

void Authorizer::UseRoles(access::RoleDirectory roles) {
  base::MutexLock lock(&mu_);
  roles_ = std::move(roles);
}

std::optional<Role> Authorizer::RoleOf(const Claims& claims) const {
  if (!claims.role.empty()) return access::ParseRole(claims.role);
  base::MutexLock lock(&mu_);
  return roles_.Find(claims.username, claims.id);
}

absl::StatusOr<Principal> Authorizer::Bearer(absl::Span<const absl::string_view> authorization) const {
  constexpr auto kUnauthenticated = absl::StatusCode::kUnauthenticated;
  if (authorization.empty()) return Refuse(kUnauthenticated, Reason::kTokenMissing, {});
  if (authorization.size() > 1) {
    return Refuse(kUnauthenticated, Reason::kTokenInvalid, {{"detail", "authorization twice"}});
  }
  const std::optional<absl::string_view> token = BearerToken(authorization[0]);
  if (!token) return Refuse(kUnauthenticated, Reason::kTokenInvalid, {{"detail", "not a Bearer token"}});
  absl::StatusOr<Claims> claims = verifier_.Verify(*token);
  if (!claims.ok()) return claims.status();
  return PrincipalOf(*std::move(claims));
}

absl::StatusOr<Principal> Authorizer::PrincipalOf(Claims claims) const {
  const std::optional<Role> role = RoleOf(claims);
  Principal principal{.id = std::move(claims.id),
                      .username = std::move(claims.username),
                      .role_claim = std::move(claims.role),
                      .token_expiry = claims.expiry};
  if (!role) {
    return Refuse(absl::StatusCode::kPermissionDenied, Reason::kRoleMissing, {{"user", principal.Name()}});
  }
  principal.role = *role;
  return principal;
}

absl::StatusOr<Principal> Authorizer::Identify(absl::Span<const absl::string_view> authorization,
                                               absl::string_view method) const {
  return PermissionFor(method) == Permission::kPublic ? Principal() : Bearer(authorization);
}

absl::Status Authorizer::Allow(const Principal& principal, absl::string_view method) const {
  const std::optional<Permission> needed = PermissionFor(method);
  if (needed == Permission::kPublic) return absl::OkStatus();
  if (!needed) return Denied(principal.role, "none");
  if (!Grants(principal.role, *needed)) return Denied(principal.role, PermissionName(*needed));
  return absl::OkStatus();
}

absl::StatusOr<Principal> Authorizer::Authorize(absl::Span<const absl::string_view> authorization,
                                                absl::string_view method) const {
  absl::StatusOr<Principal> principal = Identify(authorization, method);
  if (!principal.ok()) return principal;
  if (absl::Status status = Allow(*principal, method); !status.ok()) return status;
  return principal;
}

}  // namespace satudata::rpc
