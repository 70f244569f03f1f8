// File: setting_sources.h
//
// Where settings come from: flags before the environment before the --env-file. Plain values.
#ifndef SERVER_MAIN_SETTING_SOURCES_H_
#define SERVER_MAIN_SETTING_SOURCES_H_

#include <map>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "server/base/env_file.h"

namespace satudata::main {

using Variables = std::map<std::string, std::string>;

struct SettingSources {
  Variables flags;  // By the variable's name.
  Variables environment;
  Variables env_file;

  struct Found {
    std::string value;
    std::string origin;  // What to name in a complaint: `--grpc-listen`, `GRPC_LISTEN`.
  };
  // The first that has it. An empty value counts as none, because that is how compose files unset.
  std::optional<Found> Find(absl::string_view name) const;
};

using base::ParseEnvFile;

}  // namespace satudata::main

#endif  // SERVER_MAIN_SETTING_SOURCES_H_
