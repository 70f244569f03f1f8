// File: channel.h
//
// The connection to the server.
#ifndef CLIENTS_CPP_CHANNEL_H_
#define CLIENTS_CPP_CHANNEL_H_

#include <grpcpp/channel.h>

#include <memory>
#include <optional>
#include <string>

#include "satudata/integration/options.h"

namespace satudata::integration {

// Connects at the first call.
std::shared_ptr<grpc::Channel> MakeChannel(const std::string& address, const std::optional<Tls>& tls);

}  // namespace satudata::integration

#endif  // CLIENTS_CPP_CHANNEL_H_
