// Every method of our services, called for real with nothing and with each role's token.
#include <google/protobuf/descriptor.h>

#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/integration/generic_call.h"
#include "tests/integration/rpc_fixture.h"
#include "tests/integration/status_details.h"
#include "tests/integration/test_store.h"

namespace satudata::rpc {
namespace {

using grpc::StatusCode;

std::vector<const google::protobuf::MethodDescriptor*> Methods() {
  std::vector<const google::protobuf::MethodDescriptor*> methods;
  for (const auto* file :
       {v1::SyncFileRequest::descriptor()->file(), v1::GetFileRequest::descriptor()->file(),
        v1::ListTargetsRequest::descriptor()->file(), v1::SignInRequest::descriptor()->file(),
        v1::Account::descriptor()->file()}) {
    for (int s = 0; s < file->service_count(); ++s) {
      for (int m = 0; m < file->service(s)->method_count(); ++m) {
        methods.push_back(file->service(s)->method(m));
      }
    }
  }
  return methods;
}

// Signing in needs no token; three of its methods are good for a call with nothing at all.
bool IsPublic(const google::protobuf::MethodDescriptor& method) {
  return method.service()->name() == "SessionService" && method.name() != "AdoptToken";
}

bool Reads(const google::protobuf::MethodDescriptor& method) {
  if (method.service()->name() == "SessionService") return true;
  if (method.service()->name() == "AccountService") return false;
  const std::string& name = method.name();
  return absl::StartsWith(name, "Get") || absl::StartsWith(name, "List") || absl::StartsWith(name, "Watch");
}

class AccessTest : public testing::Test {
 protected:
  grpc::Status Call(const google::protobuf::MethodDescriptor& method, absl::string_view role) {
    grpc::ClientContext context;
    if (!role.empty()) edge_.SignIn(context, role);
    const std::string path = absl::StrCat("/", method.service()->full_name(), "/", method.name());
    return GenericCall(edge_.channel(), context, path).Await();
  }

  base::SystemClock clock_;
  const TestStore store_{clock_};
  RpcEdge edge_{{.accounts = store_.get()}};
};

TEST_F(AccessTest, EveryMethodRefusesACallWithoutATokenButThoseThatSignIn) {
  for (const auto* method : Methods()) {
    if (IsPublic(*method)) continue;
    const grpc::Status status = Call(*method, "");
    EXPECT_EQ(status.error_code(), StatusCode::UNAUTHENTICATED) << method->full_name();
    EXPECT_EQ(ReasonOf(status), "TOKEN_MISSING") << method->full_name();
  }
}

TEST_F(AccessTest, EveryMethodThatChangesSomethingRefusesAViewer) {
  for (const auto* method : Methods()) {
    if (Reads(*method)) continue;
    const grpc::Status status = Call(*method, "Viewer");
    EXPECT_EQ(status.error_code(), StatusCode::PERMISSION_DENIED) << method->full_name();
    EXPECT_EQ(ReasonOf(status), "PERMISSION_DENIED") << method->full_name();
  }
}

TEST_F(AccessTest, WhatIsMissingInARequestIsToldToThoseWhoMayAsk) {
  for (const char* name :
       {"SyncFile", "WatchRun", "RetryRun", "GetRun", "CancelRun", "ListDeliveries", "GetDelivery",
        "GetFileStatus", "UpsertFile", "GetFile", "DeleteFile", "SetVerification", "ListIndicatorValues",
        "CheckTarget", "PauseTarget", "ResumeTarget", "ListReferenceIndicators", "WithdrawIndicator"}) {
    for (const auto* method : Methods()) {
      if (method->name() != name) continue;
      const grpc::Status status = Call(*method, "Operator");
      EXPECT_EQ(status.error_code(), StatusCode::INVALID_ARGUMENT) << name;
      EXPECT_EQ(ReasonOf(status), "FIELD_REQUIRED") << name;
    }
  }
}

}  // namespace
}  // namespace satudata::rpc
