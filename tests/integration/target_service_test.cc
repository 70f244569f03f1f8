// TargetService over a scripted engine: what operators do with targets.
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/integration/rpc_fixture.h"
#include "tests/integration/status_details.h"

namespace satudata::rpc {
namespace {

using testing::HasSubstr;

class TargetServiceTest : public testing::Test {
 protected:
  template <typename Request, typename Response, typename Method>
  grpc::Status Call(Method method, const Request& request, Response* response,
                    const char* role = "Operator") {
    grpc::ClientContext context;
    edge_.SignIn(context, role);
    context.AddMetadata("accept-language", "en");
    const auto stub = edge_.targets();
    return ((*stub).*method)(&context, request, response);
  }
  grpc::Status Pause(const std::string& target, v1::Target* paused, const char* role = "Operator") {
    v1::PauseTargetRequest request;
    request.set_target(target);
    request.set_comment("database upgrade");
    return Call(&v1::TargetService::Stub::PauseTarget, request, paused, role);
  }
  grpc::Status Resume(const std::string& target, v1::Target* resumed) {
    v1::ResumeTargetRequest request;
    request.set_target(target);
    return Call(&v1::TargetService::Stub::ResumeTarget, request, resumed);
  }
  v1::Target Listed(const std::string& name) {
    v1::ListTargetsResponse response;
    EXPECT_TRUE(Call(&v1::TargetService::Stub::ListTargets, v1::ListTargetsRequest(), &response).ok());
    for (const v1::Target& target : response.targets()) {
      if (target.target() == name) return target;
    }
    return {};
  }

  RpcEdge edge_;
};

TEST_F(TargetServiceTest, APauseNamesTheOneWhoMadeItAndWhatTheySaid) {
  v1::Target paused;
  ASSERT_TRUE(Pause("sipd", &paused).ok());
  EXPECT_EQ(paused.target(), "sipd");
  EXPECT_TRUE(paused.paused());
  EXPECT_EQ(paused.wait().reason(), "TARGET_PAUSED");
  EXPECT_THAT(paused.wait().message(), HasSubstr("database upgrade"));
  EXPECT_EQ(edge_.engine().Targets().front().pause.paused_by, "siti");
  EXPECT_TRUE(Listed("sipd").paused());
  EXPECT_FALSE(Listed("splp").paused());

  v1::Target resumed;
  ASSERT_TRUE(Resume("sipd", &resumed).ok());
  EXPECT_FALSE(resumed.paused());
  EXPECT_FALSE(Listed("sipd").paused());
}

TEST_F(TargetServiceTest, OnlyWhoMayAndOnlyWhatThereIs) {
  v1::Target target;
  EXPECT_EQ(Pause("sipd", &target, "Viewer").error_code(), grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_FALSE(Listed("sipd").paused());
  const grpc::Status unknown = Pause("mars", &target);
  EXPECT_EQ(unknown.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(ReasonOf(unknown), "TARGET_UNKNOWN");
  EXPECT_EQ(ReasonOf(Resume("mars", &target)), "TARGET_UNKNOWN");
}

TEST_F(TargetServiceTest, AWithdrawalIsARunThatIsFollowed) {
  grpc::ClientContext context;
  edge_.SignIn(context, "Operator");
  v1::WithdrawIndicatorRequest request;
  request.set_target("sipd");
  request.set_kodeindikator("1.02.000318");
  request.set_kodepemda("1612");
  request.set_tahun("2024");
  request.set_explanation("tidak ada laut");
  request.set_strict(true);
  const auto reader = edge_.targets()->WithdrawIndicator(&context, request);
  const auto run = edge_.engine().AwaitRun(1);
  run->End(sync::RunState::kPartial);
  v1::RunEvent event;
  while (reader->Read(&event)) {
  }
  EXPECT_EQ(event.snapshot().kind(), v1::Run::KIND_WITHDRAW);
  EXPECT_EQ(ReasonOf(reader->Finish()), "RUN_NOT_SUCCEEDED") << "strict";
  const sync::SyncRequest& asked = run->run().request;
  EXPECT_EQ(asked.kind, sync::RunKind::kWithdraw);
  EXPECT_EQ(asked.targets, std::vector<std::string>{"sipd"});
  EXPECT_EQ(asked.withdrawal, (sync::Withdrawal{"1.02.000318", "1612", "2024", "tidak ada laut"}));
  EXPECT_EQ(asked.requested_by, "siti");
}

}  // namespace
}  // namespace satudata::rpc
