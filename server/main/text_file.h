// File: text_file.h
//
// Small files that settings name: whole, and bounded.
#ifndef SERVER_MAIN_TEXT_FILE_H_
#define SERVER_MAIN_TEXT_FILE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace satudata::main {

// The bytes of the file. Errors say in words why not: NOT_FOUND if there is none, INVALID_ARGUMENT for
// anything else, also for more than 1 MiB.
absl::StatusOr<std::string> ReadTextFile(const std::string& path);

// Replaces the file at once: who reads it sees the old text or the new one.
absl::Status WriteTextFile(const std::string& path, absl::string_view text);

// Creates the file for this user alone (0600), with the directories above it. ALREADY_EXISTS leaves it alone.
absl::Status CreatePrivateFile(const std::string& path, absl::string_view text);

}  // namespace satudata::main

#endif  // SERVER_MAIN_TEXT_FILE_H_
