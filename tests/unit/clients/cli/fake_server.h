// File: fake_server.h
//
// The services on a port of their own, each method answered by the function that a test puts in.
#ifndef TESTS_UNIT_CLIENTS_CLI_FAKE_SERVER_H_
#define TESTS_UNIT_CLIENTS_CLI_FAKE_SERVER_H_

#include <grpcpp/grpcpp.h>

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "satudata/integration/v1/account_service.grpc.pb.h"
#include "satudata/integration/v1/catalog_service.grpc.pb.h"
#include "satudata/integration/v1/integration_service.grpc.pb.h"
#include "satudata/integration/v1/target_service.grpc.pb.h"
#include "server/base/mutex.h"

namespace satudata::cli {

namespace v1 = ::satudata::integration::v1;

// What the calls carried beside their requests. Thread-safe.
class CallNotes {
 public:
  void Take(const grpc::ServerContext& context);
  // Of the last call; empty when it had none.
  std::string Header(const std::string& name) const;
  int calls() const;

 private:
  mutable base::Mutex mu_;
  std::map<std::string, std::string> headers_ ABSL_GUARDED_BY(mu_);
  int calls_ ABSL_GUARDED_BY(mu_) = 0;
};

template <typename Request, typename Response>
using Unary = std::function<grpc::Status(const Request&, Response*)>;
using EventWriter = grpc::ServerWriter<v1::RunEvent>;
template <typename Request>
using Streaming = std::function<grpc::Status(const Request&, EventWriter*)>;

// Functions are called by the server's threads; set them before the call. Without one: UNIMPLEMENTED.
class FakeIntegration final : public v1::IntegrationService::Service {
 public:
  explicit FakeIntegration(CallNotes* notes) : notes_(notes) {}

  Streaming<v1::SyncFileRequest> sync_file;
  Streaming<v1::SyncAllRequest> sync_all;
  Streaming<v1::WatchRunRequest> watch_run;
  Streaming<v1::RetryRunRequest> retry_run;
  Unary<v1::GetRunRequest, v1::Run> get_run;
  Unary<v1::ListRunsRequest, v1::ListRunsResponse> list_runs;
  Unary<v1::CancelRunRequest, v1::Run> cancel_run;
  Unary<v1::ListDeliveriesRequest, v1::ListDeliveriesResponse> list_deliveries;
  Unary<v1::GetDeliveryRequest, v1::GetDeliveryResponse> get_delivery;
  Unary<v1::GetFileStatusRequest, v1::GetFileStatusResponse> get_file_status;

  grpc::Status SyncFile(grpc::ServerContext*, const v1::SyncFileRequest*, EventWriter*) override;
  grpc::Status SyncAll(grpc::ServerContext*, const v1::SyncAllRequest*, EventWriter*) override;
  grpc::Status WatchRun(grpc::ServerContext*, const v1::WatchRunRequest*, EventWriter*) override;
  grpc::Status RetryRun(grpc::ServerContext*, const v1::RetryRunRequest*, EventWriter*) override;
  grpc::Status GetRun(grpc::ServerContext*, const v1::GetRunRequest*, v1::Run*) override;
  grpc::Status ListRuns(grpc::ServerContext*, const v1::ListRunsRequest*, v1::ListRunsResponse*) override;
  grpc::Status CancelRun(grpc::ServerContext*, const v1::CancelRunRequest*, v1::Run*) override;
  grpc::Status ListDeliveries(grpc::ServerContext*, const v1::ListDeliveriesRequest*,
                              v1::ListDeliveriesResponse*) override;
  grpc::Status GetDelivery(grpc::ServerContext*, const v1::GetDeliveryRequest*,
                           v1::GetDeliveryResponse*) override;
  grpc::Status GetFileStatus(grpc::ServerContext*, const v1::GetFileStatusRequest*,
                             v1::GetFileStatusResponse*) override;

 private:
  CallNotes* const notes_;
};

class FakeCatalog final : public v1::CatalogService::Service {
 public:
  explicit FakeCatalog(CallNotes* notes) : notes_(notes) {}

  // With the chunks as they came.
  std::function<grpc::Status(const std::vector<std::string>&, v1::ImportFilesResponse*)> import_files;
  // With the messages as they came.
  std::function<grpc::Status(const std::vector<v1::UploadContentRequest>&, v1::UploadContentResponse*)>
      upload_content;
  Unary<v1::ListFilesRequest, v1::ListFilesResponse> list_files;
  Unary<v1::DeleteFileRequest, v1::DeleteFileResponse> delete_file;
  Unary<v1::SetVerificationRequest, v1::CatalogFile> set_verification;
  Unary<v1::ListIndicatorValuesRequest, v1::ListIndicatorValuesResponse> list_indicator_values;

  grpc::Status ImportFiles(grpc::ServerContext*, grpc::ServerReader<v1::ImportFilesRequest>*,
                           v1::ImportFilesResponse*) override;
  grpc::Status UploadContent(grpc::ServerContext*, grpc::ServerReader<v1::UploadContentRequest>*,
                             v1::UploadContentResponse*) override;
  grpc::Status ListFiles(grpc::ServerContext*, const v1::ListFilesRequest*, v1::ListFilesResponse*) override;
  grpc::Status DeleteFile(grpc::ServerContext*, const v1::DeleteFileRequest*,
                          v1::DeleteFileResponse*) override;
  grpc::Status SetVerification(grpc::ServerContext*, const v1::SetVerificationRequest*,
                               v1::CatalogFile*) override;
  grpc::Status ListIndicatorValues(grpc::ServerContext*, const v1::ListIndicatorValuesRequest*,
                                   v1::ListIndicatorValuesResponse*) override;

 private:
  CallNotes* const notes_;
};

class FakeTargets final : public v1::TargetService::Service {
 public:
  explicit FakeTargets(CallNotes* notes) : notes_(notes) {}

  Unary<v1::ListTargetsRequest, v1::ListTargetsResponse> list_targets;
  Unary<v1::CheckTargetRequest, v1::CheckTargetResponse> check_target;
  Unary<v1::PauseTargetRequest, v1::Target> pause_target;
  Unary<v1::ResumeTargetRequest, v1::Target> resume_target;
  Unary<v1::ListReferenceIndicatorsRequest, v1::ListReferenceIndicatorsResponse> list_reference_indicators;
  Streaming<v1::WithdrawIndicatorRequest> withdraw_indicator;

  grpc::Status ListTargets(grpc::ServerContext*, const v1::ListTargetsRequest*,
                           v1::ListTargetsResponse*) override;
  grpc::Status CheckTarget(grpc::ServerContext*, const v1::CheckTargetRequest*,
                           v1::CheckTargetResponse*) override;
  grpc::Status PauseTarget(grpc::ServerContext*, const v1::PauseTargetRequest*, v1::Target*) override;
  grpc::Status ResumeTarget(grpc::ServerContext*, const v1::ResumeTargetRequest*, v1::Target*) override;
  grpc::Status ListReferenceIndicators(grpc::ServerContext*, const v1::ListReferenceIndicatorsRequest*,
                                       v1::ListReferenceIndicatorsResponse*) override;
  grpc::Status WithdrawIndicator(grpc::ServerContext*, const v1::WithdrawIndicatorRequest*,
                                 EventWriter*) override;

 private:
  CallNotes* const notes_;
};

class FakeAccounts final : public v1::AccountService::Service {
 public:
  explicit FakeAccounts(CallNotes* notes) : notes_(notes) {}

  Unary<v1::CreateAccountRequest, v1::Account> create_account;
  Unary<v1::ListAccountsRequest, v1::ListAccountsResponse> list_accounts;
  Unary<v1::UpdateAccountRequest, v1::Account> update_account;
  Unary<v1::DeleteAccountRequest, v1::DeleteAccountResponse> delete_account;

  grpc::Status CreateAccount(grpc::ServerContext*, const v1::CreateAccountRequest*, v1::Account*) override;
  grpc::Status ListAccounts(grpc::ServerContext*, const v1::ListAccountsRequest*,
                            v1::ListAccountsResponse*) override;
  grpc::Status UpdateAccount(grpc::ServerContext*, const v1::UpdateAccountRequest*, v1::Account*) override;
  grpc::Status DeleteAccount(grpc::ServerContext*, const v1::DeleteAccountRequest*,
                             v1::DeleteAccountResponse*) override;

 private:
  CallNotes* const notes_;
};

class FakeServer {
 public:
  explicit FakeServer(
      std::shared_ptr<grpc::ServerCredentials> credentials = grpc::InsecureServerCredentials());
  ~FakeServer();

  std::string address() const;
  // As the real one does when it stops: from now on NOT_SERVING.
  void StopAdvertising();

  CallNotes notes;
  FakeIntegration integration{&notes};
  FakeCatalog catalog{&notes};
  FakeTargets targets{&notes};
  FakeAccounts accounts{&notes};

 private:
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

// A status with the details that the real server sends.
grpc::Status RefusalStatus(grpc::StatusCode code, const std::string& reason, const std::string& message,
                           const std::string& field = "");

}  // namespace satudata::cli

#endif  // TESTS_UNIT_CLIENTS_CLI_FAKE_SERVER_H_
