#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_join.h"
#include "satudata/integration/v1/integration_service.grpc.pb.h"
#include "server/rpc/convert.h"
#include "server/rpc/convert_catalog.h"
#include "server/rpc/convert_run.h"
#include "server/rpc/convert_summary.h"
#include "server/rpc/finished_reactor.h"
#include "server/rpc/page_token.h"
#include "server/rpc/run_start.h"
#include "server/rpc/services.h"
#include "server/rpc/unary_call.h"

namespace satudata::rpc {
namespace {

using grpc::CallbackServerContext;

absl::Status UnknownTarget(const std::string& target, const std::vector<std::string>& known) {
  return catalog::FailureStatus(absl::StatusCode::kInvalidArgument,
                                {.reason = catalog::Reason::kTargetUnknown,
                                 .args = {{"target", target}, {"known", absl::StrJoin(known, ", ")}}});
}

class IntegrationServiceImpl final : public v1::IntegrationService::CallbackService {
 public:
  explicit IntegrationServiceImpl(const ServiceDependencies& dependencies)
      : deps_(dependencies),
        gate_(*dependencies.authorizer, dependencies.caller_rate, dependencies.notes,
              v1::IntegrationService::service_full_name()) {
    for (const sync::TargetStatus& target : deps_.engine->Targets()) targets_.push_back(target.traits.name);
  }

  RunWriter* SyncFile(CallbackServerContext* context, const v1::SyncFileRequest* request) override {
    return StartSync(context, "SyncFile", *request);
  }

  RunWriter* SyncAll(CallbackServerContext* context, const v1::SyncAllRequest* request) override {
    return StartSync(context, "SyncAll", *request);
  }

  RunWriter* WatchRun(CallbackServerContext* context, const v1::WatchRunRequest* request) override {
    const absl::StatusOr<Caller> caller = gate_.Admit(*context, "WatchRun");
    if (!caller.ok()) return Refuse(caller.status(), LanguageOf(*context));
    if (absl::Status status = Validate(*request); !status.ok()) return Refuse(status, caller->language);
    return Stream(*caller, request->strict(),
                  [engine = deps_.engine, run_id = request->run_id(), after = request->after_sequence()] {
                    return engine->Watch(run_id, after);
                  });
  }

  RunWriter* RetryRun(CallbackServerContext* context, const v1::RetryRunRequest* request) override {
    const absl::StatusOr<Caller> caller = gate_.Admit(*context, "RetryRun");
    if (!caller.ok()) return Refuse(caller.status(), LanguageOf(*context));
    if (absl::Status status = Validate(*request); !status.ok()) return Refuse(status, caller->language);
    // Without targets it is for those of the run that it retries, which the engine knows.
    if (request->targets().empty()) return StartRun(*caller, FromProto(*request), {}, request->strict());
    absl::StatusOr<std::vector<std::string>> targets = ChosenTargets(request->targets());
    if (!targets.ok()) return Refuse(targets.status(), caller->language);
    return StartRun(*caller, FromProto(*request), *std::move(targets), request->strict());
  }

  grpc::ServerUnaryReactor* GetRun(CallbackServerContext* context, const v1::GetRunRequest* request,
                                   v1::Run* response) override {
    return Serve(context, "GetRun", request, response,
                 [this](const Caller& caller, const v1::GetRunRequest& request) -> absl::StatusOr<v1::Run> {
                   const absl::StatusOr<sync::Run> run = deps_.store->GetRun(request.run_id());
                   if (!run.ok()) return run.status();
                   return ToProto(*run, caller.language);
                 });
  }

  grpc::ServerUnaryReactor* ListRuns(CallbackServerContext* context, const v1::ListRunsRequest* request,
                                     v1::ListRunsResponse* response) override {
    return Serve(context, "ListRuns", request, response,
                 [this](const Caller& caller, const v1::ListRunsRequest& request) {
                   return ListRuns(caller, request);
                 });
  }

  grpc::ServerUnaryReactor* CancelRun(CallbackServerContext* context, const v1::CancelRunRequest* request,
                                      v1::Run* response) override {
    return Serve(
        context, "CancelRun", request, response,
        [this](const Caller& caller, const v1::CancelRunRequest& request) -> absl::StatusOr<v1::Run> {
          const absl::StatusOr<sync::Run> run = deps_.engine->CancelRun(request.run_id());
          if (!run.ok()) return run.status();
          return ToProto(*run, caller.language);
        });
  }

  grpc::ServerUnaryReactor* ListDeliveries(CallbackServerContext* context,
                                           const v1::ListDeliveriesRequest* request,
                                           v1::ListDeliveriesResponse* response) override {
    return Serve(context, "ListDeliveries", request, response,
                 [this](const Caller& caller, const v1::ListDeliveriesRequest& request) {
                   return ListDeliveries(caller, request);
                 });
  }

  grpc::ServerUnaryReactor* GetDelivery(CallbackServerContext* context, const v1::GetDeliveryRequest* request,
                                        v1::GetDeliveryResponse* response) override {
    return Serve(context, "GetDelivery", request, response,
                 [this](const Caller& caller,
                        const v1::GetDeliveryRequest& request) -> absl::StatusOr<v1::GetDeliveryResponse> {
                   const auto detail = deps_.store->GetDelivery(request.delivery_id());
                   if (!detail.ok()) return detail.status();
                   return ToProto(*detail, caller.language);
                 });
  }

  grpc::ServerUnaryReactor* GetFileStatus(CallbackServerContext* context,
                                          const v1::GetFileStatusRequest* request,
                                          v1::GetFileStatusResponse* response) override {
    return Serve(context, "GetFileStatus", request, response,
                 [this](const Caller& caller, const v1::GetFileStatusRequest& request) {
                   return GetFileStatus(caller, request);
                 });
  }

  grpc::ServerUnaryReactor* GetSummary(CallbackServerContext* context, const v1::GetSummaryRequest* request,
                                       v1::GetSummaryResponse* response) override {
    return Serve(context, "GetSummary", request, response,
                 [this](const Caller& caller,
                        const v1::GetSummaryRequest& request) -> absl::StatusOr<v1::GetSummaryResponse> {
                   const absl::StatusOr<sync::Summary> summary = deps_.summary->Read(FromProto(request));
                   if (!summary.ok()) return summary.status();
                   return ToProto(*summary, caller.language);
                 });
  }

 private:
  template <typename Request, typename Response, typename Work>
  grpc::ServerUnaryReactor* Serve(CallbackServerContext* context, absl::string_view method,
                                  const Request* request, Response* response, Work work) {
    return ServeUnary(gate_, *deps_.executor, context, method, request, response, std::move(work));
  }

  static RunWriter* Refuse(const absl::Status& status, catalog::Language language) {
    return new FinishedReactor<RunWriter>(ToGrpcStatus(status, language));
  }

  RunWriter* Stream(const Caller& caller, bool strict, RunStream::Opener opener) {
    return FollowRun(deps_, caller, StrictnessOf(strict), std::move(opener));
  }

  template <typename Request>
  RunWriter* StartSync(CallbackServerContext* context, absl::string_view method, const Request& request) {
    const absl::StatusOr<Caller> caller = gate_.Admit(*context, method);
    if (!caller.ok()) return Refuse(caller.status(), LanguageOf(*context));
    if (absl::Status status = Validate(request); !status.ok()) return Refuse(status, caller->language);
    absl::StatusOr<std::vector<std::string>> targets = ChosenTargets(request.targets());
    if (!targets.ok()) return Refuse(targets.status(), caller->language);
    return StartRun(*caller, FromProto(request), *std::move(targets), request.strict());
  }

  // Starts a run, or attaches to the one of this request_id, and follows it.
  RunWriter* StartRun(const Caller& caller, sync::SyncRequest request, std::vector<std::string> targets,
                      bool strict) {
    request.targets = std::move(targets);
    return FollowNewRun(deps_, caller, StrictnessOf(strict), std::move(request));
  }

  // Sorted and each once, so that the same choice is the same request; all that are configured for none.
  absl::StatusOr<std::vector<std::string>> ChosenTargets(
      const google::protobuf::RepeatedPtrField<std::string>& wanted) const {
    if (wanted.empty()) return targets_;
    std::vector<std::string> chosen(wanted.begin(), wanted.end());
    std::sort(chosen.begin(), chosen.end());
    chosen.erase(std::unique(chosen.begin(), chosen.end()), chosen.end());
    for (const std::string& target : chosen) {
      if (!std::binary_search(targets_.begin(), targets_.end(), target))
        return UnknownTarget(target, targets_);
    }
    return chosen;
  }

  absl::StatusOr<v1::ListRunsResponse> ListRuns(const Caller& caller, const v1::ListRunsRequest& request) {
    absl::StatusOr<std::string> cursor = PageCursor(request);
    if (!cursor.ok()) return cursor.status();
    const int64_t limit = PageLimit(request.page_size());
    auto runs =
        deps_.store->ListRuns({.state = FromProto(request.state()), .kind = FromProto(request.kind())},
                              {.limit = limit + 1, .after = *std::move(cursor)});
    if (!runs.ok()) return runs.status();
    v1::ListRunsResponse response;
    if (TrimPage(limit, &*runs)) {
      response.set_next_page_token(MakePageToken(request, runs->back().run_id));
    }
    for (const sync::Run& run : *runs) *response.add_runs() = ToProto(run, caller.language);
    return response;
  }

  absl::StatusOr<v1::ListDeliveriesResponse> ListDeliveries(const Caller& caller,
                                                            const v1::ListDeliveriesRequest& request) {
    absl::StatusOr<std::string> cursor = PageCursor(request);
    if (!cursor.ok()) return cursor.status();
    const int64_t limit = PageLimit(request.page_size());
    auto deliveries =
        deps_.store->ListDeliveries(FromProto(request), {.limit = limit + 1, .after = *std::move(cursor)});
    if (!deliveries.ok()) return deliveries.status();
    v1::ListDeliveriesResponse response;
    if (TrimPage(limit, &*deliveries)) {
      response.set_next_page_token(MakePageToken(request, deliveries->back().delivery_id));
    }
    for (const auto& delivery : *deliveries) *response.add_deliveries() = ToProto(delivery, caller.language);
    return response;
  }

  absl::StatusOr<v1::GetFileStatusResponse> GetFileStatus(const Caller& caller,
                                                          const v1::GetFileStatusRequest& request) {
    const auto statuses = deps_.store->GetFileStatus(request.file_id());
    if (!statuses.ok()) return statuses.status();
    const std::vector<sync::TargetStatus> known = deps_.engine->Targets();
    v1::GetFileStatusResponse response;
    response.set_file_id(request.file_id());
    for (const std::string& target : targets_) {
      const auto found = std::find_if(statuses->begin(), statuses->end(),
                                      [&](const auto& status) { return status.target == target; });
      if (found == statuses->end()) {
        response.add_statuses()->set_target(target);
      } else {
        v1::FileTargetStatus* status = response.add_statuses();
        *status = ToProto(*found, caller.language);
        OfferWithdrawal(known, !found->held_keys.empty(), status);
      }
    }
    return response;
  }

  const ServiceDependencies deps_;
  const Gate gate_;
  std::vector<std::string> targets_;  // Sorted; they do not change while the server runs.
};

}  // namespace

std::unique_ptr<grpc::Service> MakeIntegrationService(const ServiceDependencies& dependencies) {
  return std::make_unique<IntegrationServiceImpl>(dependencies);
}

}  // namespace satudata::rpc
