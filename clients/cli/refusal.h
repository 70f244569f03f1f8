// File: refusal.h
//
// Why a call was not answered: read out of its status, shown to a person, turned into an exit code. Pure
// functions.
#ifndef CLIENTS_CLI_REFUSAL_H_
#define CLIENTS_CLI_REFUSAL_H_

#include <grpcpp/support/status.h>

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "clients/cli/exit_code.h"
#include "clients/cli/style.h"

namespace satudata::cli {

struct Refusal {
  grpc::StatusCode code = grpc::StatusCode::UNKNOWN;
  std::string message;  // The server's, in the caller's language; or gRPC's own when no server answered.
  std::string reason;   // UPPER_SNAKE; empty when no server of ours answered.
  std::string run_id;   // The run that stands in the way, or was meant; may be empty.
  std::vector<std::pair<std::string, std::string>> field_violations;  // Path, description.
};

// `status` is not OK.
Refusal ReadRefusal(const grpc::Status& status);

// Some lines for standard error: what, why, which fields, what to try.
std::string RenderRefusal(const Refusal& refusal, absl::string_view server, const Style& style);

ExitCode ExitCodeOf(const Refusal& refusal);

}  // namespace satudata::cli

#endif  // CLIENTS_CLI_REFUSAL_H_
