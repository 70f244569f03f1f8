// File: secret.h
//
// A key that may be replaced while the server runs. It never appears in a log, an error or a dump.
#ifndef SERVER_MAIN_SECRET_H_
#define SERVER_MAIN_SECRET_H_

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/base/clock.h"

namespace satudata::main {

// The key as it is now. Thread-safe, quick. Empty function: there is none.
using Secret = std::function<std::string()>;

// Not empty, and fit for a header: on one line, without control characters.
bool IsUsableKey(absl::string_view key);

Secret FixedSecret(std::string value);

// The text of a file without the blanks around it. Read again when a second has passed since the last time;
// while the file is gone, unreadable or no usable key, the last key that it held stays in use, and one line
// in the log says so. INVALID_ARGUMENT when it holds none now. `clock` must outlive the secret.
absl::StatusOr<Secret> FileSecret(const std::string& path, base::Clock& clock);

}  // namespace satudata::main

#endif  // SERVER_MAIN_SECRET_H_
