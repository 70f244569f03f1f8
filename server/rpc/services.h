// File: services.h
//
// The services of the API. They authorise, validate, convert and ask the domain; they hold no rule of
// it. gRPC does not own services: each must outlive the server that it is registered with.
#ifndef SERVER_RPC_SERVICES_H_
#define SERVER_RPC_SERVICES_H_

#include <grpcpp/impl/service_type.h>

#include <memory>
#include <string>

#include "absl/time/time.h"
#include "server/access/accounts.h"
#include "server/access/sessions.h"
#include "server/base/clock.h"
#include "server/base/executor.h"
#include "server/catalog/catalog.h"
#include "server/rpc/authorizer.h"
#include "server/rpc/call_note.h"
#include "server/rpc/caller_rate.h"
#include "server/rpc/session_cookie.h"
#include "server/rpc/stream_registry.h"
#include "server/sync/engine.h"
#include "server/sync/store.h"
#include "server/sync/summary_reader.h"

namespace satudata::rpc {

// All must outlive the services.
struct ServiceDependencies {
  const Authorizer* authorizer;
  sync::Engine* engine;
  sync::Store* store;
  catalog::Catalog* catalog;
  base::Executor* executor;       // For what waits for the store.
  base::Executor* slow_executor;  // For what waits for a target, or for a long import.
  StreamRegistry* run_streams;
  StreamRegistry* imports;
  base::Clock* clock;
  sync::SummaryReader* summary;
  CallerRate* caller_rate = nullptr;  // Null: callers' calls are not counted.
  CallNotes* notes = nullptr;         // Null: nobody asks who called.
};

struct ImportLimits {
  // Default: 60 s. A client that sends nothing for so long is ended.
  absl::Duration stall = absl::Seconds(60);
};

// What signing in needs. All must outlive the services.
struct AccessDependencies {
  const Authorizer* authorizer;
  access::Sessions* sessions;
  access::Accounts* accounts;
  base::Executor* executor;           // For what waits for the store.
  base::Executor* password_executor;  // For what hashes a password; it says how many at once.
  base::Clock* clock;
  CallerRate* caller_rate = nullptr;  // As above.
  CallNotes* notes = nullptr;
};

struct SessionServiceOptions {
  std::string jwt_secret;  // Access tokens are signed with it.
  std::string portal_url;  // Empty: no portal.
  CookieTransport cookie_transport = CookieTransport::kTlsOnly;
};

std::unique_ptr<grpc::Service> MakeIntegrationService(const ServiceDependencies& dependencies);
std::unique_ptr<grpc::Service> MakeCatalogService(const ServiceDependencies& dependencies,
                                                  ImportLimits limits);
std::unique_ptr<grpc::Service> MakeTargetService(const ServiceDependencies& dependencies);
std::unique_ptr<grpc::Service> MakeSessionService(const AccessDependencies& dependencies,
                                                  SessionServiceOptions options);
std::unique_ptr<grpc::Service> MakeAccountService(const AccessDependencies& dependencies);

}  // namespace satudata::rpc

#endif  // SERVER_RPC_SERVICES_H_
