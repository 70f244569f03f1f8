// File: call_meter.h
//
// Tells a listener about every call that ended: which method, which code, how long. The one place that uses
// gRPC's interceptors, whose interface is experimental.
#ifndef SERVER_RPC_CALL_METER_H_
#define SERVER_RPC_CALL_METER_H_

#include <grpcpp/support/server_interceptor.h>

#include <functional>
#include <memory>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/base/clock.h"

namespace satudata::rpc {

// `method` is `satudata.integration.v1.IntegrationService/GetRun`, `code` is `OK` or `NOT_FOUND`. Called from
// gRPC's threads: quick and thread-safe. A stream counts when it ends.
using CallListener =
    std::function<void(absl::string_view method, absl::string_view code, absl::Duration duration)>;

// `clock` must outlive the server.
std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface> MakeCallMeter(CallListener listener,
                                                                                     base::Clock& clock);

// `NOT_FOUND` for grpc::StatusCode::NOT_FOUND.
absl::string_view CodeName(int code);

}  // namespace satudata::rpc

#endif  // SERVER_RPC_CALL_METER_H_
