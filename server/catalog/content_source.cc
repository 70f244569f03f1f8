#include "server/catalog/content_source.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "absl/strings/strip.h"
#include "server/catalog/failure.h"
#include "server/tables/file_kind.h"

namespace satudata::catalog {
namespace {

class DirectoryContentFile final : public ContentFile {
 public:
  DirectoryContentFile(std::string name, int descriptor) : name_(std::move(name)), descriptor_(descriptor) {
    struct stat info {};
    size_ = fstat(descriptor, &info) == 0 ? info.st_size : 0;
  }
  ~DirectoryContentFile() override { close(descriptor_); }
  DirectoryContentFile(const DirectoryContentFile&) = delete;
  DirectoryContentFile& operator=(const DirectoryContentFile&) = delete;

  int64_t size_bytes() const override { return size_; }

  absl::StatusOr<size_t> ReadAt(int64_t offset, char* to, size_t size) const override {
    size_t filled = 0;
    while (filled < size) {
      const ssize_t count =
          pread(descriptor_, to + filled, size - filled, offset + static_cast<int64_t>(filled));
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return Unreadable();
      if (count == 0) break;
      filled += static_cast<size_t>(count);
    }
    return filled;
  }

  absl::StatusOr<std::string> Type() const override {
    absl::StatusOr<std::string> type = TypeOfBytes(descriptor_);
    if (!type.ok()) return Unreadable();
    return type;
  }

 private:
  absl::Status Unreadable() const {
    return FailureStatus(
        absl::StatusCode::kFailedPrecondition,
        {.reason = Reason::kContentUnreadable, .args = {{"file_name", name_}, {"detail", "read error"}}});
  }

  const std::string name_;
  const int descriptor_;
  int64_t size_ = 0;
};

}  // namespace

absl::StatusOr<std::string> TypeOfBytes(int descriptor) {
  const absl::StatusOr<tables::FileKind> kind = tables::SniffKind(descriptor);
  if (!kind.ok()) return kind.status();
  const absl::string_view extension = tables::ExtensionOf(*kind);
  return extension == ".bin" ? "" : std::string(absl::StripPrefix(extension, "."));
}

absl::StatusOr<std::unique_ptr<ContentFile>> DirectoryContentSource::Open(absl::string_view file_name) {
  const absl::StatusOr<int> descriptor = OpenContent(options_, file_name);
  if (!descriptor.ok()) return descriptor.status();
  return std::make_unique<DirectoryContentFile>(std::string(file_name), *descriptor);
}

}  // namespace satudata::catalog
