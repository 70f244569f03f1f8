// File: gate.h
//
// What every handler does first: who calls, may they, and in which language do they read. Identity comes from
// this call's metadata and nowhere else: what gRPC keeps per connection would mix callers that share one.
#ifndef SERVER_RPC_GATE_H_
#define SERVER_RPC_GATE_H_

#include <grpcpp/support/status.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "server/catalog/messages.h"
#include "server/rpc/authorizer.h"
#include "server/rpc/call_note.h"
#include "server/rpc/caller_rate.h"

namespace grpc {
class CallbackServerContext;
}

namespace satudata::rpc {

// An authorised call's author.
struct Caller {
  Principal principal;
  std::string counted_as;  // Whose limits this call counts against: the token's subject, else the address.
  catalog::Language language = catalog::Language::kIndonesian;
  std::string traceparent;         // W3C; empty when the call carries none that is well formed.
  std::shared_ptr<CallNote> note;  // What is told of this call when it ends; null: nothing is.
};

// What the call carries under `name`, as often as it does. Lives as long as the context.
std::vector<absl::string_view> MetadataOf(const grpc::CallbackServerContext& context, const char* name);

// From `accept-language`; Indonesian where the call names nothing.
catalog::Language LanguageOf(const grpc::CallbackServerContext& context);

// One service's gate. Thread-safe.
class Gate {
 public:
  // All must outlive the gate; `rate` null: calls are not counted; `notes` null: nobody asks who called.
  // `service`: its full name.
  Gate(const Authorizer& authorizer, CallerRate* rate, CallNotes* notes, absl::string_view service)
      : authorizer_(authorizer), rate_(rate), notes_(notes), service_(service) {}

  // The caller, if it may call `method` (`GetRun`). UNAUTHENTICATED or PERMISSION_DENIED otherwise, and
  // RESOURCE_EXHAUSTED with kTooManyCalls for one that calls too often, which those that are refused do, too.
  absl::StatusOr<Caller> Admit(const grpc::CallbackServerContext& context, absl::string_view method) const;

 private:
  std::shared_ptr<CallNote> NoteOf(const grpc::CallbackServerContext& context,
                                   const absl::StatusOr<Principal>& principal,
                                   absl::string_view traceparent) const;

  const Authorizer& authorizer_;
  CallerRate* const rate_;
  CallNotes* const notes_;
  const std::string service_;
};

}  // namespace satudata::rpc

#endif  // SERVER_RPC_GATE_H_
