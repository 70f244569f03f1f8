#include "server/main/server.h"

#include <grpcpp/impl/service_type.h>

#include <atomic>
#include <thread>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "server/access/accounts.h"
#include "server/access/sessions.h"
#include "server/admin/admin_server.h"
#include "server/base/executor.h"
#include "server/base/log.h"
#include "server/base/random.h"
#include "server/catalog/catalog.h"
#include "server/catalog/content_source.h"
#include "server/main/credential_files.h"
#include "server/main/file_watch.h"
#include "server/main/retention.h"
#include "server/main/target_factory.h"
#include "server/main/version.h"
#include "server/rpc/access_log.h"
#include "server/rpc/authorizer.h"
#include "server/rpc/services.h"
#include "server/rpc/status.h"
#include "server/store/durable_store.h"
#include "server/store/process_lock.h"
#include "server/sync/summary_reader.h"
#include "server/sync/vitals.h"
#include "server/telemetry/metrics.h"
#include "server/web/web_server.h"

namespace satudata::main {
namespace {

constexpr int kLongestOpen = 10;  // Times as long as the first.
// These threads wait for disks and locks, not for a processor.
constexpr int kRpcThreads = 8;
constexpr int kSlowThreads = 4;
constexpr size_t kSlowQueue = 64;
// Each hashing of a password takes a processor and 16 MiB; who signs in waits a second or two at most.
constexpr int kPasswordThreads = 2;
constexpr size_t kPasswordQueue = 64;
constexpr size_t kMaxRunStreams = 2000;
constexpr size_t kMaxImports = 4;
// What is left of calls when their streams were told to end; most are over by then.
constexpr absl::Duration kCallGrace = absl::Seconds(2);
// A scrape waits no longer for a database that is slow to answer.
constexpr absl::Duration kScrapePatience = absl::Seconds(1);
constexpr absl::Duration kFileInterval = absl::Seconds(5);
// Only our own API: health's Watch would hold a place without asking for a token.
constexpr char kWebServices[] = "satudata.integration.v1.";

std::string HostAndPort(const std::string& host, int port) {
  return absl::StrContains(host, ':') ? absl::StrCat("[", host, "]:", port) : absl::StrCat(host, ":", port);
}

uint64_t RandomSeed() {
  uint64_t seed = 0;
  for (const char byte : base::RandomBytes(sizeof(seed)))
    seed = seed << 8U | static_cast<unsigned char>(byte);
  return seed;
}

std::vector<std::string> Names(const std::vector<std::unique_ptr<sync::Target>>& targets) {
  std::vector<std::string> names;
  for (const auto& target : targets) names.push_back(target->traits().name);
  return names;
}

std::vector<sync::Target*> Pointers(const std::vector<std::unique_ptr<sync::Target>>& targets) {
  std::vector<sync::Target*> pointers;
  for (const auto& target : targets) pointers.push_back(target.get());
  return pointers;
}

catalog::ContentOptions ContentOptionsOf(const Settings& settings) {
  return {.directory = settings.content_directory,
          .figures = {.aliases = settings.column_aliases},
          .binds_every_file = settings.ckan.has_value()};
}

// Members stand in the order of their dependencies; destruction is the reverse.
class ServerImpl final : public Server {
 public:
  ServerImpl(const Settings& settings, base::Clock& clock)
      : settings_(settings),
        clock_(clock),
        contents_(ContentOptionsOf(settings)),
        access_log_({.logging = settings.edge.access_log}),
        run_streams_({kMaxRunStreams, static_cast<size_t>(settings.edge.caller_max_streams)}),
        caller_rate_({.per_second = settings.edge.caller_rate, .burst = settings.edge.caller_burst}, clock) {}
  ~ServerImpl() override {
    settings_.drain_delay = absl::ZeroDuration();
    settings_.shutdown_grace = absl::ZeroDuration();
    if (absl::Status status = Stop(); !status.ok()) {
      base::Log(base::Severity::kError, "stopped with a loss", {{"detail", status.message()}});
    }
  }

  // The admin server comes before what may take long, so that a slow start is seen to be alive.
  absl::Status Build() {
    using Step = absl::Status (ServerImpl::*)();
    for (const Step step :
         {&ServerImpl::BuildTargets, &ServerImpl::BuildIdentities, &ServerImpl::BuildAdmin,
          &ServerImpl::BuildStore, &ServerImpl::BuildEngine, &ServerImpl::BuildEdge, &ServerImpl::BuildWeb}) {
      if (absl::Status status = (this->*step)(); !status.ok()) return status;
    }
    ready_ = true;
    return absl::OkStatus();
  }

  std::string grpc_address() const override { return grpc_->address(); }
  std::string web_address() const override { return HostAndPort(settings_.web_listen.host, web_->port()); }
  std::string admin_address() const override {
    return HostAndPort(settings_.admin_listen.host, admin_->port());
  }

  absl::Status Stop() override {
    if (stopped_.exchange(true)) return absl::OkStatus();
    ready_ = false;
    if (grpc_ != nullptr) grpc_->StopAdvertising();
    absl::SleepFor(settings_.drain_delay);
    imports_.Drain();
    // Who waits for a commit waits no longer than the grace, whatever ails the database.
    if (store_ != nullptr) store_->GiveUpAfter(settings_.shutdown_grace);
    if (engine_ != nullptr) engine_->Shutdown(settings_.shutdown_grace);
    run_streams_.Drain();
    if (web_ != nullptr) web_->Stop(kCallGrace);
    if (grpc_ != nullptr) grpc_->Shutdown(kCallGrace);
    executor_.Shutdown();
    slow_executor_.Shutdown();
    password_executor_.Shutdown();
    retention_.reset();
    if (metrics_ != nullptr) metrics_->SetEngine(nullptr);
    if (metrics_ != nullptr) metrics_->SetWeb(nullptr);
    if (metrics_ != nullptr) metrics_->SetStore(nullptr);
    return store_ != nullptr ? store_->Close() : absl::OkStatus();
  }

 private:
  absl::Status BuildTargets() {
    auto targets = MakeTargets(settings_, clock_, contents_);
    if (!targets.ok()) return targets.status();
    targets_ = *std::move(targets);
    metrics_ = std::make_unique<telemetry::Metrics>(
        telemetry::Metrics::Options{.targets = Names(targets_), .version = kVersion});
    metrics_->SetCredentials([this] {
      telemetry::Metrics::CredentialEnds ends;
      for (const auto& target : targets_) ends[target->traits().name] = target->credential_end();
      return ends;
    });
    return absl::OkStatus();
  }

  absl::Status BuildIdentities() {
    for (const auto& [listener, tls, identity] :
         {std::tuple("grpc", &settings_.tls, &grpc_identity_),
          std::tuple("web", &settings_.web_tls, &web_identity_),
          std::tuple("admin", &settings_.admin_tls, &admin_identity_)}) {
      if (tls->certificate_chain.empty()) continue;
      const absl::StatusOr<absl::Time> end = base::CheckTls(*tls, clock_.Now());
      if (!end.ok()) return end.status();
      metrics_->SetCertificateEnd(listener, *end);
      *identity = std::make_shared<base::TlsIdentity>(*tls);
    }
    return absl::OkStatus();
  }

  absl::Status BuildAdmin() {
    auto admin = admin::StartAdminServer(
        {.host = settings_.admin_listen.host, .port = settings_.admin_listen.port, .tls = admin_identity_},
        {.metrics = [this] { return metrics_->Render(); }, .readiness = [this] { return Readiness(); }});
    if (!admin.ok()) return InUse("ADMIN_LISTEN", admin.status());
    admin_ = *std::move(admin);
    return absl::OkStatus();
  }

  absl::Status BuildStore() {
    if (!settings_.database_file.empty()) {
      auto lock = store::ProcessLock::Take(settings_.database_file);
      if (!lock.ok()) return lock.status();
      lock_ = *std::move(lock);
    }
    auto store =
        store::OpenStore({.database_url = settings_.database_url,
                          .on_commit = [this](absl::Duration duration) { metrics_->OnCommit(duration); }},
                         clock_);
    if (!store.ok()) return store.status();
    store_ = *std::move(store);
    vitals_ = std::make_unique<sync::VitalsReader>(*store_, Names(targets_), slow_executor_, clock_);
    metrics_->SetStore([this] {
      return telemetry::Metrics::StoreState{
          .usable = store_->Healthy(), .vitals = vitals_->Read(kScrapePatience), .now = clock_.Now()};
    });
    catalog_ = std::make_unique<catalog::Catalog>(*store_, clock_, ContentOptionsOf(settings_));
    catalog::RemoveAbandonedUploads(ContentOptionsOf(settings_));
    retention_ =
        std::make_unique<Retention>(*store_, ContentOptionsOf(settings_), RetentionOptions(), clock_);
    return absl::OkStatus();
  }

  absl::Status BuildEngine() {
    sync::EngineOptions options{.default_kodepemda = settings_.default_kodepemda,
                                .lease_time = settings_.lease_time};
    options.target_control.breaker.open_time = settings_.circuit_open_time;
    options.target_control.breaker.longest_open = kLongestOpen * settings_.circuit_open_time;
    engine_ = sync::Engine::Create(std::move(options), {.store = store_.get(),
                                                        .catalog = catalog_.get(),
                                                        .targets = Pointers(targets_),
                                                        .observer = metrics_.get(),
                                                        .clock = &clock_,
                                                        .uniform = base::SeededUniform(RandomSeed())});
    metrics_->SetEngine(engine_.get());
    summary_ = std::make_unique<sync::SummaryReader>(*store_, Pointers(targets_), clock_);
    return engine_->Resume();
  }

  absl::Status BuildEdge() {
    absl::StatusOr<std::string> secret = JwtSecretOf(settings_);
    if (!secret.ok()) return secret.status();
    authorizer_ = std::make_unique<rpc::Authorizer>(
        rpc::TokenTrust{*secret, settings_.key_set, settings_.token_issuer, settings_.token_audience},
        settings_.roles, clock_);
    const rpc::ServiceDependencies dependencies{
        authorizer_.get(), engine_.get(), store_.get(), catalog_.get(), &executor_,    &slow_executor_,
        &run_streams_,     &imports_,     &clock_,      summary_.get(), &caller_rate_, Notes()};
    services_.push_back(rpc::MakeIntegrationService(dependencies));
    services_.push_back(rpc::MakeCatalogService(dependencies, rpc::ImportLimits()));
    services_.push_back(rpc::MakeTargetService(dependencies));
    if (absl::Status status = BuildSignIn(*secret); !status.ok()) return status;
    WatchCredentials();
    return Listen();
  }

  absl::Status BuildSignIn(const std::string& jwt_secret) {
    const SignInSettings& sign_in = settings_.sign_in;
    accounts_ = std::make_unique<access::Accounts>(*store_, clock_);
    sessions_ = std::make_unique<access::Sessions>(*store_, clock_,
                                                   access::SessionOptions{.lifetime = sign_in.session_time});
    const rpc::AccessDependencies dependencies{
        authorizer_.get(),   sessions_.get(), accounts_.get(), &executor_,
        &password_executor_, &clock_,         &caller_rate_,   Notes()};
    services_.push_back(
        rpc::MakeSessionService(dependencies, {.jwt_secret = jwt_secret,
                                               .portal_url = sign_in.portal_url,
                                               .cookie_transport = sign_in.cookie_transport}));
    services_.push_back(rpc::MakeAccountService(dependencies));
    return sessions_->ForgetEnded();
  }

  // Without such files there is no thread that looks at them.
  void WatchCredentials() {
    std::vector<WatchedFiles> files = CredentialFiles(
        settings_.credential_paths,
        {grpc_identity_.get(), web_identity_.get(), admin_identity_.get(), authorizer_.get(), metrics_.get()},
        clock_);
    if (!files.empty()) file_watch_ = std::make_unique<FileWatch>(std::move(files), kFileInterval);
  }

  // Without an access log nobody asks who called.
  rpc::CallNotes* Notes() {
    return settings_.edge.access_log == rpc::AccessLogging::kOff ? nullptr : &call_notes_;
  }

  absl::Status Listen() {
    std::vector<grpc::Service*> services;
    for (const auto& service : services_) services.push_back(service.get());
    auto grpc = rpc::StartGrpcServer(
        {.host = settings_.grpc_listen.host,
         .port = settings_.grpc_listen.port,
         .tls = grpc_identity_,
         .reflection = settings_.reflection,
         .connection_age = settings_.edge.connection_age,
         .connection_grace = settings_.edge.connection_grace,
         .connection_idle = settings_.edge.connection_idle,
         .notes = Notes()},
        services,
        [this](const rpc::EndedCall& call) {
          metrics_->OnCall(call.method, call.code, call.duration);
          access_log_.Add(call);
        },
        clock_);
    if (!grpc.ok()) return InUse("GRPC_LISTEN", grpc.status());
    grpc_ = *std::move(grpc);
    return absl::OkStatus();
  }

  absl::Status BuildWeb() {
    web::PageFiles page;
    if (!settings_.web_root.empty()) {
      auto files = web::ReadPageFiles(settings_.web_root);
      if (!files.ok()) return NotAPage(files.status());
      page = *std::move(files);
    }
    auto web = web::StartWebServer({.host = settings_.web_listen.host,
                                    .port = settings_.web_listen.port,
                                    .tls = web_identity_,
                                    .service_prefix = kWebServices,
                                    .max_calls = static_cast<size_t>(settings_.web_max_streams)},
                                   std::move(page), grpc_->InProcessChannel(), rpc::ToGrpcStatus, clock_);
    if (!web.ok()) return InUse("WEB_LISTEN", web.status());
    web_ = *std::move(web);
    metrics_->SetWeb([this] {
      return telemetry::Metrics::WebLoad{.streams = web_->live_calls(), .refused = web_->refused_calls()};
    });
    return absl::OkStatus();
  }

  static absl::Status NotAPage(const absl::Status& status) {
    return absl::InvalidArgumentError(absl::StrCat("WEB_ROOT: ", status.message()));
  }

  static absl::Status InUse(absl::string_view setting, const absl::Status& status) {
    return absl::InvalidArgumentError(absl::StrCat(
        setting, ": ", status.message(), "; choose an address of this machine and a port that is free"));
  }

  absl::Status Readiness() const {
    if (!ready_) return absl::UnavailableError(stopped_ ? "stopping" : "starting");
    return store_->Health();
  }

  Settings settings_;
  base::Clock& clock_;
  std::atomic<bool> ready_ = false;
  std::atomic<bool> stopped_ = false;

  catalog::DirectoryContentSource contents_;
  std::vector<std::unique_ptr<sync::Target>> targets_;
  std::unique_ptr<telemetry::Metrics> metrics_;
  std::shared_ptr<base::TlsIdentity> grpc_identity_;  // Null: no TLS.
  std::shared_ptr<base::TlsIdentity> web_identity_;
  std::shared_ptr<base::TlsIdentity> admin_identity_;
  std::unique_ptr<store::ProcessLock> lock_;
  std::unique_ptr<store::DurableStore> store_;
  std::unique_ptr<catalog::Catalog> catalog_;
  std::unique_ptr<Retention> retention_;
  // After all that it asks, so that it answers until the very end, and goes before them.
  std::unique_ptr<admin::AdminServer> admin_;
  std::unique_ptr<sync::Engine> engine_;
  std::unique_ptr<sync::SummaryReader> summary_;
  base::ThreadPool executor_{{.name = "rpc", .threads = kRpcThreads}};
  base::ThreadPool slow_executor_{{.name = "slow", .threads = kSlowThreads, .queue_limit = kSlowQueue}};
  base::ThreadPool password_executor_{
      {.name = "password", .threads = kPasswordThreads, .queue_limit = kPasswordQueue}};
  std::unique_ptr<sync::VitalsReader> vitals_;  // Read by the slow executor, which is shut down before.
  rpc::CallNotes call_notes_;
  rpc::AccessLog access_log_;
  rpc::StreamRegistry run_streams_;
  rpc::StreamRegistry imports_{{.all = kMaxImports}};
  rpc::CallerRate caller_rate_;
  std::unique_ptr<rpc::Authorizer> authorizer_;
  std::unique_ptr<FileWatch> file_watch_;  // Null: nothing to watch.
  std::unique_ptr<access::Accounts> accounts_;
  std::unique_ptr<access::Sessions> sessions_;
  std::vector<std::unique_ptr<grpc::Service>> services_;
  std::unique_ptr<rpc::GrpcServer> grpc_;
  std::unique_ptr<web::WebServer> web_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Server>> Server::Start(const Settings& settings, base::Clock& clock) {
  auto server = std::make_unique<ServerImpl>(settings, clock);
  if (absl::Status status = server->Build(); !status.ok()) return status;
  return server;
}

}  // namespace satudata::main
