// File: server.h
//
// The whole service in one object: store, targets, engine, edge and admin, built in the order of their
// dependencies and taken down in reverse.
#ifndef SERVER_MAIN_SERVER_H_
#define SERVER_MAIN_SERVER_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/main/settings.h"

namespace satudata::main {

// Start and Stop are called by one thread, the one that owns the server.
class Server {
 public:
  // Serves when it returns. INVALID_ARGUMENT and FAILED_PRECONDITION are for the operator to mend, anything
  // else may be different at the next start. `clock` must outlive the server.
  static absl::StatusOr<std::unique_ptr<Server>> Start(const Settings& settings, base::Clock& clock);
  virtual ~Server() = default;  // Stop, without delay or grace, if it was not called.

  virtual std::string grpc_address() const = 0;
  virtual std::string web_address() const = 0;
  virtual std::string admin_address() const = 0;

  // Not ready; after the drain delay no new work; what is under way gets the grace; streams end with where to
  // resume. Not OK, with a line that says so, when something could not be stored in that time. Idempotent.
  virtual absl::Status Stop() = 0;
};

}  // namespace satudata::main

#endif  // SERVER_MAIN_SERVER_H_
