// File: listen_address.h
//
// `HOST:PORT`, as the *_LISTEN settings give it.
#ifndef SERVER_MAIN_LISTEN_ADDRESS_H_
#define SERVER_MAIN_LISTEN_ADDRESS_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace satudata::main {

struct ListenAddress {
  std::string host;  // IPv6 without brackets.
  int port = 0;      // 0: any free one.

  // Only this machine can reach it.
  bool IsLoopback() const;
};

// nullopt for anything but host:port and [ipv6]:port.
std::optional<ListenAddress> ParseListenAddress(absl::string_view text);

}  // namespace satudata::main

#endif  // SERVER_MAIN_LISTEN_ADDRESS_H_
