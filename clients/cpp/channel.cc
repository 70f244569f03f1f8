#include "clients/cpp/channel.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/channel_arguments.h>

#include "clients/cpp/address.h"

namespace satudata::integration {
namespace {

// A delivery with all its attempts may carry many bodies of 64 KiB.
constexpr int kMaxMessageBytes = 64 << 20;
// The server takes offence at more than one ping in 10 s.
constexpr int kPingEveryMs = 20'000;
constexpr int kPingAnswerMs = 10'000;

grpc::ChannelArguments ArgumentsFor(const std::string& address) {
  grpc::ChannelArguments arguments;
  // Without the probe the receive window stays small, so a reader that stops is felt by the server at once
  // instead of after megabytes of events.
  arguments.SetInt(GRPC_ARG_HTTP2_BDP_PROBE, 0);
  arguments.SetMaxReceiveMessageSize(kMaxMessageBytes);
  // gRPC's own pause between connects would grow to two minutes and answer our reconnects from memory.
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 200);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 10000);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 3000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, kPingEveryMs);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kPingAnswerMs);
  // A stream may have nothing to send for hours.
  arguments.SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
  // A proxy from the environment cannot reach what listens on this machine.
  if (IsLoopback(address)) arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  return arguments;
}

std::shared_ptr<grpc::ChannelCredentials> CredentialsFor(const std::optional<Tls>& tls) {
  if (!tls) return grpc::InsecureChannelCredentials();
  return grpc::SslCredentials(
      {.pem_root_certs = tls->ca, .pem_private_key = tls->key, .pem_cert_chain = tls->certificate});
}

}  // namespace

std::shared_ptr<grpc::Channel> MakeChannel(const std::string& address, const std::optional<Tls>& tls) {
  return grpc::CreateCustomChannel(address, CredentialsFor(tls), ArgumentsFor(address));
}

}  // namespace satudata::integration
