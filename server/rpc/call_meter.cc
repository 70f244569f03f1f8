#include "server/rpc/call_meter.h"

#include <grpcpp/server_context.h>

#include <array>
#include <string>
#include <utility>

#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "server/rpc/authorizer.h"

namespace satudata::rpc {
namespace {

using grpc::experimental::InterceptionHookPoints;
using grpc::experimental::InterceptorBatchMethods;
using grpc::experimental::ServerRpcInfo;

// The label of a call, without its leading slash; `unknown` for what we do not serve, since callers choose
// the path.
std::string LabelOf(absl::string_view path) {
  path = absl::StripPrefix(path, "/");
  for (const absl::string_view known : {"grpc.health.v1.Health/Check", "grpc.health.v1.Health/Watch",
                                        "grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo"}) {
    if (path == known) return std::string(path);
  }
  return PermissionFor(absl::StrReplaceAll(path, {{"/", "."}})).has_value() ? std::string(path) : "unknown";
}

class CallMeter final : public grpc::experimental::Interceptor {
 public:
  CallMeter(ServerRpcInfo* info, const CallListener& listener, base::Clock& clock)
      : info_(info),
        method_(LabelOf(info->method())),
        listener_(listener),
        clock_(clock),
        start_(clock.Monotonic()) {}

  // gRPC destroys the interceptor when all of the call is over.
  ~CallMeter() override { listener_(method_, CodeName(code_), clock_.Monotonic() - start_); }

  void Intercept(InterceptorBatchMethods* methods) override {
    if (methods->QueryInterceptionHookPoint(InterceptionHookPoints::PRE_SEND_STATUS)) {
      // A client that left sees CANCELLED, whatever we meant to say.
      code_ = info_->server_context()->IsCancelled() ? grpc::StatusCode::CANCELLED
                                                     : methods->GetSendStatus().error_code();
    }
    methods->Proceed();
  }

 private:
  ServerRpcInfo* const info_;
  const std::string method_;  // A copy: of an unknown method gRPC has freed the name before it destroys us.
  const CallListener& listener_;
  base::Clock& clock_;
  const absl::Duration start_;
  int code_ = grpc::StatusCode::CANCELLED;  // Of a call that ends without a status of ours.
};

class CallMeterFactory final : public grpc::experimental::ServerInterceptorFactoryInterface {
 public:
  CallMeterFactory(CallListener listener, base::Clock& clock)
      : listener_(std::move(listener)), clock_(clock) {}

  grpc::experimental::Interceptor* CreateServerInterceptor(ServerRpcInfo* info) override {
    return new CallMeter(info, listener_, clock_);
  }

 private:
  const CallListener listener_;
  base::Clock& clock_;
};

}  // namespace

absl::string_view CodeName(int code) {
  static constexpr std::array<absl::string_view, 17> kNames = {
      "OK",        "CANCELLED",      "UNKNOWN",           "INVALID_ARGUMENT",   "DEADLINE_EXCEEDED",
      "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION",
      "ABORTED",   "OUT_OF_RANGE",   "UNIMPLEMENTED",     "INTERNAL",           "UNAVAILABLE",
      "DATA_LOSS", "UNAUTHENTICATED"};
  return code >= 0 && code < static_cast<int>(kNames.size()) ? kNames[code] : "UNKNOWN";
}

std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface> MakeCallMeter(CallListener listener,
                                                                                     base::Clock& clock) {
  return std::make_unique<CallMeterFactory>(std::move(listener), clock);
}

}  // namespace satudata::rpc
