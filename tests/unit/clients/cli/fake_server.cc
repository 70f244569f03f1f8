#include "tests/unit/clients/cli/fake_server.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace satudata::cli {
namespace {

template <typename Handler, typename... Arguments>
grpc::Status Answer(CallNotes* notes, grpc::ServerContext* context, const Handler& handler,
                    Arguments&&... arguments) {
  notes->Take(*context);
  if (handler) return handler(std::forward<Arguments>(arguments)...);
  return grpc::Status(grpc::StatusCode::UNIMPLEMENTED, "not offered");
}

}  // namespace

void CallNotes::Take(const grpc::ServerContext& context) {
  base::MutexLock lock(&mu_);
  headers_.clear();
  for (const auto& [name, value] : context.client_metadata()) {
    headers_[std::string(name.data(), name.size())] = std::string(value.data(), value.size());
  }
  ++calls_;
}

std::string CallNotes::Header(const std::string& name) const {
  base::MutexLock lock(&mu_);
  const auto header = headers_.find(name);
  return header == headers_.end() ? "" : header->second;
}

int CallNotes::calls() const {
  base::MutexLock lock(&mu_);
  return calls_;
}

grpc::Status FakeIntegration::SyncFile(grpc::ServerContext* context, const v1::SyncFileRequest* request,
                                       EventWriter* writer) {
  return Answer(notes_, context, sync_file, *request, writer);
}

grpc::Status FakeIntegration::SyncAll(grpc::ServerContext* context, const v1::SyncAllRequest* request,
                                      EventWriter* writer) {
  return Answer(notes_, context, sync_all, *request, writer);
}

grpc::Status FakeIntegration::WatchRun(grpc::ServerContext* context, const v1::WatchRunRequest* request,
                                       EventWriter* writer) {
  return Answer(notes_, context, watch_run, *request, writer);
}

grpc::Status FakeIntegration::RetryRun(grpc::ServerContext* context, const v1::RetryRunRequest* request,
                                       EventWriter* writer) {
  return Answer(notes_, context, retry_run, *request, writer);
}

grpc::Status FakeIntegration::GetRun(grpc::ServerContext* context, const v1::GetRunRequest* request,
                                     v1::Run* run) {
  return Answer(notes_, context, get_run, *request, run);
}

grpc::Status FakeIntegration::ListRuns(grpc::ServerContext* context, const v1::ListRunsRequest* request,
                                       v1::ListRunsResponse* response) {
  return Answer(notes_, context, list_runs, *request, response);
}

grpc::Status FakeIntegration::CancelRun(grpc::ServerContext* context, const v1::CancelRunRequest* request,
                                        v1::Run* run) {
  return Answer(notes_, context, cancel_run, *request, run);
}

grpc::Status FakeIntegration::ListDeliveries(grpc::ServerContext* context,
                                             const v1::ListDeliveriesRequest* request,
                                             v1::ListDeliveriesResponse* response) {
  return Answer(notes_, context, list_deliveries, *request, response);
}

grpc::Status FakeIntegration::GetDelivery(grpc::ServerContext* context, const v1::GetDeliveryRequest* request,
                                          v1::GetDeliveryResponse* response) {
  return Answer(notes_, context, get_delivery, *request, response);
}

grpc::Status FakeIntegration::GetFileStatus(grpc::ServerContext* context,
                                            const v1::GetFileStatusRequest* request,
                                            v1::GetFileStatusResponse* response) {
  return Answer(notes_, context, get_file_status, *request, response);
}

grpc::Status FakeCatalog::ImportFiles(grpc::ServerContext* context,
                                      grpc::ServerReader<v1::ImportFilesRequest>* reader,
                                      v1::ImportFilesResponse* response) {
  std::vector<std::string> chunks;
  v1::ImportFilesRequest request;
  while (reader->Read(&request)) chunks.push_back(request.chunk());
  return Answer(notes_, context, import_files, chunks, response);
}

grpc::Status FakeCatalog::UploadContent(grpc::ServerContext* context,
                                        grpc::ServerReader<v1::UploadContentRequest>* reader,
                                        v1::UploadContentResponse* response) {
  std::vector<v1::UploadContentRequest> messages;
  v1::UploadContentRequest message;
  while (reader->Read(&message)) messages.push_back(message);
  return Answer(notes_, context, upload_content, messages, response);
}

grpc::Status FakeCatalog::ListFiles(grpc::ServerContext* context, const v1::ListFilesRequest* request,
                                    v1::ListFilesResponse* response) {
  return Answer(notes_, context, list_files, *request, response);
}

grpc::Status FakeCatalog::DeleteFile(grpc::ServerContext* context, const v1::DeleteFileRequest* request,
                                     v1::DeleteFileResponse* response) {
  return Answer(notes_, context, delete_file, *request, response);
}

grpc::Status FakeCatalog::SetVerification(grpc::ServerContext* context,
                                          const v1::SetVerificationRequest* request, v1::CatalogFile* file) {
  return Answer(notes_, context, set_verification, *request, file);
}

grpc::Status FakeCatalog::ListIndicatorValues(grpc::ServerContext* context,
                                              const v1::ListIndicatorValuesRequest* request,
                                              v1::ListIndicatorValuesResponse* response) {
  return Answer(notes_, context, list_indicator_values, *request, response);
}

grpc::Status FakeTargets::ListTargets(grpc::ServerContext* context, const v1::ListTargetsRequest* request,
                                      v1::ListTargetsResponse* response) {
  return Answer(notes_, context, list_targets, *request, response);
}

grpc::Status FakeTargets::CheckTarget(grpc::ServerContext* context, const v1::CheckTargetRequest* request,
                                      v1::CheckTargetResponse* response) {
  return Answer(notes_, context, check_target, *request, response);
}

grpc::Status FakeTargets::PauseTarget(grpc::ServerContext* context, const v1::PauseTargetRequest* request,
                                      v1::Target* target) {
  return Answer(notes_, context, pause_target, *request, target);
}

grpc::Status FakeTargets::ResumeTarget(grpc::ServerContext* context, const v1::ResumeTargetRequest* request,
                                       v1::Target* target) {
  return Answer(notes_, context, resume_target, *request, target);
}

grpc::Status FakeTargets::WithdrawIndicator(grpc::ServerContext* context,
                                            const v1::WithdrawIndicatorRequest* request,
                                            EventWriter* writer) {
  return Answer(notes_, context, withdraw_indicator, *request, writer);
}

grpc::Status FakeAccounts::CreateAccount(grpc::ServerContext* context,
                                         const v1::CreateAccountRequest* request, v1::Account* account) {
  return Answer(notes_, context, create_account, *request, account);
}

grpc::Status FakeAccounts::ListAccounts(grpc::ServerContext* context, const v1::ListAccountsRequest* request,
                                        v1::ListAccountsResponse* response) {
  return Answer(notes_, context, list_accounts, *request, response);
}

grpc::Status FakeAccounts::UpdateAccount(grpc::ServerContext* context,
                                         const v1::UpdateAccountRequest* request, v1::Account* account) {
  return Answer(notes_, context, update_account, *request, account);
}

grpc::Status FakeAccounts::DeleteAccount(grpc::ServerContext* context,
                                         const v1::DeleteAccountRequest* request,
                                         v1::DeleteAccountResponse* response) {
  return Answer(notes_, context, delete_account, *request, response);
}

grpc::Status FakeTargets::ListReferenceIndicators(grpc::ServerContext* context,
                                                  const v1::ListReferenceIndicatorsRequest* request,
                                                  v1::ListReferenceIndicatorsResponse* response) {
  return Answer(notes_, context, list_reference_indicators, *request, response);
}

FakeServer::FakeServer(std::shared_ptr<grpc::ServerCredentials> credentials) {
  grpc::EnableDefaultHealthCheckService(true);
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", credentials, &port_);
  builder.RegisterService(&integration);
  builder.RegisterService(&catalog);
  builder.RegisterService(&targets);
  builder.RegisterService(&accounts);
  server_ = builder.BuildAndStart();
}

FakeServer::~FakeServer() { server_->Shutdown(); }

void FakeServer::StopAdvertising() { server_->GetHealthCheckService()->Shutdown(); }

std::string FakeServer::address() const { return absl::StrCat("127.0.0.1:", port_); }

grpc::Status RefusalStatus(grpc::StatusCode code, const std::string& reason, const std::string& message,
                           const std::string& field) {
  google::rpc::Status details;
  google::rpc::ErrorInfo info;
  info.set_reason(reason);
  info.set_domain("integration.satudata");
  (*info.mutable_metadata())["run_id"] = "run-9";
  details.add_details()->PackFrom(info);
  if (!field.empty()) {
    google::rpc::BadRequest bad_request;
    google::rpc::BadRequest::FieldViolation* violation = bad_request.add_field_violations();
    violation->set_field(field);
    violation->set_description("must not be empty");
    details.add_details()->PackFrom(bad_request);
  }
  return grpc::Status(code, message, details.SerializeAsString());
}

}  // namespace satudata::cli
