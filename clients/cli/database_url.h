// File: database_url.h
//
// Which database the verbs of `store` work on: as the server is told, so that no password need be on a
// command line.
#ifndef CLIENTS_CLI_DATABASE_URL_H_
#define CLIENTS_CLI_DATABASE_URL_H_

#include <string>

#include "absl/status/statusor.h"
#include "clients/cli/settings.h"
#include "clients/cli/surroundings.h"

namespace satudata::cli {

struct DatabaseChoice {
  std::string url;       // --database-url; others can see it in the list of processes.
  std::string env_file;  // --env-file, of which DATABASE_URL counts.
};

// The flag, DATABASE_URL of the environment, that of the --env-file, or the file in --data-dir.
// INVALID_ARGUMENT, with words for the user, where the env file cannot be used, or where only CONFIG_FILE may
// say which it is.
absl::StatusOr<std::string> FindDatabaseUrl(const DatabaseChoice& choice, const Settings& settings,
                                            const Surroundings& surroundings);

}  // namespace satudata::cli

#endif  // CLIENTS_CLI_DATABASE_URL_H_
