// File: finished_reactor.h
//
// The reactor of a streaming call that ends before it begins: refused callers, bad requests.
#ifndef SERVER_RPC_FINISHED_REACTOR_H_
#define SERVER_RPC_FINISHED_REACTOR_H_

#include <utility>

#include "grpcpp/support/server_callback.h"

namespace satudata::rpc {

// `Base` is grpc::ServerWriteReactor<...> or grpc::ServerReadReactor<...>. Deletes itself.
template <typename Base>
class FinishedReactor final : public Base {
 public:
  explicit FinishedReactor(grpc::Status status) { this->Finish(std::move(status)); }
  void OnDone() override { delete this; }
};

}  // namespace satudata::rpc

#endif  // SERVER_RPC_FINISHED_REACTOR_H_
