// File: edge_settings.h
//
// What callers may take of this server, and how long they may stay connected.
#ifndef SERVER_MAIN_EDGE_SETTINGS_H_
#define SERVER_MAIN_EDGE_SETTINGS_H_

#include "absl/time/time.h"
#include "server/main/setting_reader.h"
#include "server/rpc/access_log.h"

namespace satudata::main {

struct EdgeSettings {
  absl::Duration connection_age;
  absl::Duration connection_grace;
  absl::Duration connection_idle;
  int caller_max_streams = 0;
  double caller_rate = 0;  // Per second; 0: no limit.
  int caller_burst = 0;
  rpc::AccessLogging access_log = rpc::AccessLogging::kCalls;
};

EdgeSettings ReadEdge(SettingReader& reader);

}  // namespace satudata::main

#endif  // SERVER_MAIN_EDGE_SETTINGS_H_
