// File: gate.h
//
// What every handler does first: who calls, may they, and in which language do they read. Identity comes from
// this call's metadata and nowhere else: what gRPC keeps per connection would mix callers that share one.
#ifndef SERVER_RPC_GATE_H_
#define SERVER_RPC_GATE_H_

#include <grpcpp/support/status.h>

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "server/catalog/messages.h"
#include "server/rpc/authorizer.h"

namespace grpc {
class CallbackServerContext;
}

namespace satudata::rpc {

// An authorised call's author.
struct Caller {
  Principal principal;
  catalog::Language language = catalog::Language::kIndonesian;
  std::string traceparent;  // W3C; empty when the call carries none that is well formed.
};

// What the call carries under `name`, as often as it does. Lives as long as the context.
std::vector<absl::string_view> MetadataOf(const grpc::CallbackServerContext& context, const char* name);

// From `accept-language`; Indonesian where the call names nothing.
catalog::Language LanguageOf(const grpc::CallbackServerContext& context);

// One service's gate. Thread-safe.
class Gate {
 public:
  // `authorizer` must outlive the gate. `service`: its full name.
  Gate(const Authorizer& authorizer, absl::string_view service)
      : authorizer_(authorizer), service_(service) {}

  // The caller, if it may call `method` (`GetRun`). UNAUTHENTICATED or PERMISSION_DENIED otherwise.
  absl::StatusOr<Caller> Admit(const grpc::CallbackServerContext& context, absl::string_view method) const;

 private:
  const Authorizer& authorizer_;
  const std::string service_;
};

}  // namespace satudata::rpc

#endif  // SERVER_RPC_GATE_H_
