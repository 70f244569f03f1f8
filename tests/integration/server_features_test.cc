// What the server offers beside our services, and what it tells about calls.
#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "server/base/mutex.h"
#include "tests/integration/generic_call.h"
#include "tests/integration/rpc_fixture.h"
#include "tests/integration/status_details.h"

namespace satudata::rpc {
namespace {

// By hand: the C++ classes of grpc.health.v1 are not installed.
std::string HealthOf(RpcEdge& edge, const std::string& service) {
  const std::string request =
      service.empty() ? "" : absl::StrCat("\x0A", std::string(1, static_cast<char>(service.size())), service);
  grpc::ClientContext context;
  GenericCall call(edge.channel(), context, "/grpc.health.v1.Health/Check", request);
  const grpc::Status status = call.Await();
  if (!status.ok()) return absl::StrCat("code ", status.error_code());
  const std::string bytes = call.response();
  return bytes == "\x08\x01" ? "SERVING" : bytes == "\x08\x02" ? "NOT_SERVING" : bytes;
}

TEST(Health, IsToldPerServiceAndAsAWhole) {
  RpcEdge edge;
  for (const char* service :
       {"", "satudata.integration.v1.IntegrationService", "satudata.integration.v1.CatalogService",
        "satudata.integration.v1.TargetService"}) {
    EXPECT_EQ(HealthOf(edge, service), "SERVING") << service;
  }
  EXPECT_EQ(HealthOf(edge, "other"), absl::StrCat("code ", grpc::StatusCode::NOT_FOUND));
  edge.server().StopAdvertising();
  EXPECT_EQ(HealthOf(edge, ""), "NOT_SERVING");
  EXPECT_EQ(HealthOf(edge, "satudata.integration.v1.CatalogService"), "NOT_SERVING");
}

grpc::StatusCode ReflectionCode(RpcEdge& edge) {
  grpc::ClientContext context;
  return GenericCall(edge.channel(), context,
                     "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo")
      .Await()
      .error_code();
}

TEST(Reflection, CanBeTurnedOff) {
  RpcEdge with({.reflection = Reflection::kOn});
  EXPECT_EQ(ReflectionCode(with), grpc::StatusCode::OK);
  RpcEdge without({.reflection = Reflection::kOff});
  EXPECT_EQ(ReflectionCode(without), grpc::StatusCode::UNIMPLEMENTED);
}

TEST(GrpcServer, RefusesAPortThatIsTaken) {
  RpcEdge edge;
  base::SystemClock clock;
  const auto second = StartGrpcServer({.port = edge.server().port()}, {}, nullptr, clock);
  EXPECT_EQ(second.status().code(), absl::StatusCode::kInvalidArgument);
}

// The calls that a listener heard of.
class HeardCalls {
 public:
  CallListener Listener() {
    return [this](const EndedCall& call) {
      EXPECT_GE(call.duration, absl::ZeroDuration());
      base::MutexLock lock(&mu_);
      calls_.push_back(absl::StrCat(call.method, " ", call.code));
      changed_.SignalAll();
    };
  }
  void Await(const std::string& call) {
    base::MutexLock lock(&mu_);
    while (std::find(calls_.begin(), calls_.end(), call) == calls_.end()) changed_.Wait(&mu_);
  }

 private:
  base::Mutex mu_;
  base::CondVar changed_;
  std::vector<std::string> calls_ ABSL_GUARDED_BY(mu_);
};

TEST(CallMeter, CallsAllThatWeDoNotServeUnknown) {
  HeardCalls heard;
  RpcEdge edge({.call_listener = heard.Listener()});
  {
    grpc::ClientContext context;
    GenericCall call(edge.channel(), context, "/no.such.Service/WithANameLongEnoughToBeOnTheHeap");
    EXPECT_EQ(call.Await().error_code(), grpc::StatusCode::UNIMPLEMENTED);
  }
  heard.Await("unknown UNIMPLEMENTED");
}

TEST(CallMeter, HearsOfEveryCallWhenItEnds) {
  HeardCalls heard;
  RpcEdge edge({.call_listener = heard.Listener()});
  {
    grpc::ClientContext context;
    v1::ListTargetsResponse response;
    EXPECT_FALSE(edge.targets()->ListTargets(&context, {}, &response).ok());
  }
  heard.Await("satudata.integration.v1.TargetService/ListTargets UNAUTHENTICATED");
  {
    grpc::ClientContext context;
    edge.SignIn(context, "Viewer");
    v1::ListTargetsResponse response;
    EXPECT_TRUE(edge.targets()->ListTargets(&context, {}, &response).ok());
    EXPECT_EQ(response.targets(0).target(), "sipd");
  }
  heard.Await("satudata.integration.v1.TargetService/ListTargets OK");
  edge.engine().AddRun({.targets = {"splp"}});
  {
    grpc::ClientContext context;
    edge.SignIn(context, "Viewer");
    v1::WatchRunRequest request;
    request.set_run_id("run-1");
    auto reader = edge.integration()->WatchRun(&context, request);
    v1::RunEvent event;
    EXPECT_TRUE(reader->Read(&event));
    context.TryCancel();
    reader->Finish();
  }
  heard.Await("satudata.integration.v1.IntegrationService/WatchRun CANCELLED");
}

TEST(Unary, AFullExecutorRefuses) {
  RpcEdge edge({.threads = 1, .queue_limit = 0});
  grpc::ClientContext context;
  edge.SignIn(context, "Viewer");
  v1::ListTargetsResponse response;
  const grpc::Status status = edge.targets()->ListTargets(&context, {}, &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_FALSE(ReasonOf(status).empty());
}

TEST(CheckTarget, AnswersAndRefusesUnknownTargets) {
  RpcEdge edge;
  const auto check = [&edge](const char* target, v1::CheckTargetResponse* response) {
    grpc::ClientContext context;
    edge.SignIn(context, "Operator");
    v1::CheckTargetRequest request;
    request.set_target(target);
    return edge.targets()->CheckTarget(&context, request, response);
  };
  v1::CheckTargetResponse response;
  EXPECT_TRUE(check("sipd", &response).ok());
  EXPECT_TRUE(response.healthy());
  EXPECT_EQ(response.latency_ms(), 12);
  EXPECT_EQ(ReasonOf(check("ckan", &response)), "TARGET_UNKNOWN");
}

}  // namespace
}  // namespace satudata::rpc
