#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <signal.h>

#include <cstdio>
#include <fstream>
#include <memory>

#include "satudata/integration/v1/integration_service.grpc.pb.h"
#include "tests/bench/client/commands.h"

namespace satudata::bench {
namespace {

namespace v1 = ::satudata::integration::v1;

// An answer of the size that ours has.
class BareService final : public v1::IntegrationService::CallbackService {
  grpc::ServerUnaryReactor* GetFileStatus(grpc::CallbackServerContext* context,
                                          const v1::GetFileStatusRequest* request,
                                          v1::GetFileStatusResponse* response) override {
    response->set_file_id(request->file_id());
    v1::FileTargetStatus* status = response->add_statuses();
    status->set_target("splp");
    status->set_state(v1::Delivery::STATE_CONFIRMED);
    status->mutable_state_time()->set_seconds(1'700'000'000);
    status->set_run_id("018c2a5e-0000-7000-8000-000000000000");
    status->set_delivery_id("018c2a5e-0000-7000-8000-000000000001");
    status->set_held_record_count(1);
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }
};

void WriteAddress(const std::string& path, int port) {
  const std::string temporary = path + ".new";
  std::ofstream(temporary) << "127.0.0.1:" << port << "\n";
  std::rename(temporary.c_str(), path.c_str());
}

}  // namespace

void ServeBare(const std::string& address_file) {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  BareService service;
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(&service);
  const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  WriteAddress(address_file, port);
  int signal = 0;
  sigwait(&signals, &signal);
  server->Shutdown();
}

}  // namespace satudata::bench
