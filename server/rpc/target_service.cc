#include <memory>
#include <utility>

#include "absl/status/statusor.h"
#include "satudata/integration/v1/target_service.grpc.pb.h"
#include "server/rpc/convert_catalog.h"
#include "server/rpc/convert_run.h"
#include "server/rpc/finished_reactor.h"
#include "server/rpc/run_start.h"
#include "server/rpc/services.h"
#include "server/rpc/unary_call.h"

namespace satudata::rpc {
namespace {

using grpc::CallbackServerContext;

class TargetServiceImpl final : public v1::TargetService::CallbackService {
 public:
  explicit TargetServiceImpl(const ServiceDependencies& dependencies)
      : deps_(dependencies), gate_(*dependencies.authorizer, v1::TargetService::service_full_name()) {}

  grpc::ServerUnaryReactor* ListTargets(CallbackServerContext* context, const v1::ListTargetsRequest* request,
                                        v1::ListTargetsResponse* response) override {
    return ServeUnary(gate_, *deps_.executor, context, "ListTargets", request, response,
                      [this](const Caller& caller,
                             const v1::ListTargetsRequest&) -> absl::StatusOr<v1::ListTargetsResponse> {
                        v1::ListTargetsResponse out;
                        for (const sync::TargetStatus& target : deps_.engine->Targets()) {
                          *out.add_targets() = ToProto(target, caller.language);
                        }
                        return out;
                      });
  }

  grpc::ServerUnaryReactor* CheckTarget(CallbackServerContext* context, const v1::CheckTargetRequest* request,
                                        v1::CheckTargetResponse* response) override {
    return ServeUnary(
        gate_, *deps_.slow_executor, context, "CheckTarget", request, response,
        [this](const Caller& caller,
               const v1::CheckTargetRequest& request) -> absl::StatusOr<v1::CheckTargetResponse> {
          const auto result = deps_.engine->CheckTarget(request.target());
          if (!result.ok()) return result.status();
          return ToProto(*result, caller.language);
        });
  }

  grpc::ServerUnaryReactor* PauseTarget(CallbackServerContext* context, const v1::PauseTargetRequest* request,
                                        v1::Target* response) override {
    return ServeUnary(
        gate_, *deps_.executor, context, "PauseTarget", request, response,
        [this](const Caller& caller, const v1::PauseTargetRequest& request) -> absl::StatusOr<v1::Target> {
          const auto paused =
              deps_.engine->PauseTarget(request.target(), caller.principal.Name(), request.comment());
          if (!paused.ok()) return paused.status();
          return ToProto(*paused, caller.language);
        });
  }

  grpc::ServerUnaryReactor* ResumeTarget(CallbackServerContext* context,
                                         const v1::ResumeTargetRequest* request,
                                         v1::Target* response) override {
    return ServeUnary(
        gate_, *deps_.executor, context, "ResumeTarget", request, response,
        [this](const Caller& caller, const v1::ResumeTargetRequest& request) -> absl::StatusOr<v1::Target> {
          const auto resumed = deps_.engine->ResumeTarget(request.target());
          if (!resumed.ok()) return resumed.status();
          return ToProto(*resumed, caller.language);
        });
  }

  grpc::ServerUnaryReactor* ListReferenceIndicators(CallbackServerContext* context,
                                                    const v1::ListReferenceIndicatorsRequest* request,
                                                    v1::ListReferenceIndicatorsResponse*) override {
    return FinishedUnary(context, RefuseUnavailable(gate_, *context, "ListReferenceIndicators", *request));
  }

  RunWriter* WithdrawIndicator(CallbackServerContext* context,
                               const v1::WithdrawIndicatorRequest* request) override {
    const absl::StatusOr<Caller> caller = gate_.Admit(*context, "WithdrawIndicator");
    if (!caller.ok()) return Refuse(caller.status(), LanguageOf(*context));
    if (absl::Status status = Validate(*request); !status.ok()) return Refuse(status, caller->language);
    return FollowNewRun(deps_, *caller, StrictnessOf(request->strict()), FromProto(*request));
  }

 private:
  static RunWriter* Refuse(const absl::Status& status, catalog::Language language) {
    return new FinishedReactor<RunWriter>(ToGrpcStatus(status, language));
  }

  const ServiceDependencies deps_;
  const Gate gate_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeTargetService(const ServiceDependencies& dependencies) {
  return std::make_unique<TargetServiceImpl>(dependencies);
}

}  // namespace satudata::rpc
