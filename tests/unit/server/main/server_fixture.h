// File: server_fixture.h
//
// The whole service in this process, on ephemeral ports, with targets that nobody answers for.
#ifndef TESTS_UNIT_SERVER_MAIN_SERVER_FIXTURE_H_
#define TESTS_UNIT_SERVER_MAIN_SERVER_FIXTURE_H_

#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "gtest/gtest.h"
#include "satudata/integration/v1/target_service.grpc.pb.h"
#include "server/base/clock.h"
#include "server/main/server.h"
#include "server/rpc/jwt.h"
#include "tests/fakes/temporary_directory.h"

namespace satudata::main {

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
  std::string Token() {
    return rpc::SignJwt({.id = "1", .role = "viewer", .expiry = clock_.Now() + absl::Hours(1)}, secret_,
                        clock_.Now());
  }
  static grpc::Status ListTargets(const Server& server, const std::string& token,
                                  v1::ListTargetsResponse* response) {
    const auto stub = v1::TargetService::NewStub(
        grpc::CreateChannel(server.grpc_address(), grpc::InsecureChannelCredentials()));
    grpc::ClientContext context;
    context.AddMetadata("authorization", "Bearer " + token);
    return stub->ListTargets(&context, {}, response);
  }
  grpc::Status ListTargets(const Server& server, v1::ListTargetsResponse* response) {
    return ListTargets(server, Token(), response);
  }

  fakes::TemporaryDirectory directory_;
  base::SystemClock clock_;
  SettingSources sources_;
  std::string secret_;
};

}  // namespace satudata::main

#endif  // TESTS_UNIT_SERVER_MAIN_SERVER_FIXTURE_H_
