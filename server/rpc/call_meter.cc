#include "server/rpc/call_meter.h"

#include <grpcpp/server_context.h>

#include <array>
#include <string>
#include <utility>

#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "server/rpc/authorizer.h"
#include "server/rpc/status.h"

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
  CallMeter(ServerRpcInfo* info, const CallListener& listener, CallNotes* notes, base::Clock& clock)
      : info_(info),
        context_(info->server_context()),
        listener_(listener),
        notes_(notes),
        clock_(clock),
        start_(clock.Monotonic()) {
    call_.method = LabelOf(info->method());
    call_.code = CodeName(grpc::StatusCode::CANCELLED);  // Of a call that ends without a status of ours.
  }

  // gRPC destroys the interceptor when all of the call is over.
  ~CallMeter() override {
    call_.duration = clock_.Monotonic() - start_;
    const std::shared_ptr<CallNote> note = notes_ == nullptr ? nullptr : notes_->Take(context_);
    if (note != nullptr) call_.facts = note->Get();
    listener_(call_);
  }

  void Intercept(InterceptorBatchMethods* methods) override {
    const auto is_at = [methods](InterceptionHookPoints point) {
      return methods->QueryInterceptionHookPoint(point);
    };
    if (is_at(InterceptionHookPoints::POST_RECV_MESSAGE) && methods->GetRecvMessage() != nullptr) {
      ++call_.received;
    }
    if (is_at(InterceptionHookPoints::PRE_SEND_MESSAGE)) ++call_.sent;
    if (is_at(InterceptionHookPoints::PRE_SEND_STATUS)) NoteStatus(methods->GetSendStatus());
    methods->Proceed();
  }

 private:
  // A client that left sees CANCELLED, whatever we meant to say.
  void NoteStatus(const grpc::Status& status) {
    if (info_->server_context()->IsCancelled()) return;
    call_.code = CodeName(status.error_code());
    if (notes_ != nullptr) call_.reason = ReasonOf(status);
  }

  ServerRpcInfo* const info_;
  const grpc::ServerContextBase* const context_;
  const CallListener& listener_;
  CallNotes* const notes_;
  base::Clock& clock_;
  const absl::Duration start_;
  EndedCall call_;  // The method is a copy: gRPC frees an unknown one's name before it destroys us.
};

class CallMeterFactory final : public grpc::experimental::ServerInterceptorFactoryInterface {
 public:
  CallMeterFactory(CallListener listener, CallNotes* notes, base::Clock& clock)
      : listener_(std::move(listener)), notes_(notes), clock_(clock) {}

  grpc::experimental::Interceptor* CreateServerInterceptor(ServerRpcInfo* info) override {
    return new CallMeter(info, listener_, notes_, clock_);
  }

 private:
  const CallListener listener_;
  CallNotes* const notes_;
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
                                                                                     CallNotes* notes,
                                                                                     base::Clock& clock) {
  return std::make_unique<CallMeterFactory>(std::move(listener), notes, clock);
}

}  // namespace satudata::rpc
