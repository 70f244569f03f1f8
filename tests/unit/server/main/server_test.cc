// The whole service in this process, on ephemeral ports, with targets that nobody answers for.
#include "server/main/server.h"

#include <httplib.h>

#include <filesystem>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/unit/server/main/server_fixture.h"

namespace satudata::main {
namespace {

using testing::HasSubstr;

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

// Not merely that a file in it is not there.
TEST_F(ServerTest, SaysWhyTheDirectoryOfItsDatabaseCannotBeMade) {
  sources_.environment["DATABASE_URL"] = "sqlite:////sys/satudata/integration.db";
  sources_.environment["JWT_SECRET"] = std::string(32, 's');
  const auto server = Start();
  ASSERT_FALSE(server.ok());
  EXPECT_THAT(server.status().message(), HasSubstr("DATABASE_URL: cannot make /sys/satudata ("));
  EXPECT_THAT(server.status().message(), testing::Not(HasSubstr("No such file")));
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

}  // namespace
}  // namespace satudata::main
