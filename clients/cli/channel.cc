#include "clients/cli/channel.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/channel_arguments.h>

#include <string>

#include "clients/cli/address.h"
#include "clients/cli/file.h"

namespace satudata::cli {
namespace {

// A delivery with all its attempts may carry many bodies of 64 KiB.
constexpr int kMaxMessageBytes = 64 << 20;

grpc::ChannelArguments ArgumentsFor(const Settings& settings) {
  grpc::ChannelArguments arguments;
  // Without the probe the receive window stays small, so a reader that stops is felt by the server at once
  // instead of after megabytes of events.
  arguments.SetInt(GRPC_ARG_HTTP2_BDP_PROBE, 0);
  arguments.SetMaxReceiveMessageSize(kMaxMessageBytes);
  // gRPC's own pause between connects would grow to two minutes and answer our reconnects from memory.
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 200);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 10000);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 3000);
  // A proxy from the environment cannot reach what listens on this machine.
  if (IsLoopback(settings.server)) arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  return arguments;
}

absl::Status Load(const std::string& path, std::string* content) {
  if (path.empty()) return absl::OkStatus();
  absl::StatusOr<std::string> read = ReadSmallFile(path);
  if (!read.ok()) return read.status();
  *content = *std::move(read);
  return absl::OkStatus();
}

absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> CredentialsFor(const Settings& settings) {
  if (settings.transport == Transport::kPlaintext) return grpc::InsecureChannelCredentials();
  grpc::SslCredentialsOptions options;
  for (const absl::Status& loaded : {Load(settings.ca_file, &options.pem_root_certs),
                                     Load(settings.client_certificate_file, &options.pem_cert_chain),
                                     Load(settings.client_key_file, &options.pem_private_key)}) {
    if (!loaded.ok()) return loaded;
  }
  return grpc::SslCredentials(options);
}

}  // namespace

absl::StatusOr<std::shared_ptr<grpc::Channel>> MakeChannel(const Settings& settings) {
  const absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> credentials = CredentialsFor(settings);
  if (!credentials.ok()) return credentials.status();
  return grpc::CreateCustomChannel(settings.server, *credentials, ArgumentsFor(settings));
}

}  // namespace satudata::cli
