#include "server/main/text_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "absl/strings/str_cat.h"

namespace satudata::main {
namespace {

constexpr size_t kMaxFileBytes = 1 << 20;

// A file descriptor that closes itself.
class OpenFile {
 public:
  OpenFile(const std::string& path, int flags, mode_t mode = 0)
      : fd_(::open(path.c_str(), flags | O_CLOEXEC, mode)) {}
  ~OpenFile() {
    if (fd_ >= 0) ::close(fd_);
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  int fd() const { return fd_; }

 private:
  const int fd_;
};

std::string Why() { return std::strerror(errno); }

absl::Status Failure(const std::string& path, absl::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat(path, ": ", why));
}

absl::Status WriteAll(int fd, const std::string& path, absl::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(fd, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return Failure(path, Why());
    text.remove_prefix(static_cast<size_t>(written));
  }
  return ::fsync(fd) == 0 ? absl::OkStatus() : Failure(path, Why());
}

}  // namespace

absl::StatusOr<std::string> ReadTextFile(const std::string& path) {
  const OpenFile file(path, O_RDONLY);
  if (file.fd() < 0 && errno == ENOENT) return absl::NotFoundError(absl::StrCat(path, ": no such file"));
  if (file.fd() < 0) return Failure(path, Why());
  std::string text;
  char buffer[4096];
  while (true) {
    const ssize_t count = ::read(file.fd(), buffer, sizeof(buffer));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return Failure(path, Why());
    if (count == 0) return text;
    text.append(buffer, static_cast<size_t>(count));
    if (text.size() > kMaxFileBytes) return Failure(path, "larger than 1 MiB");
  }
}

absl::Status WriteTextFile(const std::string& path, absl::string_view text) {
  const std::string draft = absl::StrCat(path, ".", ::getpid(), ".new");
  {
    const OpenFile file(draft, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    if (file.fd() < 0) return Failure(draft, Why());
    if (absl::Status status = WriteAll(file.fd(), draft, text); !status.ok()) return status;
  }
  if (std::rename(draft.c_str(), path.c_str()) != 0) return Failure(path, Why());
  return absl::OkStatus();
}

absl::Status CreatePrivateFile(const std::string& path, absl::string_view text) {
  std::error_code error;
  const std::filesystem::path directory = std::filesystem::path(path).parent_path();
  if (!directory.empty()) std::filesystem::create_directories(directory, error);
  if (error) return Failure(directory.string(), error.message());
  const OpenFile file(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
  if (file.fd() < 0 && errno == EEXIST) return absl::AlreadyExistsError(path);
  if (file.fd() < 0) return Failure(path, Why());
  return WriteAll(file.fd(), path, text);
}

}  // namespace satudata::main
