// File: convert_run.h
//
// Runs, their deliveries and what happens to them, between the domain and the API. Pure and thread-safe.
#ifndef SERVER_RPC_CONVERT_RUN_H_
#define SERVER_RPC_CONVERT_RUN_H_

#include "satudata/integration/v1/integration_service.pb.h"
#include "satudata/integration/v1/target_service.pb.h"
#include "server/catalog/messages.h"
#include "server/sync/run.h"
#include "server/sync/store.h"

namespace satudata::rpc {

namespace v1 = ::satudata::integration::v1;

v1::Run ToProto(const sync::Run& run, catalog::Language language);
v1::Delivery ToProto(const sync::Delivery& delivery, catalog::Language language);
v1::Record ToProto(const sync::Record& record, catalog::Language language);
v1::Progress ToProto(const sync::Progress& progress, catalog::Language language);
v1::FileTargetStatus ToProto(const sync::FileTargetStatus& status, catalog::Language language);

// With its records and attempts. Bodies of attempts are left out, oldest first, once 2 MiB of them are in it:
// clients take messages of 4 MiB.
v1::GetDeliveryResponse ToProto(const sync::DeliveryDetail& detail, catalog::Language language);

// Overwrites `*out`, whose memory is used again.
void ToProto(const sync::RunEvent& event, catalog::Language language, v1::RunEvent* out);

// Requires a request that passed Validate.
sync::DeliveryFilter FromProto(const v1::ListDeliveriesRequest& request);

// Without `targets`, `requested_by` and `traceparent`, which are not the request's to say.
sync::SyncRequest FromProto(const v1::SyncFileRequest& request);
sync::SyncRequest FromProto(const v1::SyncAllRequest& request);
sync::SyncRequest FromProto(const v1::RetryRunRequest& request);
sync::SyncRequest FromProto(const v1::WithdrawIndicatorRequest& request);

}  // namespace satudata::rpc

#endif  // SERVER_RPC_CONVERT_RUN_H_
