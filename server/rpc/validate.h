// File: validate.h
//
// What must hold of a request before anything is done with it, for every method in one place. Pure and
// thread-safe. All return INVALID_ARGUMENT with kFieldRequired, kFieldInvalid, kPageSizeInvalid or
// kMessageTooLarge; a field is named by its path in the request. Whether a target, a file or a page token
// exists is not decided here.
#ifndef SERVER_RPC_VALIDATE_H_
#define SERVER_RPC_VALIDATE_H_

#include <cstdint>

#include "absl/status/status.h"
#include "satudata/integration/v1/account_service.pb.h"
#include "satudata/integration/v1/catalog_service.pb.h"
#include "satudata/integration/v1/integration_service.pb.h"
#include "satudata/integration/v1/session_service.pb.h"
#include "satudata/integration/v1/target_service.pb.h"

namespace satudata::rpc {

namespace v1 = ::satudata::integration::v1;

// What a list may be filtered by is no longer than this.
inline constexpr int kMaxFilterBytes = 512;

absl::Status Validate(const v1::SyncFileRequest& request);
absl::Status Validate(const v1::SyncAllRequest& request);
absl::Status Validate(const v1::WatchRunRequest& request);
absl::Status Validate(const v1::RetryRunRequest& request);
absl::Status Validate(const v1::GetRunRequest& request);
absl::Status Validate(const v1::ListRunsRequest& request);
absl::Status Validate(const v1::CancelRunRequest& request);
absl::Status Validate(const v1::ListDeliveriesRequest& request);
absl::Status Validate(const v1::GetDeliveryRequest& request);
absl::Status Validate(const v1::GetFileStatusRequest& request);
absl::Status Validate(const v1::GetSummaryRequest& request);

absl::Status Validate(const v1::UpsertFileRequest& request);
absl::Status Validate(const v1::ImportFilesRequest& request);
absl::Status Validate(const v1::UploadContentRequest& request);
absl::Status Validate(const v1::GetFileRequest& request);
absl::Status Validate(const v1::ListFilesRequest& request);
absl::Status Validate(const v1::GetCatalogSummaryRequest& request);
absl::Status Validate(const v1::DeleteFileRequest& request);
absl::Status Validate(const v1::SetVerificationRequest& request);
absl::Status Validate(const v1::ListIndicatorValuesRequest& request);

absl::Status Validate(const v1::ListTargetsRequest& request);
absl::Status Validate(const v1::CheckTargetRequest& request);
absl::Status Validate(const v1::PauseTargetRequest& request);
absl::Status Validate(const v1::ResumeTargetRequest& request);
absl::Status Validate(const v1::ListReferenceIndicatorsRequest& request);
absl::Status Validate(const v1::WithdrawIndicatorRequest& request);

absl::Status Validate(const v1::GetSignInOptionsRequest& request);
absl::Status Validate(const v1::SignInRequest& request);
absl::Status Validate(const v1::AdoptTokenRequest& request);
absl::Status Validate(const v1::RefreshSessionRequest& request);
absl::Status Validate(const v1::SignOutRequest& request);

// A password is never quoted.
absl::Status Validate(const v1::CreateAccountRequest& request);
absl::Status Validate(const v1::ListAccountsRequest& request);
absl::Status Validate(const v1::UpdateAccountRequest& request);
absl::Status Validate(const v1::DeleteAccountRequest& request);

// How many items a page has: 50 for 0, at most 1,000. Requires a size that passed Validate.
int64_t PageLimit(int32_t page_size);

}  // namespace satudata::rpc

#endif  // SERVER_RPC_VALIDATE_H_
