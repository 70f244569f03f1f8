// File: call_handler.h
//
// The gRPC-Web side of the web server: a POST becomes a call of the gRPC server in this process.
#ifndef SERVER_WEB_CALL_HANDLER_H_
#define SERVER_WEB_CALL_HANDLER_H_

#include <grpcpp/channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <httplib.h>

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "server/web/bridged_call.h"
#include "server/web/live_calls.h"
#include "server/web/status_maker.h"

namespace satudata::web {

// Thread-safe. Must outlive the server that it answers for.
class CallHandler {
 public:
  struct Options {
    std::string service_prefix;  // Only services whose full name begins so.
    size_t max_calls = 128;      // Default: 128 at once; the next is RESOURCE_EXHAUSTED, TOO_MANY_STREAMS.
  };
  CallHandler(std::shared_ptr<grpc::Channel> channel, Options options, StatusMaker to_status);

  void Answer(const httplib::Request& request, httplib::Response& response,
              const httplib::ContentReader& reader);

  LiveCalls& live_calls() { return live_calls_; }

 private:
  absl::StatusOr<std::shared_ptr<BridgedCall>> StartCall(const httplib::Request& request,
                                                         absl::string_view body);

  const Options options_;
  const StatusMaker to_status_;
  grpc::GenericStub stub_;
  LiveCalls live_calls_;
};

}  // namespace satudata::web

#endif  // SERVER_WEB_CALL_HANDLER_H_
