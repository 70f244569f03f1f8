// What one caller may take, and how long it may stay connected.
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/fakes/fake_clock.h"
#include "tests/integration/generic_call.h"
#include "tests/integration/rpc_fixture.h"
#include "tests/integration/status_details.h"
#include "tests/integration/test_store.h"

namespace satudata::rpc {
namespace {

using grpc::StatusCode;

// Two calls at once, one more each second.
class CallRateTest : public testing::Test {
 protected:
  grpc::Status ListTargets(const std::string& caller, const std::shared_ptr<grpc::Channel>& channel) {
    grpc::ClientContext context;
    if (!caller.empty()) edge_.SignIn(context, "Viewer", caller);
    v1::ListTargetsResponse response;
    return v1::TargetService::NewStub(channel)->ListTargets(&context, {}, &response);
  }
  grpc::Status ListTargets(const std::string& caller) { return ListTargets(caller, edge_.channel()); }
  grpc::Status AskHowToSignIn(const std::string& address) {
    grpc::ClientContext context;
    context.AddMetadata("x-forwarded-for", address);
    v1::GetSignInOptionsResponse response;
    return edge_.sessions()->GetSignInOptions(&context, {}, &response);
  }

  fakes::FakeClock clock_;
  const TestStore store_{clock_};
  RpcEdge edge_{{.call_limits = {.per_second = 1, .burst = 2}, .accounts = store_.get(), .clock = &clock_}};
};

TEST_F(CallRateTest, OneCallTooManyIsRefusedAndOtherCallersAreNot) {
  EXPECT_TRUE(ListTargets("siti").ok());
  EXPECT_TRUE(ListTargets("siti").ok());
  const grpc::Status refused = ListTargets("siti");
  EXPECT_EQ(refused.error_code(), StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(ReasonOf(refused), "TOO_MANY_CALLS");
  EXPECT_EQ(RetrySecondsOf(refused), 1);
  EXPECT_TRUE(ListTargets("budi").ok());
  clock_.Advance(absl::Seconds(1));
  EXPECT_TRUE(ListTargets("siti").ok());
  EXPECT_EQ(ReasonOf(ListTargets("siti")), "TOO_MANY_CALLS");
}

TEST_F(CallRateTest, ACallerIsTheSameOnEveryConnectionAndThroughTheBridge) {
  const std::shared_ptr<grpc::Channel> socket =
      grpc::CreateChannel(edge_.server().address(), grpc::InsecureChannelCredentials());
  EXPECT_TRUE(ListTargets("siti", socket).ok());
  EXPECT_TRUE(ListTargets("siti").ok());
  EXPECT_EQ(ReasonOf(ListTargets("siti", socket)), "TOO_MANY_CALLS");
  EXPECT_EQ(ReasonOf(ListTargets("siti")), "TOO_MANY_CALLS");
}

TEST_F(CallRateTest, WithoutATokenTheAddressCounts) {
  EXPECT_TRUE(AskHowToSignIn("10.0.0.1").ok());
  EXPECT_TRUE(AskHowToSignIn("10.0.0.1").ok());
  EXPECT_EQ(ReasonOf(AskHowToSignIn("10.0.0.1")), "TOO_MANY_CALLS");
  EXPECT_TRUE(AskHowToSignIn("10.0.0.2").ok());
  EXPECT_TRUE(ListTargets("siti").ok());
}

TEST_F(CallRateTest, WhoIsRefusedForAnotherReasonIsCountedToo) {
  EXPECT_EQ(ReasonOf(ListTargets("")), "TOKEN_MISSING");
  EXPECT_EQ(ReasonOf(ListTargets("")), "TOKEN_MISSING");
  EXPECT_EQ(ReasonOf(ListTargets("")), "TOO_MANY_CALLS");
}

constexpr absl::Duration kAge = absl::Milliseconds(300);

class ConnectionAgeTest : public testing::Test {
 protected:
  std::unique_ptr<v1::IntegrationService::Stub> Connect(RpcEdge& edge) {
    channel_ = grpc::CreateChannel(edge.server().address(), grpc::InsecureChannelCredentials());
    return v1::IntegrationService::NewStub(channel_);
  }
  static std::unique_ptr<grpc::ClientReader<v1::RunEvent>> Watch(RpcEdge& edge,
                                                                 v1::IntegrationService::Stub& stub,
                                                                 grpc::ClientContext& context,
                                                                 int64_t after_sequence) {
    edge.SignIn(context, "Viewer");
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(50));
    v1::WatchRunRequest request;
    request.set_run_id("run-1");
    request.set_after_sequence(after_sequence);
    return stub.WatchRun(&context, request);
  }
  static grpc::Status ListTargets(RpcEdge& edge, const std::shared_ptr<grpc::Channel>& channel) {
    grpc::ClientContext context;
    edge.SignIn(context, "Viewer");
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(50));
    v1::ListTargetsResponse response;
    return v1::TargetService::NewStub(channel)->ListTargets(&context, {}, &response);
  }

  std::shared_ptr<grpc::Channel> channel_;
};

// The client is told to go, comes back with the last sequence, and each change is seen once.
TEST_F(ConnectionAgeTest, AStreamThatIsCutGoesOnOnAnotherConnection) {
  RpcEdge edge({.connection_age = kAge, .connection_grace = kAge});
  const auto run = edge.engine().AddRun({.targets = {"splp"}});
  const auto stub = Connect(edge);
  std::vector<std::string> seen;
  int64_t sequence = 0;
  grpc::Status status(StatusCode::UNAVAILABLE, "");
  for (int connections = 1; status.error_code() == StatusCode::UNAVAILABLE; ++connections) {
    if (connections <= 3) run->AppendDelivery(absl::StrCat("f", connections), sync::State::kConfirmed);
    if (connections == 3) run->End(sync::RunState::kSucceeded);
    grpc::ClientContext context;
    const auto reader = Watch(edge, *stub, context, sequence);
    for (v1::RunEvent event; reader->Read(&event);) {
      if (!event.has_delivery()) continue;
      seen.push_back(event.delivery().file_id());
      sequence = event.sequence();
    }
    status = reader->Finish();
  }
  EXPECT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(seen, (std::vector<std::string>{"f1", "f2", "f3"}));
}

TEST_F(ConnectionAgeTest, WithinTheGraceAStreamEndsByItself) {
  RpcEdge edge({.connection_age = kAge, .connection_grace = absl::Seconds(50)});
  const auto run = edge.engine().AddRun({.targets = {"splp"}});
  const auto stub = Connect(edge);
  grpc::ClientContext context;
  const auto reader = Watch(edge, *stub, context, 0);
  v1::RunEvent event;
  ASSERT_TRUE(reader->Read(&event));
  // Told to go: gRPC leaves the connection, which the stream still holds.
  grpc_connectivity_state state = channel_->GetState(false);
  while (state == GRPC_CHANNEL_READY) {
    ASSERT_TRUE(
        channel_->WaitForStateChange(state, std::chrono::system_clock::now() + std::chrono::seconds(50)));
    state = channel_->GetState(false);
  }
  run->End(sync::RunState::kSucceeded);
  while (reader->Read(&event)) {
  }
  EXPECT_EQ(event.snapshot().state(), v1::Run::STATE_SUCCEEDED);
  EXPECT_TRUE(reader->Finish().ok());
  EXPECT_TRUE(ListTargets(edge, channel_).ok());
}

TEST_F(ConnectionAgeTest, AnIdleConnectionIsClosedAndTheNextCallConnectsAnew) {
  RpcEdge edge({.connection_idle = kAge});
  Connect(edge);
  for (int i = 0; i < 2; ++i) {
    EXPECT_TRUE(ListTargets(edge, channel_).ok());
    ASSERT_TRUE(channel_->WaitForStateChange(GRPC_CHANNEL_READY,
                                             std::chrono::system_clock::now() + std::chrono::seconds(50)));
  }
}

// The bridge's channel cannot be connected anew.
TEST_F(ConnectionAgeTest, AChannelWithinTheProcessDoesNotAge) {
  RpcEdge edge({.connection_age = kAge, .connection_grace = kAge, .connection_idle = kAge});
  edge.engine().AddRun({.targets = {"splp"}});
  const auto socket = Connect(edge);
  EXPECT_TRUE(ListTargets(edge, edge.channel()).ok());
  grpc::ClientContext context;
  const auto reader = Watch(edge, *socket, context, 0);
  for (v1::RunEvent event; reader->Read(&event);) {
  }
  EXPECT_EQ(reader->Finish().error_code(), StatusCode::UNAVAILABLE);
  EXPECT_TRUE(ListTargets(edge, edge.channel()).ok());
}

}  // namespace
}  // namespace satudata::rpc
