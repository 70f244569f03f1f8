// File: client_core.h
//
// What the calls of a client have in common: stubs, metadata, deadline, repetition.
#ifndef CLIENTS_CPP_CLIENT_CORE_H_
#define CLIENTS_CPP_CLIENT_CORE_H_

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/support/status.h>

#include <chrono>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "clients/cpp/details.h"
#include "satudata/integration/options.h"
#include "satudata/integration/v1/account_service.grpc.pb.h"
#include "satudata/integration/v1/catalog_service.grpc.pb.h"
#include "satudata/integration/v1/integration_service.grpc.pb.h"
#include "satudata/integration/v1/target_service.grpc.pb.h"
#include "server/base/clock.h"
#include "server/base/random.h"

namespace satudata::integration {

// Time and chance, as tests replace them. Thread-safe; `clock` must outlive the client.
struct Surroundings {
  base::Clock* clock;
  base::Uniform uniform;
  // Waits, or until `stop`; whether it waited to the end.
  std::function<bool(absl::Duration, const std::stop_token& stop)> wait;
};

// The real ones.
const Surroundings& RealSurroundings();

enum class CallKind {
  kRead,   // Changes nothing, and may be repeated.
  kProbe,  // That, too, but waits for another system.
  kWrite
};

// A context that `stop` cancels, while this lives.
class StoppableContext {
 public:
  explicit StoppableContext(const std::stop_token& stop)
      : context_(std::make_shared<grpc::ClientContext>()),
        callback_(stop, [this] { context_->TryCancel(); }) {}

  const std::shared_ptr<grpc::ClientContext>& get() const { return context_; }
  grpc::ClientContext* operator->() const { return context_.get(); }

 private:
  const std::shared_ptr<grpc::ClientContext> context_;
  const std::stop_callback<std::function<void()>> callback_;
};

// Thread-safe.
class ClientCore {
 public:
  ClientCore(ClientOptions options, const std::shared_ptr<grpc::Channel>& channel, Surroundings surroundings);

  v1::IntegrationService::Stub& integration() { return *integration_; }
  v1::CatalogService::Stub& catalog() { return *catalog_; }
  v1::TargetService::Stub& targets() { return *targets_; }
  v1::AccountService::Stub& accounts() { return *accounts_; }
  const ClientOptions& options() const { return options_; }
  const Surroundings& surroundings() const { return surroundings_; }

  // Gives the context token and language.
  absl::Status Prepare(const CallOptions& options, grpc::ClientContext& context) const;

  // One answer; what may be repeated is, while the server is away, as long as the deadline allows.
  template <typename Stub, typename Request, typename Response>
  absl::StatusOr<Response> Unary(Stub& stub,
                                 grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                              Response*),
                                 CallKind kind, const Request& request, const CallOptions& options) const {
    Response response;
    const absl::Status status = Repeat(kind, options, [&](grpc::ClientContext& context) {
      response.Clear();
      return (stub.*method)(&context, request, &response);
    });
    if (!status.ok()) return status;
    return response;
  }

 private:
  using Call = std::function<grpc::Status(grpc::ClientContext&)>;

  absl::Status Repeat(CallKind kind, const CallOptions& options, const Call& call) const;

  const ClientOptions options_;
  const Surroundings surroundings_;
  const std::unique_ptr<v1::IntegrationService::Stub> integration_;
  const std::unique_ptr<v1::CatalogService::Stub> catalog_;
  const std::unique_ptr<v1::TargetService::Stub> targets_;
  const std::unique_ptr<v1::AccountService::Stub> accounts_;
};

}  // namespace satudata::integration

#endif  // CLIENTS_CPP_CLIENT_CORE_H_
