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
namespace {

absl::Status CannotMake(absl::string_view path, absl::string_view why) {
  return absl::InvalidArgumentError(
      absl::StrCat("DATABASE_URL: cannot make ", path, " (", why, "); choose a place that can be written"));
}

}  // namespace

absl::StatusOr<std::unique_ptr<ProcessLock>> ProcessLock::Take(const std::string& path) {
  const std::string lock_path = absl::StrCat(path, ".lock");
  std::error_code error;
  const std::filesystem::path directory = std::filesystem::path(path).parent_path();
  if (!directory.empty()) std::filesystem::create_directories(directory, error);
  // Without its directory the file is merely "not there", which says less than why that could not be made.
  if (error) return CannotMake(directory.string(), error.message());
  const int fd = ::open(lock_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return CannotMake(lock_path, std::strerror(errno));
  std::unique_ptr<ProcessLock> lock(new ProcessLock(fd));
  if (::flock(fd, LOCK_EX | LOCK_NB) == 0) return lock;
  return absl::FailedPreconditionError(absl::StrCat(
      "DATABASE_URL: ", path, " is in use by another server; stop that one, or choose another file"));
}

ProcessLock::~ProcessLock() { ::close(fd_); }

}  // namespace satudata::store
