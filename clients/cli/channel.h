// File: channel.h
//
// The connection to the server.
#ifndef CLIENTS_CLI_CHANNEL_H_
#define CLIENTS_CLI_CHANNEL_H_

#include <grpcpp/channel.h>

#include <memory>

#include "absl/status/statusor.h"
#include "clients/cli/settings.h"

namespace satudata::cli {

// Connects at the first call. Fails when a certificate or key file cannot be read.
absl::StatusOr<std::shared_ptr<grpc::Channel>> MakeChannel(const Settings& settings);

}  // namespace satudata::cli

#endif  // CLIENTS_CLI_CHANNEL_H_
