// File: page_files.h
//
// The files of a directory, read whole.
#ifndef SERVER_WEB_PAGE_FILES_H_
#define SERVER_WEB_PAGE_FILES_H_

#include <map>
#include <string>

#include "absl/status/statusor.h"

namespace satudata::web {

// Bytes by path, which begins with a slash (`/assets/app.js`).
using PageFiles = std::map<std::string, std::string>;

// All regular files under `directory` but hidden ones. Links to directories are not followed.
// INVALID_ARGUMENT when something cannot be read, a link to a file leads out of `directory`, or there is more
// than 64 MiB or 2,000 files.
absl::StatusOr<PageFiles> ReadPageFiles(const std::string& directory);

}  // namespace satudata::web

#endif  // SERVER_WEB_PAGE_FILES_H_
