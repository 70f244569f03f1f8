#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "satudata/integration/v1/catalog_service.grpc.pb.h"
#include "server/rpc/convert.h"
#include "server/rpc/convert_catalog.h"
#include "server/rpc/convert_run.h"
#include "server/rpc/finished_reactor.h"
#include "server/rpc/import_sink.h"
#include "server/rpc/page_token.h"
#include "server/rpc/services.h"
#include "server/rpc/unary_call.h"
#include "server/rpc/upload_sink.h"

namespace satudata::rpc {
namespace {

using grpc::CallbackServerContext;

absl::Status FileNotFound(const std::string& file_id) {
  return catalog::FailureStatus(absl::StatusCode::kNotFound,
                                {.reason = catalog::Reason::kFileNotFound, .args = {{"file_id", file_id}}});
}

absl::StatusOr<v1::CatalogFile> ToProto(const absl::StatusOr<catalog::CatalogFile>& file) {
  if (!file.ok()) return file.status();
  return rpc::ToProto(*file);
}

class CatalogServiceImpl final : public v1::CatalogService::CallbackService {
 public:
  CatalogServiceImpl(const ServiceDependencies& dependencies, ImportLimits limits)
      : deps_(dependencies),
        limits_(limits),
        gate_(*dependencies.authorizer, dependencies.caller_rate, dependencies.notes,
              v1::CatalogService::service_full_name()) {}

  grpc::ServerUnaryReactor* UpsertFile(CallbackServerContext* context, const v1::UpsertFileRequest* request,
                                       v1::CatalogFile* response) override {
    return Serve(*deps_.executor, context, "UpsertFile", request, response,
                 [this](const Caller&, const v1::UpsertFileRequest& request) {
                   return ToProto(deps_.catalog->Upsert(FromProto(request)));
                 });
  }

  grpc::ServerReadReactor<v1::ImportFilesRequest>* ImportFiles(CallbackServerContext* context,
                                                               v1::ImportFilesResponse* response) override {
    return Receive<v1::ImportFilesRequest>(*context, "ImportFiles", response, [this](const Caller& caller) {
      return std::make_unique<ImportSink>(*deps_.catalog, caller.language);
    });
  }

  grpc::ServerUnaryReactor* GetFile(CallbackServerContext* context, const v1::GetFileRequest* request,
                                    v1::CatalogFile* response) override {
    return Serve(*deps_.executor, context, "GetFile", request, response,
                 [this](const Caller&, const v1::GetFileRequest& request) {
                   return ToProto(deps_.store->GetFile(request.file_id()));
                 });
  }

  grpc::ServerUnaryReactor* ListFiles(CallbackServerContext* context, const v1::ListFilesRequest* request,
                                      v1::ListFilesResponse* response) override {
    return Serve(*deps_.executor, context, "ListFiles", request, response,
                 [this](const Caller& caller, const v1::ListFilesRequest& request) {
                   return ListFiles(caller, request);
                 });
  }

  grpc::ServerUnaryReactor* GetCatalogSummary(CallbackServerContext* context,
                                              const v1::GetCatalogSummaryRequest* request,
                                              v1::GetCatalogSummaryResponse* response) override {
    return Serve(
        *deps_.executor, context, "GetCatalogSummary", request, response,
        [this](const Caller&,
               const v1::GetCatalogSummaryRequest&) -> absl::StatusOr<v1::GetCatalogSummaryResponse> {
          const absl::StatusOr<catalog::CatalogSummary> summary = deps_.store->SummarizeCatalog();
          if (!summary.ok()) return summary.status();
          return rpc::ToProto(*summary);
        });
  }

  grpc::ServerUnaryReactor* DeleteFile(CallbackServerContext* context, const v1::DeleteFileRequest* request,
                                       v1::DeleteFileResponse* response) override {
    return Serve(*deps_.executor, context, "DeleteFile", request, response,
                 [this](const Caller&,
                        const v1::DeleteFileRequest& request) -> absl::StatusOr<v1::DeleteFileResponse> {
                   if (absl::Status status = deps_.catalog->Delete(request.file_id()); !status.ok())
                     return status;
                   return v1::DeleteFileResponse();
                 });
  }

  // It looks at the content as it is now, which may take a while.
  grpc::ServerUnaryReactor* SetVerification(CallbackServerContext* context,
                                            const v1::SetVerificationRequest* request,
                                            v1::CatalogFile* response) override {
    return Serve(*deps_.slow_executor, context, "SetVerification", request, response,
                 [this](const Caller&, const v1::SetVerificationRequest& request) {
                   const auto revision =
                       request.revision() == 0 ? std::nullopt : std::optional<int64_t>(request.revision());
                   return ToProto(deps_.catalog->SetVerification(
                       request.file_id(), *FromProto(request.verification()), revision));
                 });
  }

  grpc::ServerReadReactor<v1::UploadContentRequest>* UploadContent(
      CallbackServerContext* context, v1::UploadContentResponse* response) override {
    return Receive<v1::UploadContentRequest>(*context, "UploadContent", response, [this](const Caller&) {
      return std::make_unique<UploadSink>(*deps_.catalog);
    });
  }

  grpc::ServerUnaryReactor* ListIndicatorValues(CallbackServerContext* context,
                                                const v1::ListIndicatorValuesRequest* request,
                                                v1::ListIndicatorValuesResponse* response) override {
    return Serve(*deps_.slow_executor, context, "ListIndicatorValues", request, response,
                 [this](const Caller& caller, const v1::ListIndicatorValuesRequest& request) {
                   return ListIndicatorValues(caller, request);
                 });
  }

 private:
  template <typename Request, typename Response, typename Work>
  grpc::ServerUnaryReactor* Serve(base::Executor& executor, CallbackServerContext* context,
                                  absl::string_view method, const Request* request, Response* response,
                                  Work work) {
    return ServeUnary(gate_, executor, context, method, request, response, std::move(work));
  }

  template <typename Request, typename Response, typename MakeSink>
  grpc::ServerReadReactor<Request>* Receive(CallbackServerContext& context, absl::string_view method,
                                            Response* response, MakeSink make_sink) {
    const absl::StatusOr<Caller> caller = gate_.Admit(context, method);
    if (!caller.ok()) {
      return new FinishedReactor<grpc::ServerReadReactor<Request>>(
          ToGrpcStatus(caller.status(), LanguageOf(context)));
    }
    return ClientStream<Request, Response>::Start(
        {*deps_.slow_executor, *deps_.imports, *deps_.clock},
        {.language = caller->language, .caller = caller->counted_as, .stall = limits_.stall},
        make_sink(*caller), response);
  }

  absl::StatusOr<v1::ListFilesResponse> ListFiles(const Caller& caller, const v1::ListFilesRequest& request) {
    absl::StatusOr<std::string> cursor = PageCursor(request);
    if (!cursor.ok()) return cursor.status();
    const sync::FileFilter filter = FromProto(request);
    const int64_t limit = PageLimit(request.page_size());
    auto rows = deps_.store->ListFiles(
        filter, {.limit = limit + 1, .after = *std::move(cursor), .skip = request.skip()});
    if (!rows.ok()) return rows.status();
    const absl::StatusOr<int64_t> total = deps_.store->CountFiles(filter);
    if (!total.ok()) return total.status();
    v1::ListFilesResponse response;
    response.set_total_count(*total);
    if (TrimPage(limit, &*rows)) {
      response.set_next_page_token(MakePageToken(request, rows->back().file.file_id));
    }
    const std::vector<sync::TargetStatus> targets = deps_.engine->Targets();
    for (const sync::FileRow& row : *rows) {
      const bool is_verified = row.file.verification == catalog::Verification::kVerified;
      v1::CatalogFile* file = response.add_files();
      *file = rpc::ToProto(row.file);
      for (const sync::FileTargetStatus& status : row.statuses) {
        v1::FileTargetStatus* state = file->add_target_states();
        *state = rpc::ToProto(status, caller.language);
        OfferWithdrawal(targets, !is_verified && status.held_record_count > 0, state);
      }
    }
    return response;
  }

  // Content that is there but was not read yet is read with the first page. Why it cannot be read is a matter
  // for the targets that need it, not for who looks at the values.
  absl::StatusOr<v1::ListIndicatorValuesResponse> ListIndicatorValues(
      const Caller& caller, const v1::ListIndicatorValuesRequest& request) {
    const absl::StatusOr<std::string> cursor = PageCursor(request);
    if (!cursor.ok()) return cursor.status();
    int64_t after = 0;
    if (cursor->empty()) {
      const auto states = deps_.catalog->RefreshContent({request.file_id()});
      if (!states.ok()) return states.status();
      if (states->empty()) return FileNotFound(request.file_id());
    } else if (!absl::SimpleAtoi(*cursor, &after)) {
      return catalog::FailureStatus(absl::StatusCode::kInvalidArgument,
                                    {.reason = catalog::Reason::kPageTokenInvalid});
    }
    const int64_t limit = PageLimit(request.page_size());
    auto values = deps_.store->ListValues(request.file_id(), after, limit + 1);
    if (!values.ok()) return values.status();
    v1::ListIndicatorValuesResponse response;
    if (TrimPage(limit, &*values)) {
      response.set_next_page_token(MakePageToken(request, absl::StrCat(values->back().position)));
    }
    for (const auto& value : *values) {
      *response.add_indicator_values() = rpc::ToProto(value, caller.language);
    }
    return response;
  }

  const ServiceDependencies deps_;
  const ImportLimits limits_;
  const Gate gate_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeCatalogService(const ServiceDependencies& dependencies,
                                                  ImportLimits limits) {
  return std::make_unique<CatalogServiceImpl>(dependencies, limits);
}

}  // namespace satudata::rpc
