// File: rpc_fixture.h
//
// The real edge (server, services, authorisation, executors) over a scripted engine, called through
// InProcessChannel, which buffers nothing and so shows backpressure exactly.
#ifndef TESTS_INTEGRATION_RPC_FIXTURE_H_
#define TESTS_INTEGRATION_RPC_FIXTURE_H_

#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "satudata/integration/v1/account_service.grpc.pb.h"
#include "satudata/integration/v1/catalog_service.grpc.pb.h"
#include "satudata/integration/v1/integration_service.grpc.pb.h"
#include "satudata/integration/v1/session_service.grpc.pb.h"
#include "satudata/integration/v1/target_service.grpc.pb.h"
#include "server/access/accounts.h"
#include "server/access/sessions.h"
#include "server/base/clock.h"
#include "server/base/executor.h"
#include "server/rpc/grpc_server.h"
#include "server/rpc/services.h"
#include "server/rpc/stream_registry.h"
#include "tests/fakes/fake_engine.h"

namespace satudata::rpc {

namespace v1 = ::satudata::integration::v1;

inline constexpr char kTestSecret[] = "the secret of these tests";

struct RpcOptions {
  size_t max_run_streams = 100;
  size_t max_streams_each = 100;
  CallerRate::Limits call_limits = {.per_second = 0};
  int threads = 4;
  size_t queue_limit = 1000;
  ImportLimits import_limits;
  CallListener call_listener;
  // What stands behind the catalogue and the lists; tests that need neither leave both null.
  sync::Store* store = nullptr;
  catalog::Catalog* catalog = nullptr;
  access::AccountStore* accounts = nullptr;  // Null: signing in is not there.
  std::string portal_url;
  base::Clock* clock = nullptr;        // Null: the system's.
  std::vector<sync::Target*> targets;  // As the summary knows them; the engine's are scripted.
  Reflection reflection = Reflection::kOn;
  absl::Duration connection_age = absl::InfiniteDuration();
  absl::Duration connection_grace = absl::InfiniteDuration();
  absl::Duration connection_idle = absl::InfiniteDuration();
};

// Owns the server and all that it needs. Calls must be over before it is destroyed, or they are cancelled.
class RpcEdge {
 public:
  explicit RpcEdge(RpcOptions options = {})
      : engine_({"sipd", "splp"}),
        executor_({.name = "rpc", .threads = options.threads, .queue_limit = options.queue_limit}),
        slow_executor_({.name = "slow", .threads = 2, .queue_limit = 16}),
        password_executor_({.name = "password", .threads = 2, .queue_limit = 16}),
        run_streams_({options.max_run_streams, options.max_streams_each}),
        imports_({.all = 2}),
        clock_(options.clock != nullptr ? *options.clock : system_clock_),
        caller_rate_(options.call_limits, clock_),
        authorizer_({.secret = kTestSecret}, access::RoleDirectory({{"budi", access::Role::kViewer}}),
                    clock_) {
    if (options.store != nullptr) {
      summary_ = std::make_unique<sync::SummaryReader>(*options.store, options.targets, clock_);
    }
    const ServiceDependencies dependencies{&authorizer_, &engine_,        options.store, options.catalog,
                                           &executor_,   &slow_executor_, &run_streams_, &imports_,
                                           &clock_,      summary_.get(),  &caller_rate_};
    services_.push_back(MakeIntegrationService(dependencies));
    services_.push_back(MakeCatalogService(dependencies, options.import_limits));
    services_.push_back(MakeTargetService(dependencies));
    if (options.accounts != nullptr) AddSignIn(options);
    std::vector<grpc::Service*> pointers;
    for (const auto& service : services_) pointers.push_back(service.get());
    auto server = StartGrpcServer({.reflection = options.reflection,
                                   .connection_age = options.connection_age,
                                   .connection_grace = options.connection_grace,
                                   .connection_idle = options.connection_idle},
                                  pointers, options.call_listener, clock_);
    EXPECT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    channel_ = server_->InProcessChannel();
  }
  ~RpcEdge() {
    server_->Shutdown(absl::ZeroDuration());
    executor_.Shutdown();
    slow_executor_.Shutdown();
    password_executor_.Shutdown();
  }

  fakes::FakeEngine& engine() { return engine_; }
  StreamRegistry& run_streams() { return run_streams_; }
  GrpcServer& server() { return *server_; }
  base::Executor& password_executor() { return password_executor_; }
  const std::shared_ptr<grpc::Channel>& channel() { return channel_; }
  std::unique_ptr<v1::IntegrationService::Stub> integration() {
    return v1::IntegrationService::NewStub(channel_);
  }
  std::unique_ptr<v1::CatalogService::Stub> catalog() { return v1::CatalogService::NewStub(channel_); }
  std::unique_ptr<v1::TargetService::Stub> targets() { return v1::TargetService::NewStub(channel_); }
  std::unique_ptr<v1::SessionService::Stub> sessions() { return v1::SessionService::NewStub(channel_); }
  std::unique_ptr<v1::AccountService::Stub> accounts() { return v1::AccountService::NewStub(channel_); }

  // Gives `context` a token of that role, of the user with this id.
  void SignIn(grpc::ClientContext& context, absl::string_view role, const std::string& id = "1") {
    const std::string token = SignJwt(
        {.id = id, .username = "siti", .role = std::string(role), .expiry = clock_.Now() + absl::Hours(1)},
        kTestSecret, clock_.Now());
    context.AddMetadata("authorization", "Bearer " + token);
  }

 private:
  void AddSignIn(const RpcOptions& options) {
    accounts_ = std::make_unique<access::Accounts>(*options.accounts, clock_);
    sessions_ = std::make_unique<access::Sessions>(*options.accounts, clock_, access::SessionOptions());
    const AccessDependencies dependencies{&authorizer_,        sessions_.get(), accounts_.get(), &executor_,
                                          &password_executor_, &clock_,         &caller_rate_};
    services_.push_back(
        MakeSessionService(dependencies, {.jwt_secret = kTestSecret, .portal_url = options.portal_url}));
    services_.push_back(MakeAccountService(dependencies));
  }

  base::SystemClock system_clock_;
  fakes::FakeEngine engine_;
  base::ThreadPool executor_;
  base::ThreadPool slow_executor_;
  base::ThreadPool password_executor_;
  StreamRegistry run_streams_;
  StreamRegistry imports_;
  base::Clock& clock_;
  CallerRate caller_rate_;
  const Authorizer authorizer_;
  std::unique_ptr<access::Accounts> accounts_;
  std::unique_ptr<access::Sessions> sessions_;
  std::unique_ptr<sync::SummaryReader> summary_;
  std::vector<std::unique_ptr<grpc::Service>> services_;
  std::unique_ptr<GrpcServer> server_;
  std::shared_ptr<grpc::Channel> channel_;
};

}  // namespace satudata::rpc

#endif  // TESTS_INTEGRATION_RPC_FIXTURE_H_
