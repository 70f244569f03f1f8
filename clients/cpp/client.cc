#include "satudata/integration/client.h"

#include <algorithm>
#include <utility>

#include "absl/strings/string_view.h"
#include "clients/cpp/channel.h"
#include "clients/cpp/client_core.h"
#include "clients/cpp/run_reader.h"

namespace satudata::integration {
namespace {

constexpr size_t kChunkBytes = 256 << 10;

// With a request id the start can be repeated: it attaches to the run that an earlier try has begun.
template <typename Stub, typename Request>
std::unique_ptr<RunStream> Start(ClientCore& core, Stub& stub,
                                 std::unique_ptr<EventStream::Reader> (Stub::*method)(grpc::ClientContext*,
                                                                                      const Request&,
                                                                                      grpc::CompletionQueue*),
                                 Request request, const CallOptions& options) {
  if (request.request_id().empty()) request.set_request_id(base::NewUuid());
  const bool strict = request.strict();
  EventStream::Opener begin = [&stub, method, request = std::move(request)](grpc::ClientContext* context,
                                                                            grpc::CompletionQueue* queue) {
    return (stub.*method)(context, request, queue);
  };
  return std::make_unique<RunStream>(
      std::make_unique<RunReader>(core, options, std::move(begin), strict, /*after_sequence=*/0));
}

// Sends all of `source`; what it says in the end, if that is an error.
template <typename Request>
absl::Status Send(const PieceSource& source, grpc::ClientWriter<Request>& writer) {
  Request request;
  while (true) {
    const absl::StatusOr<std::string> piece = source();
    if (!piece.ok()) return piece.status();
    if (piece->empty()) return absl::OkStatus();
    for (absl::string_view rest = *piece; !rest.empty(); rest.remove_prefix(request.chunk().size())) {
      request.set_chunk(std::string(rest.substr(0, kChunkBytes)));
      if (!writer.Write(request)) return absl::OkStatus();  // The answer says why.
    }
  }
}

// Half of something must not be taken for all of it. `*response` is filled here.
template <typename Request, typename Response>
absl::StatusOr<Response> Finish(absl::Status sent, grpc::ClientWriter<Request>& writer,
                                const StoppableContext& context, Response* response) {
  if (!sent.ok()) context->TryCancel();
  writer.WritesDone();
  const grpc::Status status = writer.Finish();
  if (!sent.ok()) return sent;
  if (!status.ok()) return ToStatus(status);
  return std::move(*response);
}

}  // namespace

Client::Client(std::unique_ptr<ClientCore> core) : core_(std::move(core)) {}

Client::~Client() = default;

absl::StatusOr<v1::Run> Client::GetRun(const v1::GetRunRequest& request, const CallOptions& options) {
  return core_->Unary(core_->integration(), &v1::IntegrationService::Stub::GetRun, CallKind::kRead, request,
                      options);
}

absl::StatusOr<v1::ListRunsResponse> Client::ListRuns(const v1::ListRunsRequest& request,
                                                      const CallOptions& options) {
  return core_->Unary(core_->integration(), &v1::IntegrationService::Stub::ListRuns, CallKind::kRead, request,
                      options);
}

absl::StatusOr<v1::Run> Client::CancelRun(const v1::CancelRunRequest& request, const CallOptions& options) {
  return core_->Unary(core_->integration(), &v1::IntegrationService::Stub::CancelRun, CallKind::kWrite,
                      request, options);
}

absl::StatusOr<v1::ListDeliveriesResponse> Client::ListDeliveries(const v1::ListDeliveriesRequest& request,
                                                                  const CallOptions& options) {
  return core_->Unary(core_->integration(), &v1::IntegrationService::Stub::ListDeliveries, CallKind::kRead,
                      request, options);
}

absl::StatusOr<v1::GetDeliveryResponse> Client::GetDelivery(const v1::GetDeliveryRequest& request,
                                                            const CallOptions& options) {
  return core_->Unary(core_->integration(), &v1::IntegrationService::Stub::GetDelivery, CallKind::kRead,
                      request, options);
}

absl::StatusOr<v1::GetFileStatusResponse> Client::GetFileStatus(const v1::GetFileStatusRequest& request,
                                                                const CallOptions& options) {
  return core_->Unary(core_->integration(), &v1::IntegrationService::Stub::GetFileStatus, CallKind::kRead,
                      request, options);
}

absl::StatusOr<v1::GetSummaryResponse> Client::GetSummary(const v1::GetSummaryRequest& request,
                                                          const CallOptions& options) {
  return core_->Unary(core_->integration(), &v1::IntegrationService::Stub::GetSummary, CallKind::kRead,
                      request, options);
}

absl::StatusOr<v1::CatalogFile> Client::UpsertFile(const v1::UpsertFileRequest& request,
                                                   const CallOptions& options) {
  return core_->Unary(core_->catalog(), &v1::CatalogService::Stub::UpsertFile, CallKind::kWrite, request,
                      options);
}

absl::StatusOr<v1::CatalogFile> Client::GetFile(const v1::GetFileRequest& request,
                                                const CallOptions& options) {
  return core_->Unary(core_->catalog(), &v1::CatalogService::Stub::GetFile, CallKind::kRead, request,
                      options);
}

absl::StatusOr<v1::ListFilesResponse> Client::ListFiles(const v1::ListFilesRequest& request,
                                                        const CallOptions& options) {
  return core_->Unary(core_->catalog(), &v1::CatalogService::Stub::ListFiles, CallKind::kRead, request,
                      options);
}

absl::StatusOr<v1::GetCatalogSummaryResponse> Client::GetCatalogSummary(
    const v1::GetCatalogSummaryRequest& request, const CallOptions& options) {
  return core_->Unary(core_->catalog(), &v1::CatalogService::Stub::GetCatalogSummary, CallKind::kRead,
                      request, options);
}

absl::StatusOr<v1::DeleteFileResponse> Client::DeleteFile(const v1::DeleteFileRequest& request,
                                                          const CallOptions& options) {
  return core_->Unary(core_->catalog(), &v1::CatalogService::Stub::DeleteFile, CallKind::kWrite, request,
                      options);
}

absl::StatusOr<v1::CatalogFile> Client::SetVerification(const v1::SetVerificationRequest& request,
                                                        const CallOptions& options) {
  return core_->Unary(core_->catalog(), &v1::CatalogService::Stub::SetVerification, CallKind::kWrite, request,
                      options);
}

absl::StatusOr<v1::ListIndicatorValuesResponse> Client::ListIndicatorValues(
    const v1::ListIndicatorValuesRequest& request, const CallOptions& options) {
  return core_->Unary(core_->catalog(), &v1::CatalogService::Stub::ListIndicatorValues, CallKind::kRead,
                      request, options);
}

absl::StatusOr<v1::ListTargetsResponse> Client::ListTargets(const v1::ListTargetsRequest& request,
                                                            const CallOptions& options) {
  return core_->Unary(core_->targets(), &v1::TargetService::Stub::ListTargets, CallKind::kRead, request,
                      options);
}

absl::StatusOr<v1::CheckTargetResponse> Client::CheckTarget(const v1::CheckTargetRequest& request,
                                                            const CallOptions& options) {
  return core_->Unary(core_->targets(), &v1::TargetService::Stub::CheckTarget, CallKind::kProbe, request,
                      options);
}

absl::StatusOr<v1::Target> Client::PauseTarget(const v1::PauseTargetRequest& request,
                                               const CallOptions& options) {
  return core_->Unary(core_->targets(), &v1::TargetService::Stub::PauseTarget, CallKind::kWrite, request,
                      options);
}

absl::StatusOr<v1::Target> Client::ResumeTarget(const v1::ResumeTargetRequest& request,
                                                const CallOptions& options) {
  return core_->Unary(core_->targets(), &v1::TargetService::Stub::ResumeTarget, CallKind::kWrite, request,
                      options);
}

absl::StatusOr<v1::ListReferenceIndicatorsResponse> Client::ListReferenceIndicators(
    const v1::ListReferenceIndicatorsRequest& request, const CallOptions& options) {
  return core_->Unary(core_->targets(), &v1::TargetService::Stub::ListReferenceIndicators, CallKind::kRead,
                      request, options);
}

absl::StatusOr<v1::Account> Client::CreateAccount(const v1::CreateAccountRequest& request,
                                                  const CallOptions& options) {
  return core_->Unary(core_->accounts(), &v1::AccountService::Stub::CreateAccount, CallKind::kWrite, request,
                      options);
}

absl::StatusOr<v1::ListAccountsResponse> Client::ListAccounts(const v1::ListAccountsRequest& request,
                                                              const CallOptions& options) {
  return core_->Unary(core_->accounts(), &v1::AccountService::Stub::ListAccounts, CallKind::kRead, request,
                      options);
}

absl::StatusOr<v1::Account> Client::UpdateAccount(const v1::UpdateAccountRequest& request,
                                                  const CallOptions& options) {
  return core_->Unary(core_->accounts(), &v1::AccountService::Stub::UpdateAccount, CallKind::kWrite, request,
                      options);
}

absl::StatusOr<v1::DeleteAccountResponse> Client::DeleteAccount(const v1::DeleteAccountRequest& request,
                                                                const CallOptions& options) {
  return core_->Unary(core_->accounts(), &v1::AccountService::Stub::DeleteAccount, CallKind::kWrite, request,
                      options);
}
std::unique_ptr<RunStream> Client::SyncFile(v1::SyncFileRequest request, const CallOptions& options) {
  return Start(*core_, core_->integration(), &v1::IntegrationService::Stub::PrepareAsyncSyncFile,
               std::move(request), options);
}

std::unique_ptr<RunStream> Client::SyncAll(v1::SyncAllRequest request, const CallOptions& options) {
  return Start(*core_, core_->integration(), &v1::IntegrationService::Stub::PrepareAsyncSyncAll,
               std::move(request), options);
}

std::unique_ptr<RunStream> Client::RetryRun(v1::RetryRunRequest request, const CallOptions& options) {
  return Start(*core_, core_->integration(), &v1::IntegrationService::Stub::PrepareAsyncRetryRun,
               std::move(request), options);
}

std::unique_ptr<RunStream> Client::WithdrawIndicator(v1::WithdrawIndicatorRequest request,
                                                     const CallOptions& options) {
  return Start(*core_, core_->targets(), &v1::TargetService::Stub::PrepareAsyncWithdrawIndicator,
               std::move(request), options);
}

std::unique_ptr<RunStream> Client::WatchRun(v1::WatchRunRequest request, const CallOptions& options) {
  const bool strict = request.strict();
  const int64_t after_sequence = request.after_sequence();
  EventStream::Opener begin = [this, request = std::move(request)](grpc::ClientContext* context,
                                                                   grpc::CompletionQueue* queue) {
    return core_->integration().PrepareAsyncWatchRun(context, request, queue);
  };
  return std::make_unique<RunStream>(
      std::make_unique<RunReader>(*core_, options, std::move(begin), strict, after_sequence));
}

absl::StatusOr<v1::ImportFilesResponse> Client::ImportFiles(const PieceSource& source,
                                                            const CallOptions& options) {
  const StoppableContext context(options.stop);
  if (absl::Status status = core_->Prepare(options, *context.get()); !status.ok()) return status;
  v1::ImportFilesResponse response;
  const auto writer = core_->catalog().ImportFiles(context.get().get(), &response);
  return Finish(Send(source, *writer), *writer, context, &response);
}

absl::StatusOr<v1::UploadContentResponse> Client::UploadContent(const v1::UploadContentHead& head,
                                                                const PieceSource& source,
                                                                const CallOptions& options) {
  const StoppableContext context(options.stop);
  if (absl::Status status = core_->Prepare(options, *context.get()); !status.ok()) return status;
  v1::UploadContentResponse response;
  const auto writer = core_->catalog().UploadContent(context.get().get(), &response);
  v1::UploadContentRequest request;
  *request.mutable_head() = head;
  absl::Status sent;
  if (writer->Write(request)) sent = Send(source, *writer);
  return Finish(std::move(sent), *writer, context, &response);
}

absl::StatusOr<std::unique_ptr<Client>> Connect(ClientOptions options) {
  if (options.address.empty()) return absl::InvalidArgumentError("the server's address is missing");
  auto channel = MakeChannel(options.address, options.tls);
  return std::make_unique<Client>(
      std::make_unique<ClientCore>(std::move(options), channel, RealSurroundings()));
}

}  // namespace satudata::integration
