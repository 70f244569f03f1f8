// File: client.h
//
// The service's API from a C++ program: typed calls that have a deadline, are repeated where that is safe,
// and carry token and language; runs that are followed through broken connections.
//
//   const auto client = Connect({.address = "integration:50051", .token = TokenFromFile("/run/token")});
//   if (!client.ok()) return client.status();
//   v1::SyncFileRequest request;
//   request.set_file_id(file_id);
//   const absl::StatusOr<v1::Run> run = (*client)->SyncFile(request)->Result();
#ifndef CLIENTS_CPP_INCLUDE_SATUDATA_INTEGRATION_CLIENT_H_
#define CLIENTS_CPP_INCLUDE_SATUDATA_INTEGRATION_CLIENT_H_

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "satudata/integration/error.h"
#include "satudata/integration/options.h"
#include "satudata/integration/pages.h"
#include "satudata/integration/run_stream.h"
#include "satudata/integration/token.h"
#include "satudata/integration/v1/account_service.pb.h"
#include "satudata/integration/v1/catalog_service.pb.h"
#include "satudata/integration/v1/integration_service.pb.h"
#include "satudata/integration/v1/target_service.pb.h"

namespace satudata::integration {

class ClientCore;

// The next piece of what is sent, of any size; empty at its end. An error gives the upload up.
using PieceSource = std::function<absl::StatusOr<std::string>()>;

// Thread-safe. Errors are the server's, with their details (error.h); UNAVAILABLE and DEADLINE_EXCEEDED
// without a reason are the connection's.
//
// What reads is asked for again while the server is away, within its deadline. The start of a run is, too: it
// carries a request_id, yours or a fresh one, by which it attaches to the run that it began. Nothing else
// that changes something is sent twice, unless the server refused it for coming too fast.
class Client {
 public:
  explicit Client(std::unique_ptr<ClientCore> core);
  ~Client();

  // What runs are doing, and what they did.
  absl::StatusOr<v1::Run> GetRun(const v1::GetRunRequest& request, const CallOptions& options = {});
  absl::StatusOr<v1::ListRunsResponse> ListRuns(const v1::ListRunsRequest& request,
                                                const CallOptions& options = {});
  absl::StatusOr<v1::Run> CancelRun(const v1::CancelRunRequest& request, const CallOptions& options = {});
  absl::StatusOr<v1::ListDeliveriesResponse> ListDeliveries(const v1::ListDeliveriesRequest& request,
                                                            const CallOptions& options = {});
  absl::StatusOr<v1::GetDeliveryResponse> GetDelivery(const v1::GetDeliveryRequest& request,
                                                      const CallOptions& options = {});
  absl::StatusOr<v1::GetFileStatusResponse> GetFileStatus(const v1::GetFileStatusRequest& request,
                                                          const CallOptions& options = {});
  absl::StatusOr<v1::GetSummaryResponse> GetSummary(const v1::GetSummaryRequest& request,
                                                    const CallOptions& options = {});

  // The catalogue.
  absl::StatusOr<v1::CatalogFile> UpsertFile(const v1::UpsertFileRequest& request,
                                             const CallOptions& options = {});
  absl::StatusOr<v1::CatalogFile> GetFile(const v1::GetFileRequest& request, const CallOptions& options = {});
  absl::StatusOr<v1::ListFilesResponse> ListFiles(const v1::ListFilesRequest& request,
                                                  const CallOptions& options = {});
  absl::StatusOr<v1::GetCatalogSummaryResponse> GetCatalogSummary(const v1::GetCatalogSummaryRequest& request,
                                                                  const CallOptions& options = {});
  absl::StatusOr<v1::DeleteFileResponse> DeleteFile(const v1::DeleteFileRequest& request,
                                                    const CallOptions& options = {});
  absl::StatusOr<v1::CatalogFile> SetVerification(const v1::SetVerificationRequest& request,
                                                  const CallOptions& options = {});
  absl::StatusOr<v1::ListIndicatorValuesResponse> ListIndicatorValues(
      const v1::ListIndicatorValuesRequest& request, const CallOptions& options = {});

  // The targets.
  absl::StatusOr<v1::ListTargetsResponse> ListTargets(const v1::ListTargetsRequest& request,
                                                      const CallOptions& options = {});
  absl::StatusOr<v1::CheckTargetResponse> CheckTarget(const v1::CheckTargetRequest& request,
                                                      const CallOptions& options = {});
  absl::StatusOr<v1::Target> PauseTarget(const v1::PauseTargetRequest& request,
                                         const CallOptions& options = {});
  absl::StatusOr<v1::Target> ResumeTarget(const v1::ResumeTargetRequest& request,
                                          const CallOptions& options = {});
  absl::StatusOr<v1::ListReferenceIndicatorsResponse> ListReferenceIndicators(
      const v1::ListReferenceIndicatorsRequest& request, const CallOptions& options = {});

  // The accounts.
  absl::StatusOr<v1::Account> CreateAccount(const v1::CreateAccountRequest& request,
                                            const CallOptions& options = {});
  absl::StatusOr<v1::ListAccountsResponse> ListAccounts(const v1::ListAccountsRequest& request,
                                                        const CallOptions& options = {});
  absl::StatusOr<v1::Account> UpdateAccount(const v1::UpdateAccountRequest& request,
                                            const CallOptions& options = {});
  absl::StatusOr<v1::DeleteAccountResponse> DeleteAccount(const v1::DeleteAccountRequest& request,
                                                          const CallOptions& options = {});
  // Start a run and follow it; nothing goes out before it is read.
  std::unique_ptr<RunStream> SyncFile(v1::SyncFileRequest request, const CallOptions& options = {});
  std::unique_ptr<RunStream> SyncAll(v1::SyncAllRequest request, const CallOptions& options = {});
  std::unique_ptr<RunStream> RetryRun(v1::RetryRunRequest request, const CallOptions& options = {});
  std::unique_ptr<RunStream> WithdrawIndicator(v1::WithdrawIndicatorRequest request,
                                               const CallOptions& options = {});
  // Follows one that is there, from after `after_sequence`.
  std::unique_ptr<RunStream> WatchRun(v1::WatchRunRequest request, const CallOptions& options = {});

  // Takes the portal's `mongoexport` output, and says what became of it and which lines were refused.
  absl::StatusOr<v1::ImportFilesResponse> ImportFiles(const PieceSource& source,
                                                      const CallOptions& options = {});
  // Stores a file's content; `head` with its sha256 or its size_bytes.
  absl::StatusOr<v1::UploadContentResponse> UploadContent(const v1::UploadContentHead& head,
                                                          const PieceSource& source,
                                                          const CallOptions& options = {});

 private:
  const std::unique_ptr<ClientCore> core_;
};

// Connects when it is first used, and again whenever that is needed. INVALID_ARGUMENT for a token or a
// certificate that cannot be one.
absl::StatusOr<std::unique_ptr<Client>> Connect(ClientOptions options);

}  // namespace satudata::integration

#endif  // CLIENTS_CPP_INCLUDE_SATUDATA_INTEGRATION_CLIENT_H_
