#include "server/rpc/authorizer.h"

#include <google/protobuf/descriptor.h>

#include <map>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gtest/gtest.h"
#include "satudata/integration/v1/account_service.pb.h"
#include "satudata/integration/v1/catalog_service.pb.h"
#include "satudata/integration/v1/integration_service.pb.h"
#include "satudata/integration/v1/session_service.pb.h"
#include "satudata/integration/v1/target_service.pb.h"
#include "server/catalog/failure.h"
#include "tests/fakes/fake_clock.h"

namespace satudata::rpc {
namespace {

using catalog::Reason;
namespace v1 = ::satudata::integration::v1;

constexpr char kSecret[] = "secret";

std::vector<std::string> MethodsOfOurServices() {
  std::vector<std::string> methods;
  for (const auto* file :
       {v1::SyncFileRequest::descriptor()->file(), v1::GetFileRequest::descriptor()->file(),
        v1::ListTargetsRequest::descriptor()->file(), v1::SignInRequest::descriptor()->file(),
        v1::Account::descriptor()->file()}) {
    for (int s = 0; s < file->service_count(); ++s) {
      for (int m = 0; m < file->service(s)->method_count(); ++m) {
        methods.push_back(file->service(s)->method(m)->full_name());
      }
    }
  }
  return methods;
}

// What a method may be called by, told from its name: a second, independent reading of the table.
bool IsOfAccounts(absl::string_view method) { return absl::StrContains(method, ".AccountService."); }

bool IsPublic(absl::string_view method) {
  return absl::StrContains(method, ".SessionService.") && !absl::EndsWith(method, ".AdoptToken");
}

bool Reads(absl::string_view method) {
  const absl::string_view name = method.substr(method.rfind('.') + 1);
  if (IsPublic(method) || name == "AdoptToken") return true;
  if (IsOfAccounts(method)) return false;
  return absl::StartsWith(name, "Get") || absl::StartsWith(name, "List") || absl::StartsWith(name, "Watch");
}

class AuthorizerTest : public testing::Test {
 protected:
  std::string Header(absl::string_view role) const {
    return absl::StrCat("Bearer ", SignJwt({.id = "1",
                                            .username = "siti",
                                            .role = std::string(role),
                                            .expiry = clock_.Now() + absl::Hours(1)},
                                           kSecret, clock_.Now()));
  }
  absl::StatusOr<Principal> As(absl::string_view role, absl::string_view method) const {
    const std::string header = Header(role);
    const absl::string_view values[] = {header};
    return authorizer_.Authorize(values, method);
  }
  Reason RefusalAs(absl::string_view role, absl::string_view method) const {
    return catalog::FailureOf(As(role, method).status()).reason;
  }

  mutable fakes::FakeClock clock_;
  const Authorizer authorizer_{{.secret = kSecret},
                               access::RoleDirectory({{"Budi", Role::kOperator}, {"65f0", Role::kViewer}}),
                               clock_};
};

TEST_F(AuthorizerTest, KnowsEveryMethodOfOurServices) {
  const std::vector<std::string> methods = MethodsOfOurServices();
  EXPECT_EQ(methods.size(), 35U);
  for (const std::string& method : methods) EXPECT_TRUE(PermissionFor(method).has_value()) << method;
}

TEST_F(AuthorizerTest, RefusesEveryMethodToACallWithoutATokenButThoseThatSignIn) {
  for (const std::string& method : MethodsOfOurServices()) {
    if (IsPublic(method)) continue;
    const auto principal = authorizer_.Authorize({}, method);
    EXPECT_EQ(principal.status().code(), absl::StatusCode::kUnauthenticated) << method;
    EXPECT_EQ(catalog::FailureOf(principal.status()).reason, Reason::kTokenMissing) << method;
  }
}

TEST_F(AuthorizerTest, GrantsEachRoleExactlyItsMethods) {
  for (const std::string& method : MethodsOfOurServices()) {
    EXPECT_EQ(RefusalAs("Admin", method), Reason::kNone) << method;
    EXPECT_EQ(RefusalAs("Operator", method), IsOfAccounts(method) ? Reason::kPermissionDenied : Reason::kNone)
        << method;
    EXPECT_EQ(RefusalAs("Viewer", method), Reads(method) ? Reason::kNone : Reason::kPermissionDenied)
        << method;
    const bool validates = Reads(method) || absl::EndsWith(method, ".SetVerification");
    EXPECT_EQ(RefusalAs("Validator", method), validates ? Reason::kNone : Reason::kPermissionDenied)
        << method;
  }
}

TEST_F(AuthorizerTest, TakesACallWithoutATokenForNobodyWhereSomebodySignsIn) {
  const absl::string_view bad[] = {"Bearer of bad news"};
  int count = 0;
  for (const std::string& method : MethodsOfOurServices()) {
    if (!IsPublic(method)) continue;
    ++count;
    for (const auto& principal : {authorizer_.Authorize({}, method), authorizer_.Authorize(bad, method)}) {
      ASSERT_TRUE(principal.ok()) << method << principal.status();
      EXPECT_EQ(principal->Name(), "") << method;
    }
  }
  EXPECT_EQ(count, 4);
}

TEST_F(AuthorizerTest, SaysWhatARoleMayDo) {
  const auto names = [](Role role) {
    std::vector<std::string> permissions;
    for (const Permission permission : PermissionsOf(role))
      permissions.emplace_back(PermissionName(permission));
    return absl::StrJoin(permissions, " ");
  };
  EXPECT_EQ(names(Role::kAdmin), "read verify sync manage-catalog manage-targets manage-accounts");
  EXPECT_EQ(names(Role::kOperator), "read verify sync manage-catalog manage-targets");
  EXPECT_EQ(names(Role::kValidator), "read verify");
  EXPECT_EQ(names(Role::kViewer), "read");
}

TEST_F(AuthorizerTest, KeepsWhatTheTokenSaysOfRoleAndEnd) {
  const auto principal = As("admin", "satudata.integration.v1.CatalogService.GetFile");
  EXPECT_EQ(principal->role_claim, "admin");
  EXPECT_EQ(principal->token_expiry, clock_.Now() + absl::Hours(1));
}

TEST_F(AuthorizerTest, DeniesWhatIsNotInTheTable) {
  for (const char* method : {"", "IntegrationService.GetRun", "satudata.integration.v1.", "other.Service.Get",
                             "satudata.integration.v1.IntegrationService.getrun"}) {
    EXPECT_EQ(RefusalAs("Admin", method), Reason::kPermissionDenied) << method;
  }
}

TEST_F(AuthorizerTest, TakesRolesInAnyCase) {
  EXPECT_EQ(As("ADMIN", "satudata.integration.v1.CatalogService.DeleteFile")->role, Role::kAdmin);
  EXPECT_EQ(As("viewer", "satudata.integration.v1.CatalogService.GetFile")->role, Role::kViewer);
}

TEST_F(AuthorizerTest, RefusesARoleThatNobodyKnows) {
  EXPECT_EQ(RefusalAs("root", "satudata.integration.v1.CatalogService.GetFile"), Reason::kRoleMissing);
}

TEST_F(AuthorizerTest, LooksUpTheRoleThatATokenDoesNotCarry) {
  const auto role_of = [&](const char* id, const char* username) -> std::string {
    const std::string header = absl::StrCat(
        "bearer ", SignJwt({.id = id, .username = username, .expiry = clock_.Now() + absl::Hours(1)}, kSecret,
                           clock_.Now()));
    const absl::string_view values[] = {header};
    const auto principal = authorizer_.Authorize(values, "satudata.integration.v1.CatalogService.GetFile");
    return principal.ok() ? std::string(access::RoleName(principal->role))
                          : std::string(catalog::ReasonName(catalog::FailureOf(principal.status()).reason));
  };
  EXPECT_EQ(role_of("1", "BUDI"), "Operator");
  EXPECT_EQ(role_of("65F0", "nobody"), "Viewer");
  EXPECT_EQ(role_of("2", "nobody"), "ROLE_MISSING");
  EXPECT_EQ(role_of("", ""), "ROLE_MISSING");
}

TEST_F(AuthorizerTest, RefusesOtherSchemesAndTwoHeaders) {
  const std::string good = Header("Admin");
  const absl::string_view basic[] = {"Basic dXNlcjpwYXNz"};
  const absl::string_view twice[] = {good, good};
  constexpr char kMethod[] = "satudata.integration.v1.CatalogService.GetFile";
  EXPECT_EQ(catalog::FailureOf(authorizer_.Authorize(basic, kMethod).status()).reason, Reason::kTokenInvalid);
  EXPECT_EQ(catalog::FailureOf(authorizer_.Authorize(twice, kMethod).status()).reason, Reason::kTokenInvalid);
}

}  // namespace
}  // namespace satudata::rpc
