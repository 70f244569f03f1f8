// File: service_manager.h
//
// Tells systemd (Type=notify) how far the process is: one datagram to the socket that NOTIFY_SOCKET names.
#ifndef SERVER_MAIN_SERVICE_MANAGER_H_
#define SERVER_MAIN_SERVICE_MANAGER_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace satudata::main {

inline constexpr absl::string_view kReadyNotice = "READY=1";
inline constexpr absl::string_view kStoppingNotice = "STOPPING=1";

// `socket` is the value of NOTIFY_SOCKET: a path, or @NAME for an abstract one. Empty: nobody asks, OK.
// UNAVAILABLE, with the reason, if it could not be told. Never blocks.
absl::Status TellServiceManager(const std::string& socket, absl::string_view notice);

}  // namespace satudata::main

#endif  // SERVER_MAIN_SERVICE_MANAGER_H_
