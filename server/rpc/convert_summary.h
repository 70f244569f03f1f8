// File: convert_summary.h
//
// The summary, between the domain and the API. Pure and thread-safe.
#ifndef SERVER_RPC_CONVERT_SUMMARY_H_
#define SERVER_RPC_CONVERT_SUMMARY_H_

#include "satudata/integration/v1/integration_service.pb.h"
#include "server/catalog/messages.h"
#include "server/sync/summary.h"

namespace satudata::rpc {

namespace v1 = ::satudata::integration::v1;

// Requires a request that passed Validate.
sync::SummaryRequest FromProto(const v1::GetSummaryRequest& request);

v1::GetSummaryResponse ToProto(const sync::Summary& summary, catalog::Language language);

}  // namespace satudata::rpc

#endif  // SERVER_RPC_CONVERT_SUMMARY_H_
