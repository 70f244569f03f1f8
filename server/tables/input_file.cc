#include "server/tables/input_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "absl/strings/str_cat.h"

namespace satudata::tables {
namespace {

absl::Status DiskFailure(int error) {
  return absl::UnavailableError(absl::StrCat("reading the file: ", std::strerror(error)));
}

}  // namespace

absl::StatusOr<std::shared_ptr<const InputFile>> InputFile::Create(int fd) {
  struct stat info = {};
  if (fstat(fd, &info) != 0) return DiskFailure(errno);
  if (!S_ISREG(info.st_mode)) return absl::UnavailableError("reading the file: not a regular file");
  const int own = fcntl(fd, F_DUPFD_CLOEXEC, 0);
  if (own < 0) return DiskFailure(errno);
  return std::make_shared<const InputFile>(own, info.st_size);
}

InputFile::~InputFile() { close(fd_); }

absl::StatusOr<size_t> InputFile::ReadAt(int64_t offset, char* out, size_t length) const {
  size_t done = 0;
  while (done < length) {
    const ssize_t got = pread(fd_, out + done, length - done, offset + static_cast<int64_t>(done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return DiskFailure(errno);
    if (got == 0) break;
    done += static_cast<size_t>(got);
  }
  return done;
}

absl::StatusOr<std::string> InputFile::ReadAt(int64_t offset, size_t length) const {
  const int64_t left = std::max<int64_t>(0, size_ - offset);
  std::string bytes(std::min(length, static_cast<size_t>(left)), '\0');
  const absl::StatusOr<size_t> got = ReadAt(offset, bytes.data(), bytes.size());
  if (!got.ok()) return got.status();
  bytes.resize(*got);
  return bytes;
}

}  // namespace satudata::tables
