// File: unary_call.h
//
// A unary method that is answered later, by an executor: no reaction of gRPC ever waits for the store.
//
// Claim, fill, finish: whoever claims the call alone may touch the response and call Finish. A cancelled call
// is finished at once by OnCancel, without help of the executor; work that comes too late touches nothing.
#ifndef SERVER_RPC_UNARY_CALL_H_
#define SERVER_RPC_UNARY_CALL_H_

#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>

#include <atomic>
#include <functional>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/base/executor.h"
#include "server/base/trace.h"
#include "server/rpc/gate.h"
#include "server/rpc/status.h"
#include "server/rpc/validate.h"

namespace satudata::rpc {

// The answer to a call for which the executor has no room.
inline grpc::Status Overloaded(catalog::Language language) {
  return GrpcFailure(absl::StatusCode::kResourceExhausted, {.reason = catalog::Reason::kOverloaded},
                     language);
}

// Thread-safe. Owns itself from Start to OnDone.
template <typename Response>
class UnaryCall final : public grpc::ServerUnaryReactor,
                        public std::enable_shared_from_this<UnaryCall<Response>> {
 public:
  using Work = std::function<absl::StatusOr<Response>()>;
  // Called after `work`, before the call is finished, and only while it still can be: for what is said in its
  // initial metadata.
  using Announce = std::function<void()>;

  // Runs `work` on `executor` and finishes the call with what it returns. `work` owns all that it needs: the
  // request may be gone when it runs. `*response` is gRPC's.
  static grpc::ServerUnaryReactor* Start(base::Executor& executor, catalog::Language language,
                                         Response* response, Work work, Announce announce = nullptr) {
    auto call = std::make_shared<UnaryCall>(language, response, std::move(announce));
    call->self_ = call;
    if (!executor.Execute([call, work = std::move(work)] { call->Run(work); })) {
      call->FinishOnce(Overloaded(language));
    }
    return call.get();
  }

  UnaryCall(catalog::Language language, Response* response, Announce announce)
      : language_(language), response_(response), announce_(std::move(announce)) {}

 private:
  void Run(const Work& work) {
    if (claimed_.load()) return;  // Cancelled while it waited.
    absl::StatusOr<Response> result = work();
    if (claimed_.exchange(true)) return;
    if (announce_ != nullptr) announce_();
    if (result.ok()) *response_ = *std::move(result);
    this->Finish(ToGrpcStatus(result.status(), language_));
  }

  void FinishOnce(grpc::Status status) {
    if (!claimed_.exchange(true)) this->Finish(std::move(status));
  }

  void OnCancel() override { FinishOnce(grpc::Status::CANCELLED); }
  void OnDone() override { const auto last = std::move(self_); }

  const catalog::Language language_;
  Response* const response_;
  const Announce announce_;
  std::atomic<bool> claimed_ = false;
  std::shared_ptr<UnaryCall> self_;  // gRPC's reference.
};

inline grpc::ServerUnaryReactor* FinishedUnary(grpc::CallbackServerContext* context, grpc::Status status) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  reactor->Finish(std::move(status));
  return reactor;
}

// The whole of a unary handler: admit the caller, validate, and run `work` on `executor`.
template <typename Request, typename Response, typename Work>
grpc::ServerUnaryReactor* ServeUnary(const Gate& gate, base::Executor& executor,
                                     grpc::CallbackServerContext* context, absl::string_view method,
                                     const Request* request, Response* response, Work work) {
  absl::StatusOr<Caller> caller = gate.Admit(*context, method);
  if (!caller.ok()) return FinishedUnary(context, ToGrpcStatus(caller.status(), LanguageOf(*context)));
  const catalog::Language language = caller->language;
  if constexpr (requires { request->run_id(); }) {
    if (caller->note != nullptr) caller->note->SetRun(request->run_id());
  }
  if (absl::Status status = Validate(*request); !status.ok()) {
    return FinishedUnary(context, ToGrpcStatus(status, language));
  }
  return UnaryCall<Response>::Start(executor, language, response,
                                    [work = std::move(work), caller = *std::move(caller),
                                     request = *request]() -> absl::StatusOr<Response> {
                                      const base::TraceScope trace(caller.traceparent);
                                      return work(caller, request);
                                    });
}

}  // namespace satudata::rpc

#endif  // SERVER_RPC_UNARY_CALL_H_
