// The whole service in this process, on ephemeral ports, with targets that nobody answers for.
#include "server/main/server.h"

#include <grpcpp/grpcpp.h>
#include <httplib.h>

#include <filesystem>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "satudata/integration/v1/target_service.grpc.pb.h"
#include "server/base/clock.h"
#include "server/rpc/jwt.h"
#include "tests/fakes/test_certificate.h"
#include "tests/unit/server/main/temporary_directory.h"

namespace satudata::main {
namespace {

using testing::HasSubstr;
namespace v1 = ::satudata::integration::v1;

class ServerTest : public testing::Test {
 protected:
  ServerTest() {
    sources_.environment = {{"SPLP_API_URL", "http://127.0.0.1:9"},
                            {"SIPD_API_URL", "http://127.0.0.1:9/serv"},
                            {"EXTERNAL_API_KEY", "k"},
                            {"DATABASE_URL", "sqlite:///" + directory_.Path("test.db")},
                            {"GRPC_LISTEN", "127.0.0.1:0"},
                            {"WEB_LISTEN", "127.0.0.1:0"},
                            {"ADMIN_LISTEN", "127.0.0.1:0"}};
  }
  absl::StatusOr<std::unique_ptr<Server>> Start() {
    const auto settings = LoadSettings(sources_, clock_);
    if (!settings.ok()) return settings.status();
    secret_ = JwtSecretOf(*settings).value();
    return Server::Start(*settings, clock_);
  }
  grpc::Status ListTargets(const Server& server, v1::ListTargetsResponse* response) {
    const auto stub = v1::TargetService::NewStub(
        grpc::CreateChannel(server.grpc_address(), grpc::InsecureChannelCredentials()));
    grpc::ClientContext context;
    context.AddMetadata(
        "authorization",
        "Bearer " + rpc::SignJwt({.id = "1", .role = "viewer", .expiry = clock_.Now() + absl::Hours(1)},
                                 secret_, clock_.Now()));
    return stub->ListTargets(&context, {}, response);
  }

  TemporaryDirectory directory_;
  base::SystemClock clock_;
  SettingSources sources_;
  std::string secret_;
};

TEST_F(ServerTest, ServesIsSeenToAndStops) {
  auto server = Start();
  ASSERT_TRUE(server.ok()) << server.status();
  v1::ListTargetsResponse response;
  ASSERT_TRUE(ListTargets(**server, &response).ok());
  ASSERT_EQ(response.targets_size(), 2);
  EXPECT_EQ(response.targets(0).target(), "sipd");
  EXPECT_EQ(response.targets(1).host(), "127.0.0.1:9");

  httplib::Client admin(absl::StrCat("http://", (*server)->admin_address()));
  EXPECT_EQ(admin.Get("/healthz")->status, 200);
  EXPECT_EQ(admin.Get("/readyz")->status, 200);
  EXPECT_EQ(admin.Get("/nothing")->status, 404);
  // The caller has its answer a moment before the call is counted.
  const std::string counted =
      "integration_grpc_handled_total{code=\"OK\",method=\"satudata.integration.v1.TargetService/"
      "ListTargets\"} 1";
  auto metrics = admin.Get("/metrics");
  const absl::Time give_up = clock_.Now() + absl::Seconds(30);
  while (!absl::StrContains(metrics->body, counted) && clock_.Now() < give_up)
    metrics = admin.Get("/metrics");
  EXPECT_THAT(metrics->get_header_value("Content-Type"), HasSubstr("version=0.0.4"));
  EXPECT_THAT(metrics->body, HasSubstr(counted));
  EXPECT_THAT(metrics->body, HasSubstr("integration_target_paused{target=\"splp\"} 0"));

  EXPECT_TRUE((*server)->Stop().ok());
  EXPECT_EQ(admin.Get("/healthz")->status, 200);
  EXPECT_EQ(admin.Get("/readyz")->status, 503);
  EXPECT_EQ(ListTargets(**server, &response).error_code(), grpc::StatusCode::UNAVAILABLE);
}

TEST_F(ServerTest, ServesThePageAndCallsToIt) {
  sources_.environment["WEB_ROOT"] = directory_.Path("page");
  std::filesystem::create_directories(directory_.Path("page"));
  directory_.Write("page/index.html", "<h1>Satu Data</h1>");
  const auto server = Start();
  ASSERT_TRUE(server.ok()) << server.status();
  httplib::Client web(absl::StrCat("http://", (*server)->web_address()));
  EXPECT_EQ(web.Get("/runs")->body, "<h1>Satu Data</h1>");
  const std::string token = rpc::SignJwt(
      {.id = "1", .role = "viewer", .expiry = clock_.Now() + absl::Hours(1)}, secret_, clock_.Now());
  const auto listed =
      web.Post("/satudata.integration.v1.TargetService/ListTargets", {{"authorization", "Bearer " + token}},
               std::string(5, '\0'), "application/grpc-web+proto");
  ASSERT_TRUE(listed);
  EXPECT_THAT(listed->body, HasSubstr("splp"));
  EXPECT_THAT(listed->body, HasSubstr("grpc-status: 0\r\n"));
  const auto health =
      web.Post("/grpc.health.v1.Health/Check", std::string(5, '\0'), "application/grpc-web+proto");
  EXPECT_THAT(health->body, HasSubstr("grpc-status: 12\r\n"));
}

TEST_F(ServerTest, RefusesToShareItsDatabase) {
  const auto first = Start();
  ASSERT_TRUE(first.ok()) << first.status();
  const auto second = Start();
  EXPECT_EQ(second.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(second.status().message()), HasSubstr("DATABASE_URL"));
}

TEST_F(ServerTest, StartsAgainWhereItStopped) {
  for (int i = 0; i < 2; ++i) {
    const auto server = Start();
    ASSERT_TRUE(server.ok()) << server.status();
  }
}

TEST_F(ServerTest, NamesThePortThatIsTaken) {
  const auto first = Start();
  ASSERT_TRUE(first.ok());
  sources_.environment["DATABASE_URL"] = "sqlite:///" + directory_.Path("other.db");
  sources_.environment["ADMIN_LISTEN"] = (*first)->admin_address();
  EXPECT_THAT(std::string(Start().status().message()), HasSubstr("ADMIN_LISTEN: cannot listen"));
  sources_.environment["ADMIN_LISTEN"] = "127.0.0.1:0";
  sources_.environment["GRPC_LISTEN"] = (*first)->grpc_address();
  EXPECT_THAT(std::string(Start().status().message()), HasSubstr("GRPC_LISTEN: cannot listen"));
  sources_.environment["GRPC_LISTEN"] = "127.0.0.1:0";
  sources_.environment["WEB_LISTEN"] = (*first)->web_address();
  EXPECT_THAT(std::string(Start().status().message()), HasSubstr("WEB_LISTEN: cannot listen"));
}

TEST_F(ServerTest, AnswersToADatabaseThatItDoesNotReach) {
  sources_.environment["DATABASE_URL"] = "postgresql://user:hunter2@127.0.0.1:1/x";
  sources_.environment["JWT_SECRET"] = "s";
  const auto server = Start();
  EXPECT_EQ(server.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(server.status().message()), testing::Not(HasSubstr("hunter2")));
}

// What a call over TLS says, made by one who trusts this certificate alone, and shows `shown` if that is not
// null.
grpc::Status CallTrusting(const std::string& address, const fakes::TestCertificate& trusted,
                          const fakes::TestCertificate* shown = nullptr) {
  grpc::ChannelArguments arguments;
  arguments.SetSslTargetNameOverride("localhost");
  grpc::SslCredentialsOptions options{.pem_root_certs = trusted.CertificatePem()};
  if (shown != nullptr) {
    options.pem_private_key = shown->KeyPem();
    options.pem_cert_chain = shown->CertificatePem();
  }
  const auto credentials = grpc::SslCredentials(options);
  const auto stub = v1::TargetService::NewStub(grpc::CreateCustomChannel(address, credentials, arguments));
  grpc::ClientContext context;
  v1::ListTargetsResponse response;
  return stub->ListTargets(&context, {}, &response);
}

TEST_F(ServerTest, TakesARenewedCertificateWithoutARestart) {
  const auto first = fakes::MakeCertificate("localhost", nullptr);
  const auto renewed = fakes::MakeCertificate("localhost", nullptr);
  sources_.environment["TLS_CERT_FILE"] = directory_.Write("tls.crt", first.CertificatePem());
  sources_.environment["TLS_KEY_FILE"] = directory_.Write("tls.key", first.KeyPem());
  auto server = Start();
  ASSERT_TRUE(server.ok()) << server.status();
  const std::string address = (*server)->grpc_address();
  // Without a token: whoever hears that has shaken hands.
  ASSERT_EQ(CallTrusting(address, first).error_code(), grpc::StatusCode::UNAUTHENTICATED);
  ASSERT_EQ(CallTrusting(address, renewed).error_code(), grpc::StatusCode::UNAVAILABLE);
  directory_.Write("tls.crt", renewed.CertificatePem());
  directory_.Write("tls.key", renewed.KeyPem());
  const absl::Time give_up = clock_.Now() + absl::Seconds(60);
  while (CallTrusting(address, renewed).error_code() != grpc::StatusCode::UNAUTHENTICATED) {
    ASSERT_LT(clock_.Now(), give_up);
  }
  EXPECT_EQ(CallTrusting(address, first).error_code(), grpc::StatusCode::UNAVAILABLE);
}

TEST_F(ServerTest, ClientsMustShowACertificateWhereThatIsAskedFor) {
  const auto ours = fakes::MakeCertificate("localhost", nullptr);
  const auto authority = fakes::MakeCertificate("clients.test", nullptr);
  const auto client = fakes::MakeCertificate("portal.test", &authority);
  const auto stranger = fakes::MakeCertificate("stranger.test", nullptr);
  sources_.environment["TLS_CERT_FILE"] = directory_.Write("tls.crt", ours.CertificatePem());
  sources_.environment["TLS_KEY_FILE"] = directory_.Write("tls.key", ours.KeyPem());
  sources_.environment["TLS_CLIENT_CA_FILE"] = directory_.Write("clients.crt", authority.CertificatePem());
  auto server = Start();
  ASSERT_TRUE(server.ok()) << server.status();
  const std::string address = (*server)->grpc_address();
  EXPECT_EQ(CallTrusting(address, ours, &client).error_code(), grpc::StatusCode::UNAUTHENTICATED);
  EXPECT_EQ(CallTrusting(address, ours, &stranger).error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(CallTrusting(address, ours).error_code(), grpc::StatusCode::UNAVAILABLE);
}

}  // namespace
}  // namespace satudata::main
