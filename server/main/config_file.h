// File: config_file.h
//
// CONFIG_FILE: YAML or JSON into a ServerConfig. The only files that know yaml-cpp are this one's and
// roles_file's source.
#ifndef SERVER_MAIN_CONFIG_FILE_H_
#define SERVER_MAIN_CONFIG_FILE_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "satudata/integration/v1/server_config.pb.h"

namespace satudata::main {

// Keys are the message's field names. Durations are written like settings (500ms, 10s, 10m), values of
// enumerations by their last word (`skip`). INVALID_ARGUMENT, naming line and key, for anything that the
// message does not have, or has in another shape, and for a key that comes twice.
absl::StatusOr<integration::v1::ServerConfig> ParseConfigFile(absl::string_view text);

}  // namespace satudata::main

#endif  // SERVER_MAIN_CONFIG_FILE_H_
