#include "server/store/process_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace satudata::store {

absl::StatusOr<std::unique_ptr<ProcessLock>> ProcessLock::Take(const std::string& path) {
  const std::string lock_path = absl::StrCat(path, ".lock");
  std::error_code error;
  const std::filesystem::path directory = std::filesystem::path(path).parent_path();
  // What is wrong with the directory shows when the file is opened.
  if (!directory.empty()) std::filesystem::create_directories(directory, error);
  const int fd = ::open(lock_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) {
    return absl::InvalidArgumentError(absl::StrCat("DATABASE_URL: cannot make ", lock_path, " (",
                                                   std::strerror(errno),
                                                   "); choose a place that can be written"));
  }
  std::unique_ptr<ProcessLock> lock(new ProcessLock(fd));
  if (::flock(fd, LOCK_EX | LOCK_NB) == 0) return lock;
  return absl::FailedPreconditionError(absl::StrCat(
      "DATABASE_URL: ", path, " is in use by another server; stop that one, or choose another file"));
}

ProcessLock::~ProcessLock() { ::close(fd_); }

}  // namespace satudata::store
