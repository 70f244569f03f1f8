// TargetService over a scripted engine: what operators do with targets.
#include <string>

#include "absl/strings/str_cat.h"
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

TEST_F(TargetServiceTest, IndicatorsAreListedInPages) {
  sync::ReferenceList list{.kodepemda = "1612", .fetch_time = absl::FromUnixSeconds(1'700'000'000)};
  for (int i = 0; i < 7; ++i) {
    const std::string code = absl::StrCat("1.02.00010", i);
    list.indicators[code] = {.kodeindikator = code, .name = "Jumlah", .unit = "orang", .is_disabled = i == 3};
  }
  edge_.engine().SetReferenceList(list);
  v1::ListReferenceIndicatorsRequest request;
  request.set_target("sipd");
  request.set_kodepemda("1612");
  request.set_text("JUM");
  request.set_urusan("1.02");
  request.set_page_size(3);
  request.set_skip(2);
  const auto list_page = [&](v1::ListReferenceIndicatorsResponse* response) {
    return Call(&v1::TargetService::Stub::ListReferenceIndicators, request, response, "Viewer");
  };
  v1::ListReferenceIndicatorsResponse response;
  ASSERT_TRUE(list_page(&response).ok());
  EXPECT_EQ(response.total_count(), 7);
  EXPECT_EQ(response.read_time().seconds(), 1'700'000'000);
  ASSERT_EQ(response.indicators_size(), 3);
  EXPECT_EQ(response.indicators(0).kodeindikator(), "1.02.000102");
  EXPECT_EQ(response.indicators(0).satuan(), "orang");
  EXPECT_TRUE(response.indicators(0).active());
  EXPECT_FALSE(response.indicators(1).active());
  request.set_skip(0);
  request.set_page_token(response.next_page_token());
  ASSERT_TRUE(list_page(&response).ok());
  ASSERT_EQ(response.indicators_size(), 2);
  EXPECT_EQ(response.indicators(1).kodeindikator(), "1.02.000106");
  EXPECT_EQ(response.next_page_token(), "");
  EXPECT_EQ(edge_.engine().indicator_filter().kodepemda, "1612");
  request.set_text("bidan");
  EXPECT_EQ(ReasonOf(list_page(&response)), "PAGE_TOKEN_INVALID");
  request.clear_page_token();
  request.set_kodepemda("16.12");
  EXPECT_EQ(ReasonOf(list_page(&response)), "FIELD_INVALID");
  request.clear_kodepemda();
  request.set_target("mars");
  EXPECT_EQ(ReasonOf(list_page(&response)), "TARGET_UNKNOWN");
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
