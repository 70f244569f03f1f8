// File: status.h
//
// The one way from a domain error to the status on the wire. Thread-safe.
#ifndef SERVER_RPC_STATUS_H_
#define SERVER_RPC_STATUS_H_

#include <grpcpp/support/status.h>

#include <string>

#include "absl/status/status.h"
#include "server/catalog/failure.h"
#include "server/catalog/messages.h"

namespace satudata::rpc {

// The domain of our reasons in google.rpc.ErrorInfo.
inline constexpr char kErrorDomain[] = "integration.satudata";

// OK for OK. Otherwise the status's code, its failure worded in `language`, and in the details
// google.rpc.ErrorInfo {reason, domain, metadata = arguments}, BadRequest where a field is to blame,
// RetryInfo on RESOURCE_EXHAUSTED and UNAVAILABLE. A status without a failure is a defect of ours: it is
// logged as it is and leaves as INTERNAL, without its text.
grpc::Status ToGrpcStatus(const absl::Status& status, catalog::Language language);

// The reason that ToGrpcStatus put into a status; empty for a status without one.
std::string ReasonOf(const grpc::Status& status);

// FailureStatus and ToGrpcStatus in one.
grpc::Status GrpcFailure(absl::StatusCode code, catalog::Failure failure, catalog::Language language);

}  // namespace satudata::rpc

#endif  // SERVER_RPC_STATUS_H_
