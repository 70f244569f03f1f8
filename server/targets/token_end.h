// File: token_end.h
//
// When a credential ends that says so itself. Pure; thread-safe.
#ifndef SERVER_TARGETS_TOKEN_END_H_
#define SERVER_TARGETS_TOKEN_END_H_

#include <optional>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace satudata::targets {

// `exp` of a JSON Web Token, whose signature is for its issuer to judge; none for any other text.
std::optional<absl::Time> EndOfToken(absl::string_view credential);

}  // namespace satudata::targets

#endif  // SERVER_TARGETS_TOKEN_END_H_
