#include "server/catalog/content_upload.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "server/base/log.h"
#include "server/catalog/failure.h"

namespace satudata::catalog {
namespace {

constexpr absl::string_view kIncoming = "incoming";
constexpr absl::string_view kStored = "sha256";
constexpr size_t kMaxExtension = 8;

absl::Status NotStored(absl::string_view what, int error) {
  std::array<char, 128> buffer{};
  const char* why = strerror_r(error, buffer.data(), buffer.size());
  return FailureStatus(absl::StatusCode::kUnavailable, {.reason = Reason::kContentNotStored,
                                                        .args = {{"detail", absl::StrCat(what, ": ", why)}}});
}

absl::Status MakeDirectory(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  return error ? NotStored("mkdir", error.value()) : absl::OkStatus();
}

// What a name in the directory is, too, needs to be on the disk.
absl::Status SyncDirectory(const std::string& path) {
  const int descriptor = open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return NotStored("open", errno);
  const int synced = fsync(descriptor);
  const int error = errno;
  close(descriptor);
  return synced == 0 ? absl::OkStatus() : NotStored("fsync", error);
}

absl::Status NotAsStated(std::string expected, std::string found) {
  return FailureStatus(absl::StatusCode::kInvalidArgument,
                       {.reason = Reason::kContentNotAsStated,
                        .args = {{"expected", std::move(expected)}, {"found", std::move(found)}}});
}

// `.csv` of `Data 2024.CSV`; empty for what is no plain extension.
std::string ExtensionOf(absl::string_view file_name) {
  const size_t dot = file_name.rfind('.');
  if (dot == absl::string_view::npos || file_name.size() - dot - 1 > kMaxExtension) return "";
  std::string extension = absl::AsciiStrToLower(file_name.substr(dot));
  for (const char c : extension.substr(1)) {
    if (!absl::ascii_isalnum(c)) return "";
  }
  return extension.size() > 1 ? extension : "";
}

// Whoever writes an upload holds this lock; it goes with its process.
bool IsAbandoned(const std::string& path) {
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (descriptor < 0) return false;
  const bool abandoned = flock(descriptor, LOCK_EX | LOCK_NB) == 0;
  close(descriptor);
  return abandoned;
}

}  // namespace

ContentUpload::ContentUpload(const ContentOptions& options, absl::string_view file_name, std::string path,
                             int descriptor)
    : directory_(options.directory),
      file_name_(file_name),
      max_bytes_(options.max_file_bytes),
      path_(std::move(path)),
      descriptor_(descriptor) {}

ContentUpload::~ContentUpload() {
  if (!path_.empty()) unlink(path_.c_str());
  close(descriptor_);
}

absl::StatusOr<std::unique_ptr<ContentUpload>> ContentUpload::Begin(const ContentOptions& options,
                                                                    absl::string_view file_name) {
  const std::string incoming = absl::StrCat(options.directory, "/", kIncoming);
  if (absl::Status made = MakeDirectory(incoming); !made.ok()) return made;
  std::string path = absl::StrCat(incoming, "/upload-XXXXXX");
  const int descriptor = mkostemp(path.data(), O_CLOEXEC);
  if (descriptor < 0) return NotStored("open", errno);
  std::unique_ptr<ContentUpload> upload(new ContentUpload(options, file_name, std::move(path), descriptor));
  if (flock(descriptor, LOCK_EX) != 0) return NotStored("flock", errno);
  return upload;
}

absl::Status ContentUpload::Write(absl::string_view bytes) {
  if (size_bytes_ + static_cast<int64_t>(bytes.size()) > max_bytes_) {
    return FailureStatus(absl::StatusCode::kInvalidArgument,
                         {.reason = Reason::kContentTooLarge,
                          .args = {{"file_name", file_name_}, {"limit", absl::StrCat(max_bytes_, " byte")}}});
  }
  hasher_.Update(bytes);
  size_bytes_ += static_cast<int64_t>(bytes.size());
  while (!bytes.empty()) {
    const ssize_t written = write(descriptor_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return NotStored("write", errno);
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return absl::OkStatus();
}

absl::StatusOr<StoredContent> ContentUpload::Finish(const StatedContent& stated) {
  StoredContent stored{.content_name = "", .sha256 = hasher_.FinishHex(), .size_bytes = size_bytes_};
  if (size_bytes_ == 0) {
    return FailureStatus(absl::StatusCode::kInvalidArgument,
                         {.reason = Reason::kContentEmpty, .args = {{"file_name", file_name_}}});
  }
  if (size_bytes_ != stated.size_bytes.value_or(size_bytes_)) {
    return NotAsStated(absl::StrCat(*stated.size_bytes, " byte"), absl::StrCat(size_bytes_, " byte"));
  }
  if (!stated.sha256.empty() && stated.sha256 != stored.sha256) {
    return NotAsStated(absl::StrCat("SHA-256 ", stated.sha256), absl::StrCat("SHA-256 ", stored.sha256));
  }
  stored.content_name = absl::StrCat(kStored, "/", absl::string_view(stored.sha256).substr(0, 2), "/",
                                     stored.sha256, ExtensionOf(file_name_));
  if (absl::Status moved = MoveTo(stored.content_name); !moved.ok()) return moved;
  return stored;
}

// What is there under that name already has the same bytes, unless a crash or a person spoiled it: it is
// replaced by these, whole, at once.
absl::Status ContentUpload::MoveTo(const std::string& content_name) {
  const std::filesystem::path place = std::filesystem::path(directory_) / content_name;
  if (absl::Status made = MakeDirectory(place.parent_path()); !made.ok()) return made;
  // Read by whoever serves or backs up the directory, as other content is; changed by nobody.
  if (fchmod(descriptor_, 0444) != 0) return NotStored("chmod", errno);
  if (fsync(descriptor_) != 0) return NotStored("fsync", errno);
  if (rename(path_.c_str(), place.c_str()) != 0) return NotStored("rename", errno);
  path_.clear();
  return SyncDirectory(place.parent_path());
}

void RemoveAbandonedUploads(const ContentOptions& options) {
  std::error_code error;
  const std::string incoming = absl::StrCat(options.directory, "/", kIncoming);
  std::filesystem::directory_iterator entries(incoming, error);
  if (error) return;  // There was never an upload.
  for (const std::filesystem::directory_entry& entry : entries) {
    if (!IsAbandoned(entry.path())) continue;
    std::filesystem::remove(entry.path(), error);
    base::Log(base::Severity::kInfo, "removed what an upload that broke off had left",
              {{"path", entry.path().string()}, {"error", error ? error.message() : ""}});
  }
}

}  // namespace satudata::catalog
