// File: call_meter.h
//
// Tells a listener about every call that ended: which method, which code, how long. The one place that uses
// gRPC's interceptors, whose interface is experimental.
#ifndef SERVER_RPC_CALL_METER_H_
#define SERVER_RPC_CALL_METER_H_

#include <grpcpp/support/server_interceptor.h>

#include <functional>
#include <memory>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/base/clock.h"
#include "server/rpc/call_note.h"

namespace satudata::rpc {

struct EndedCall {
  std::string method;      // `satudata.integration.v1.IntegrationService/GetRun`; `unknown`: none of ours.
  absl::string_view code;  // `OK`, `NOT_FOUND`.
  std::string reason;      // Why, where we said so: `RUN_NOT_FOUND`.
  absl::Duration duration;
  int64_t received = 0;  // Messages.
  int64_t sent = 0;
  CallFacts facts;  // Where notes are taken.
};

// Called from gRPC's threads: quick and thread-safe. A stream counts when it ends.
using CallListener = std::function<void(const EndedCall& call)>;

// `notes`, null where nobody asks who called, and `clock` must outlive the server.
std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface> MakeCallMeter(CallListener listener,
                                                                                     CallNotes* notes,
                                                                                     base::Clock& clock);

// `NOT_FOUND` for grpc::StatusCode::NOT_FOUND.
absl::string_view CodeName(int code);

}  // namespace satudata::rpc

#endif  // SERVER_RPC_CALL_METER_H_
