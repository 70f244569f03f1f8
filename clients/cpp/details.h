// File: details.h
//
// What the status of a call says beside its code and message, and whether the call may be made again. Pure
// functions.
#ifndef CLIENTS_CPP_DETAILS_H_
#define CLIENTS_CPP_DETAILS_H_

#include <grpcpp/support/status.h>

#include "absl/status/status.h"
#include "satudata/integration/error.h"

namespace satudata::integration {

ErrorDetails ReadDetails(const grpc::Status& status);

// With its details, for DetailsOf.
absl::Status ToStatus(const grpc::Status& status);

// Whether the server itself is away for a moment; UNAVAILABLE also says that a target is.
bool IsServerAway(const grpc::Status& status, const ErrorDetails& details);

// Whether a stream that ended so may be picked up again: the connection or the server went, not the run.
bool IsStreamLost(const grpc::Status& status, const ErrorDetails& details);

// Whether the server did not even look at it, since the caller calls too often.
bool IsTooFast(const ErrorDetails& details);

}  // namespace satudata::integration

#endif  // CLIENTS_CPP_DETAILS_H_
