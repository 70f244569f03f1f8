#include "server/web/page_files.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace satudata::web {
namespace {

namespace fs = std::filesystem;

constexpr size_t kMaxBytes = 64 << 20;
constexpr size_t kMaxFiles = 2000;

absl::Status Failure(const fs::path& path, absl::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat(path.string(), ": ", why));
}

bool IsHidden(const fs::path& path) { return absl::StartsWith(path.filename().string(), "."); }

bool IsWithin(const fs::path& path, const fs::path& root) {
  return std::mismatch(root.begin(), root.end(), path.begin(), path.end()).first == root.end();
}

absl::StatusOr<std::string> ReadFile(const fs::path& path, size_t limit) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  const std::streamoff size = file ? static_cast<std::streamoff>(file.tellg()) : -1;
  if (size < 0) return Failure(path, "cannot be read");
  if (static_cast<size_t>(size) > limit) return Failure(path, "the files of the page are more than 64 MiB");
  std::string bytes(static_cast<size_t>(size), '\0');
  file.seekg(0);
  if (!file.read(bytes.data(), size)) return Failure(path, "cannot be read");
  return bytes;
}

class Reader {
 public:
  explicit Reader(fs::path root) : root_(std::move(root)) {}

  absl::Status Add(const fs::directory_entry& entry) {
    std::error_code error;
    const fs::path target = fs::canonical(entry.path(), error);
    if (error) return Failure(entry.path(), error.message());
    if (!IsWithin(target, root_)) return Failure(entry.path(), "leads out of the directory");
    if (!fs::is_regular_file(target, error)) return absl::OkStatus();
    if (files_.size() == kMaxFiles) return Failure(root_, "more than 2,000 files");
    absl::StatusOr<std::string> bytes = ReadFile(target, kMaxBytes - bytes_);
    if (!bytes.ok()) return bytes.status();
    bytes_ += bytes->size();
    files_[absl::StrCat("/", entry.path().lexically_relative(root_).generic_string())] = *std::move(bytes);
    return absl::OkStatus();
  }

  PageFiles TakeFiles() { return std::move(files_); }

 private:
  const fs::path root_;
  PageFiles files_;
  size_t bytes_ = 0;
};

}  // namespace

absl::StatusOr<PageFiles> ReadPageFiles(const std::string& directory) {
  std::error_code error;
  const fs::path root = fs::canonical(directory, error);
  if (error) return Failure(directory, error.message());
  Reader reader(root);
  fs::recursive_directory_iterator entry(root, error);
  for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    if (IsHidden(entry->path())) {
      entry.disable_recursion_pending();
    } else if (absl::Status status = reader.Add(*entry); !status.ok()) {
      return status;
    }
  }
  if (error) return Failure(directory, error.message());
  return reader.TakeFiles();
}

}  // namespace satudata::web
