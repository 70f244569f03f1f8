#include <memory>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "satudata/integration/v1/target_service.grpc.pb.h"
#include "server/rpc/convert_catalog.h"
#include "server/rpc/convert_run.h"
#include "server/rpc/finished_reactor.h"
#include "server/rpc/page_token.h"
#include "server/rpc/run_start.h"
#include "server/rpc/services.h"
#include "server/rpc/unary_call.h"

namespace satudata::rpc {
namespace {

using grpc::CallbackServerContext;

class TargetServiceImpl final : public v1::TargetService::CallbackService {
 public:
  explicit TargetServiceImpl(const ServiceDependencies& dependencies)
      : deps_(dependencies),
        gate_(*dependencies.authorizer, dependencies.caller_rate, dependencies.notes,
              v1::TargetService::service_full_name()) {}

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

  // The target may have to be asked first.
  grpc::ServerUnaryReactor* ListReferenceIndicators(CallbackServerContext* context,
                                                    const v1::ListReferenceIndicatorsRequest* request,
                                                    v1::ListReferenceIndicatorsResponse* response) override {
    return ServeUnary(gate_, *deps_.slow_executor, context, "ListReferenceIndicators", request, response,
                      [this](const Caller&, const v1::ListReferenceIndicatorsRequest& request) {
                        return ListIndicators(request);
                      });
  }

  RunWriter* WithdrawIndicator(CallbackServerContext* context,
                               const v1::WithdrawIndicatorRequest* request) override {
    const absl::StatusOr<Caller> caller = gate_.Admit(*context, "WithdrawIndicator");
    if (!caller.ok()) return Refuse(caller.status(), LanguageOf(*context));
    if (absl::Status status = Validate(*request); !status.ok()) return Refuse(status, caller->language);
    return FollowNewRun(deps_, *caller, StrictnessOf(request->strict()), FromProto(*request));
  }

 private:
  absl::StatusOr<v1::ListReferenceIndicatorsResponse> ListIndicators(
      const v1::ListReferenceIndicatorsRequest& request) {
    absl::StatusOr<std::string> cursor = PageCursor(request);
    if (!cursor.ok()) return cursor.status();
    const int64_t limit = PageLimit(request.page_size());
    auto page = deps_.engine->ListIndicators(
        FromProto(request), {.limit = limit + 1, .after = *std::move(cursor), .skip = request.skip()});
    if (!page.ok()) return page.status();
    const bool more = TrimPage(limit, &page->rows);
    v1::ListReferenceIndicatorsResponse response = ToProto(*page);
    if (more) {
      response.set_next_page_token(MakePageToken(request, page->rows.back().indicator.kodeindikator));
    }
    return response;
  }

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
