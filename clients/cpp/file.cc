#include "clients/cpp/file.h"

#include <cerrno>
#include <fstream>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace satudata::integration {
namespace {

constexpr size_t kMaxBytes = 1 << 20;

}  // namespace

absl::StatusOr<std::string> ReadSmallFile(absl::string_view path) {
  errno = 0;
  std::ifstream file{std::string(path), std::ios::binary};
  if (!file) return absl::ErrnoToStatus(errno == 0 ? EIO : errno, absl::StrCat("cannot open ", path));
  std::string content(kMaxBytes + 1, '\0');
  file.read(content.data(), static_cast<std::streamsize>(content.size()));
  if (file.bad()) return absl::ErrnoToStatus(errno == 0 ? EIO : errno, absl::StrCat("cannot read ", path));
  content.resize(static_cast<size_t>(file.gcount()));
  if (content.size() > kMaxBytes) return absl::OutOfRangeError(absl::StrCat(path, " is larger than 1 MiB"));
  return content;
}

}  // namespace satudata::integration
