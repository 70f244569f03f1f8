// File: error.h
//
// What is known of an error beside its code and its message, which is whole: what happened and what mends it,
// in the language of the call. Pure functions.
#ifndef CLIENTS_CPP_INCLUDE_SATUDATA_INTEGRATION_ERROR_H_
#define CLIENTS_CPP_INCLUDE_SATUDATA_INTEGRATION_ERROR_H_

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace satudata::integration {

struct FieldViolation {
  std::string field;  // Its path in the request: `file_id`.
  std::string description;
};

struct ErrorDetails {
  // UPPER_SNAKE and stable: the list is in the service's README. Empty when no server of ours spoke.
  std::string reason;
  std::map<std::string, std::string> arguments;  // The variable parts of the message, by name.
  std::vector<FieldViolation> field_violations;
  std::optional<absl::Duration> retry_after;  // How long to leave the server alone, where it says so.
};

// Of an error that a client returned; without anything for other ones.
ErrorDetails DetailsOf(const absl::Status& status);

}  // namespace satudata::integration

#endif  // CLIENTS_CPP_INCLUDE_SATUDATA_INTEGRATION_ERROR_H_
