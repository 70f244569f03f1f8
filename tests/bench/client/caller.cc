#include "tests/bench/client/caller.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/channel_arguments.h>

#include <cstdlib>
#include <iostream>

namespace satudata::bench {

std::shared_ptr<grpc::Channel> Connect(const std::string& server) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_HTTP2_BDP_PROBE, 0);
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  return grpc::CreateCustomChannel(server, grpc::InsecureChannelCredentials(), arguments);
}

void Authorize(const Caller& caller, grpc::ClientContext& context) {
  if (!caller.token.empty()) context.AddMetadata("authorization", "Bearer " + caller.token);
}

void ExitUnlessOk(const grpc::Status& status, const std::string& what) {
  if (status.ok()) return;
  std::cerr << "bench-client: " << what << ": " << status.error_message() << std::endl;
  std::exit(1);
}

}  // namespace satudata::bench
