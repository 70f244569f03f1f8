#include "server/rpc/grpc_server.h"

#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/impl/server_builder_option.h>
#include <grpcpp/impl/server_builder_plugin.h>

#include <algorithm>
#include <chrono>
#include <climits>
#include <cstdint>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "satudata/integration/v1/account_service.grpc.pb.h"
#include "satudata/integration/v1/catalog_service.grpc.pb.h"
#include "satudata/integration/v1/integration_service.grpc.pb.h"
#include "satudata/integration/v1/session_service.grpc.pb.h"
#include "satudata/integration/v1/target_service.grpc.pb.h"

namespace satudata::rpc {
namespace {

namespace v1 = ::satudata::integration::v1;

// Clients ping every 20 s at most; more often than this gets them GOAWAY "too_many_pings".
constexpr int kMinClientPingIntervalMs = 10'000;

std::string HostAndPort(absl::string_view host, int port) {
  return absl::StrContains(host, ':') ? absl::StrCat("[", host, "]:", port) : absl::StrCat(host, ":", port);
}

// gRPC takes its largest number for no limit.
int MillisecondsOf(absl::Duration time) {
  return static_cast<int>(std::min<int64_t>(absl::ToInt64Milliseconds(time), INT_MAX));
}

void ApplyConnectionTimes(const GrpcServerOptions& options, grpc::ServerBuilder* builder) {
  for (const auto& [name, time] : {std::pair(GRPC_ARG_KEEPALIVE_TIME_MS, options.keepalive),
                                   std::pair(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, options.keepalive_timeout),
                                   std::pair(GRPC_ARG_MAX_CONNECTION_AGE_MS, options.connection_age),
                                   std::pair(GRPC_ARG_MAX_CONNECTION_AGE_GRACE_MS, options.connection_grace),
                                   std::pair(GRPC_ARG_MAX_CONNECTION_IDLE_MS, options.connection_idle)}) {
    builder->AddChannelArgument(name, MillisecondsOf(time));
  }
}

void ApplyLimits(const GrpcServerOptions& options, grpc::ServerBuilder* builder) {
  builder->SetMaxReceiveMessageSize(options.max_message_bytes);
  // Otherwise a second server on the same port starts, and each gets half of the connections.
  builder->AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder->AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, options.max_metadata_bytes);
  builder->AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, options.max_concurrent_streams);
  ApplyConnectionTimes(options, builder);
  builder->AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder->AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS,
                              kMinClientPingIntervalMs);
}

// Linking the reflection library is enough to turn it on, in every server of the process; this takes it out.
class WithoutReflection final : public grpc::ServerBuilderOption {
 public:
  void UpdateArguments(grpc::ChannelArguments*) override {}
  void UpdatePlugins(std::vector<std::unique_ptr<grpc::ServerBuilderPlugin>>* plugins) override {
    plugins->erase(
        std::remove_if(plugins->begin(), plugins->end(),
                       [](const auto& plugin) { return absl::StrContains(plugin->name(), "reflection"); }),
        plugins->end());
  }
};

void AddCallMeter(CallListener listener, CallNotes* notes, base::Clock& clock, grpc::ServerBuilder* builder) {
  if (listener == nullptr) return;
  std::vector<std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface>> meters;
  meters.push_back(MakeCallMeter(std::move(listener), notes, clock));
  builder->experimental().SetInterceptorCreators(std::move(meters));
}

class GrpcServerImpl final : public GrpcServer {
 public:
  GrpcServerImpl(std::shared_ptr<grpc::ServerCredentials> credentials, std::unique_ptr<grpc::Server> server,
                 std::string host, int port)
      : credentials_(std::move(credentials)),
        server_(std::move(server)),
        host_(std::move(host)),
        port_(port) {
    grpc::HealthCheckServiceInterface* health = server_->GetHealthCheckService();
    for (const char* service :
         {v1::IntegrationService::service_full_name(), v1::CatalogService::service_full_name(),
          v1::TargetService::service_full_name(), v1::SessionService::service_full_name(),
          v1::AccountService::service_full_name()}) {
      health->SetServingStatus(service, true);
    }
  }
  ~GrpcServerImpl() override { Shutdown(absl::ZeroDuration()); }

  int port() const override { return port_; }
  std::string address() const override { return HostAndPort(host_, port_); }
  void StopAdvertising() override { server_->GetHealthCheckService()->Shutdown(); }
  void Shutdown(absl::Duration grace) override {
    server_->Shutdown(std::chrono::system_clock::now() + absl::ToChronoMicroseconds(grace));
  }
  std::shared_ptr<grpc::Channel> InProcessChannel() override {
    return server_->InProcessChannel(grpc::ChannelArguments());
  }

 private:
  const std::shared_ptr<grpc::ServerCredentials> credentials_;  // Asked at each handshake.
  const std::unique_ptr<grpc::Server> server_;
  const std::string host_;
  const int port_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<GrpcServer>> StartGrpcServer(const GrpcServerOptions& options,
                                                            const std::vector<grpc::Service*>& services,
                                                            CallListener listener, base::Clock& clock) {
  grpc::EnableDefaultHealthCheckService(true);
  grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  grpc::ServerBuilder builder;
  if (options.reflection == Reflection::kOff) builder.SetOption(std::make_unique<WithoutReflection>());
  int port = 0;
  const std::string address = HostAndPort(options.host, options.port);
  std::shared_ptr<grpc::ServerCredentials> credentials =
      options.tls == nullptr ? grpc::InsecureServerCredentials() : MakeCredentials(options.tls);
  builder.AddListeningPort(address, credentials, &port);
  ApplyLimits(options, &builder);
  AddCallMeter(std::move(listener), options.notes, clock, &builder);
  for (grpc::Service* service : services) builder.RegisterService(service);
  std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (server == nullptr || port == 0) {
    return absl::InvalidArgumentError(absl::StrCat("cannot listen on ", address));
  }
  return std::make_unique<GrpcServerImpl>(std::move(credentials), std::move(server), options.host, port);
}

}  // namespace satudata::rpc
