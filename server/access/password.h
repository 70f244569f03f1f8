// File: password.h
//
// Passwords: hashed by crypt(3) with yescrypt, as Debian hashes those of its own users. Pure functions;
// thread-safe. A hash or a check takes tens of milliseconds of a processor and 16 MiB while it lasts, on
// purpose: never on a thread that others wait for, and never many at once.
#ifndef SERVER_ACCESS_PASSWORD_H_
#define SERVER_ACCESS_PASSWORD_H_

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace satudata::access {

// Fewer can be tried out even against a slow hash.
inline constexpr size_t kMinPasswordBytes = 10;
// What crypt(3) takes, without its final NUL.
inline constexpr size_t kMaxPasswordBytes = 511;

// `password` has no NUL and at most kMaxPasswordBytes. INTERNAL when the library cannot.
absl::StatusOr<std::string> HashPassword(absl::string_view password);

// Whether `hash` is of `password`. Takes the time of a full check whatever `hash` is, so that nobody learns
// from it: an empty one, or one that no version of ours made, is of no password.
bool IsPasswordOf(absl::string_view hash, absl::string_view password);

// Too short, or it is or contains the user name (in any case of letters; one of under four letters may be
// part of it by chance).
bool IsWeakPassword(absl::string_view password, absl::string_view username);

}  // namespace satudata::access

#endif  // SERVER_ACCESS_PASSWORD_H_
