// File: secret.h
//
// A key that may be replaced while the server runs. It never appears in a log, an error or a dump.
#ifndef SERVER_MAIN_SECRET_H_
#define SERVER_MAIN_SECRET_H_

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "server/base/clock.h"

namespace satudata::main {

// The key as it is now. Thread-safe, quick. Empty function: there is none.
using Secret = std::function<std::string()>;

Secret FixedSecret(std::string value);

// The text of a file without the blanks around it. Looked at again when a second has passed since the last
// look; while the file is gone or empty, the last key that it held stays in use. INVALID_ARGUMENT when it
// holds none now. `clock` must outlive the secret.
absl::StatusOr<Secret> FileSecret(const std::string& path, base::Clock& clock);

}  // namespace satudata::main

#endif  // SERVER_MAIN_SECRET_H_
