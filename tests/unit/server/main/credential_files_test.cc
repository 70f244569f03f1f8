#include "server/main/credential_files.h"

#include <filesystem>
#include <string>

#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/access/role.h"
#include "server/rpc/jwt.h"
#include "tests/fakes/temporary_directory.h"
#include "tests/fakes/test_certificate.h"

namespace satudata::main {
namespace {

using fakes::MakeCertificate;
using fakes::TestCertificate;
using ::testing::HasSubstr;

constexpr char kMethod[] = "satudata.integration.v1.CatalogService.GetFile";
constexpr char kSecret[] = "s3cret";
// Two points of P-256; nobody has the private halves at hand.
constexpr char kOneKey[] =
    R"({"keys":[{"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",)"
    R"("y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"}]})";

// Looks when the test says so.
class CredentialFilesTest : public testing::Test {
 protected:
  CredentialFilesTest() {
    directory_.Write("tls.crt", first_.CertificatePem());
    directory_.Write("tls.key", first_.KeyPem());
    directory_.Write("jwks.json", kOneKey);
    directory_.Write("roles.yaml", "siti: Viewer\n");
  }
  FileLook Look() {
    return FileLook(CredentialFiles(paths_, {&identity_, nullptr, nullptr, &authorizer_, &metrics_}, clock_));
  }
  std::string RoleOfSiti() {
    const std::string token =
        "Bearer " +
        rpc::SignJwt({.username = "siti", .expiry = clock_.Now() + absl::Hours(1)}, kSecret, clock_.Now());
    const absl::string_view headers[] = {token};
    const auto principal = authorizer_.Authorize(headers, kMethod);
    return principal.ok() ? std::string(access::RoleName(principal->role)) : principal.status().ToString();
  }
  std::string Usable(const std::string& files) {
    const std::string series = "integration_files_usable{files=\"" + files + "\"} ";
    const std::string all = metrics_.Render();
    const size_t at = all.find(series);
    return at == std::string::npos ? "absent" : all.substr(at + series.size(), 1);
  }

  base::SystemClock clock_;
  fakes::TemporaryDirectory directory_;
  const TestCertificate first_ = MakeCertificate("localhost", nullptr);
  const TestCertificate next_ = MakeCertificate("localhost", nullptr, absl::Hours(3));
  const CredentialPaths paths_{
      .grpc = {.certificate = directory_.Path("tls.crt"), .private_key = directory_.Path("tls.key")},
      .key_set = directory_.Path("jwks.json"),
      .roles = directory_.Path("roles.yaml")};
  base::TlsIdentity identity_{{first_.CertificatePem(), first_.KeyPem(), ""}};
  rpc::Authorizer authorizer_{{.secret = kSecret}, access::RoleDirectory(), clock_};
  telemetry::Metrics metrics_{{.targets = {}, .version = "1"}};
};

TEST_F(CredentialFilesTest, WhatDidNotChangeIsNotRead) {
  FileLook look = Look();
  look.Look();
  EXPECT_THAT(RoleOfSiti(), HasSubstr("ROLE_MISSING"));
  EXPECT_EQ(identity_.Current().certificate_chain, first_.CertificatePem());
  for (const char* files : {"tls", "jwks", "roles"}) EXPECT_EQ(Usable(files), "1") << files;
}

TEST_F(CredentialFilesTest, ChangedRolesAreUsed) {
  FileLook look = Look();
  directory_.Write("roles.yaml", "siti: Operator\n");
  look.Look();
  EXPECT_EQ(RoleOfSiti(), "Operator");
}

TEST_F(CredentialFilesTest, BrokenRolesChangeNothingAndAMendedFileDoes) {
  FileLook look = Look();
  directory_.Write("roles.yaml", "siti: Operator\n");
  look.Look();
  directory_.Write("roles.yaml", "siti: Boss, of all\n");
  look.Look();
  EXPECT_EQ(RoleOfSiti(), "Operator");
  EXPECT_EQ(Usable("roles"), "0");
  directory_.Write("roles.yaml", "siti: Validator\n");
  look.Look();
  EXPECT_EQ(RoleOfSiti(), "Validator");
  EXPECT_EQ(Usable("roles"), "1");
}

TEST_F(CredentialFilesTest, ACertificateWaitsForItsKey) {
  FileLook look = Look();
  directory_.Write("tls.crt", next_.CertificatePem());
  look.Look();
  EXPECT_EQ(identity_.Current().certificate_chain, first_.CertificatePem());
  EXPECT_EQ(Usable("tls"), "0");
  directory_.Write("tls.key", next_.KeyPem());
  look.Look();
  EXPECT_EQ(identity_.Current().certificate_chain, next_.CertificatePem());
  EXPECT_EQ(identity_.Current().private_key, next_.KeyPem());
  EXPECT_EQ(Usable("tls"), "1");
  EXPECT_THAT(metrics_.Render(), HasSubstr("integration_certificate_expiry_seconds{listener=\"grpc\"} "));
}

TEST_F(CredentialFilesTest, AFileThatIsAwayChangesNothing) {
  FileLook look = Look();
  std::filesystem::remove(directory_.Path("jwks.json"));
  std::filesystem::remove(directory_.Path("tls.key"));
  look.Look();
  EXPECT_EQ(Usable("jwks"), "0");
  EXPECT_EQ(Usable("tls"), "0");
  EXPECT_EQ(identity_.Current().private_key, first_.KeyPem());
}

TEST_F(CredentialFilesTest, AKeySetIsReadAgain) {
  FileLook look = Look();
  directory_.Write("jwks.json", "{}");
  look.Look();
  EXPECT_EQ(Usable("jwks"), "0");
  directory_.Write("jwks.json", std::string(kOneKey) + "\n");
  look.Look();
  EXPECT_EQ(Usable("jwks"), "1");
}

// As Kubernetes replaces a mounted secret: the directory behind a link changes, the paths do not.
TEST_F(CredentialFilesTest, FilesBehindALinkAreSeenToChange) {
  std::filesystem::create_directory(directory_.Path("v1"));
  std::filesystem::create_directory(directory_.Path("v2"));
  directory_.Write("v1/roles.yaml", "siti: Viewer\n");
  directory_.Write("v2/roles.yaml", "siti: Operator\n");
  std::filesystem::create_directory_symlink(directory_.Path("v1"), directory_.Path("live"));
  FileLook look(CredentialFiles({.roles = directory_.Path("live/roles.yaml")},
                                {nullptr, nullptr, nullptr, &authorizer_, &metrics_}, clock_));
  std::filesystem::create_directory_symlink(directory_.Path("v2"), directory_.Path("next"));
  std::filesystem::rename(directory_.Path("next"), directory_.Path("live"));
  look.Look();
  EXPECT_EQ(RoleOfSiti(), "Operator");
}

TEST_F(CredentialFilesTest, WhatIsNotSetIsNotWatched) {
  EXPECT_TRUE(CredentialFiles({}, {nullptr, nullptr, nullptr, &authorizer_, &metrics_}, clock_).empty());
  for (const char* files : {"tls", "jwks", "roles"}) EXPECT_EQ(Usable(files), "absent") << files;
}

}  // namespace
}  // namespace satudata::main
