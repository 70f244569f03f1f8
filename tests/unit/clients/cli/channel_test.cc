// The connection with TLS, as the flags say it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>

#include "tests/unit/clients/cli/shell.h"

namespace satudata::cli {
namespace {

using ::testing::HasSubstr;

// A certificate of localhost and 127.0.0.1 that vouches for itself, valid for a century. For this test alone.
constexpr char kCertificate[] = R"(-----BEGIN CERTIFICATE-----
MIIBmzCCAUGgAwIBAgIUJWodqs+EeBwJiA4HuOP4XOrMrZ0wCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMzAzNTEzMFoYDzIxMjYxMDMw
MDM1MTMwWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAARTtX2x/g7yage8ltJqUCyjTFJdQt8M6+1zU3tq5EiFzk2VygVi+Cbl
OWZzEpU1maLU7r5U0YuXtZ+wTcLwsYK5o28wbTAdBgNVHQ4EFgQUwWAbIN3tMF7U
Q6Yaln1spx2/u9MwHwYDVR0jBBgwFoAUwWAbIN3tMF7UQ6Yaln1spx2/u9MwDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDSAAwRQIgeGSr/vnvT5JjalKxv9BR8s60wqHTVbvy2YOZbojY9RcCIQCN
iyLynXWWArTT4cDjB6v6Mq2ljyQhNbLlEXhSOugIyQ==
-----END CERTIFICATE-----
)";
constexpr char kKey[] = R"(-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgmX8QjZgmwaUf7a/Z
q7MMSe7mLYKCso74lbk2FGW0E/6hRANCAARTtX2x/g7yage8ltJqUCyjTFJdQt8M
6+1zU3tq5EiFzk2VygVi+CblOWZzEpU1maLU7r5U0YuXtZ+wTcLwsYK5
-----END PRIVATE KEY-----
)";

std::shared_ptr<grpc::ServerCredentials> MutualTls() {
  grpc::SslServerCredentialsOptions options(GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  options.pem_root_certs = kCertificate;
  options.pem_key_cert_pairs.push_back({kKey, kCertificate});
  return grpc::SslServerCredentials(options);
}

class TlsTest : public ::testing::Test {
 protected:
  TlsTest()
      : certificate_(::testing::TempDir() + "/ctl-" + std::to_string(getpid()) + ".crt"),
        key_(::testing::TempDir() + "/ctl-" + std::to_string(getpid()) + ".key") {
    std::ofstream(certificate_) << kCertificate;
    std::ofstream(key_) << kKey;
    server_.targets.list_targets = [](const auto&, auto*) { return grpc::Status::OK; };
  }
  ~TlsTest() override {
    std::remove(certificate_.c_str());
    std::remove(key_.c_str());
  }

  Ran Run(std::vector<std::string> flags) {
    flags.insert(flags.end(), {"--server", server_.address(), "targets"});
    return shell_.RunExactly(flags);
  }

  const std::string certificate_;
  const std::string key_;
  FakeServer server_{MutualTls()};
  TestShell shell_;
};

TEST_F(TlsTest, ConnectsWithCertificates) {
  const Ran ran =
      Run({"--ca-file", certificate_, "--client-cert-file", certificate_, "--client-key-file", key_});
  EXPECT_EQ(ran.exit_code, ExitCode::kGood) << ran.err;
  EXPECT_EQ(server_.notes.calls(), 1);
}

TEST_F(TlsTest, IsNotReachableWithoutThem) {
  for (const std::vector<std::string>& flags : {std::vector<std::string>{}, std::vector<std::string>{"--tls"},
                                                std::vector<std::string>{"--ca-file", certificate_}}) {
    const Ran ran = Run(flags);
    EXPECT_EQ(ran.exit_code, ExitCode::kNoAccess);
    EXPECT_THAT(ran.err, HasSubstr("--tls"));
  }
  EXPECT_EQ(server_.notes.calls(), 0);
}

}  // namespace
}  // namespace satudata::cli
