#include "server/catalog/content.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "server/base/hash.h"
#include "server/catalog/failure.h"

namespace satudata::catalog {
namespace {

constexpr size_t kPieceBytes = 64 << 10;

absl::Status Failed(absl::StatusCode code, Reason reason, FailureArgs args) {
  return FailureStatus(code, Failure{.reason = reason, .args = std::move(args)});
}

absl::Status Missing(absl::string_view file_name) {
  return Failed(absl::StatusCode::kNotFound, Reason::kContentMissing,
                {{"file_name", std::string(file_name)}});
}

absl::Status Unreadable(absl::string_view file_name, absl::string_view detail) {
  return Failed(absl::StatusCode::kFailedPrecondition, Reason::kContentUnreadable,
                {{"file_name", std::string(file_name)}, {"detail", std::string(detail)}});
}

absl::Status OutsideOfDirectory(absl::string_view file_name) {
  return Failed(absl::StatusCode::kInvalidArgument, Reason::kFieldInvalid,
                {{"field", "filename"}, {"value", std::string(file_name)}, {"expected", "<CONTENT_DIR>/…"}});
}

absl::Status FromErrno(absl::string_view file_name, int error) {
  if (error == ENOENT || error == ENOTDIR) return Missing(file_name);
  std::array<char, 128> buffer{};
  return Unreadable(file_name, strerror_r(error, buffer.data(), buffer.size()));
}

bool LeavesDirectory(absl::string_view file_name) {
  if (file_name.empty() || file_name.front() == '/' || absl::StrContains(file_name, '\0')) return true;
  for (absl::string_view piece : absl::StrSplit(file_name, '/')) {
    if (piece == "..") return true;
  }
  return false;
}

// The path with every symbolic link followed; empty, with errno set, if it leads nowhere.
std::string RealPath(const std::string& path) {
  const std::unique_ptr<char, decltype(&std::free)> real(realpath(path.c_str(), nullptr), &std::free);
  return real == nullptr ? "" : std::string(real.get());
}

// Where the content really is, inside of the content directory.
absl::StatusOr<std::string> Locate(const ContentOptions& options, absl::string_view file_name) {
  if (LeavesDirectory(file_name)) return OutsideOfDirectory(file_name);
  const std::string directory = RealPath(options.directory);
  if (directory.empty()) return FromErrno(file_name, errno);
  std::string path = RealPath(absl::StrCat(directory, "/", file_name));
  if (path.empty()) return FromErrno(file_name, errno);
  const std::string inside = absl::EndsWith(directory, "/") ? directory : absl::StrCat(directory, "/");
  if (!absl::StartsWith(path, inside)) return OutsideOfDirectory(file_name);
  return path;
}

// Owns a file descriptor.
class OpenFile {
 public:
  explicit OpenFile(int descriptor) : descriptor_(descriptor) {}
  ~OpenFile() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  OpenFile(OpenFile&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  OpenFile& operator=(OpenFile&&) = delete;

  int descriptor() const { return descriptor_; }
  int Release() { return std::exchange(descriptor_, -1); }

 private:
  int descriptor_;
};

// Not following: the path has no links, or none any more. Not blocking: it may be a pipe.
constexpr int kOpenFlags = O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;

bool IsRegular(const OpenFile& file) {
  struct stat info {};
  return file.descriptor() >= 0 && fstat(file.descriptor(), &info) == 0 && S_ISREG(info.st_mode);
}

// Opens what can be reached without a single symbolic link under the directory, as most can; -1 for the rest,
// and where the system does not know how.
int OpenWithoutLinks(const ContentOptions& options, absl::string_view file_name) {
  const OpenFile directory(open(options.directory.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (directory.descriptor() < 0) return -1;
  open_how how{};
  how.flags = kOpenFlags;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS;
  const std::string name(file_name);
  return static_cast<int>(syscall(SYS_openat2, directory.descriptor(), name.c_str(), &how, sizeof(how)));
}

absl::StatusOr<OpenFile> Open(const ContentOptions& options, absl::string_view file_name) {
  if (!LeavesDirectory(file_name)) {
    OpenFile direct(OpenWithoutLinks(options, file_name));
    if (IsRegular(direct)) return direct;
  }
  absl::StatusOr<std::string> path = Locate(options, file_name);
  if (!path.ok()) return std::move(path).status();
  OpenFile file(open(path->c_str(), kOpenFlags));
  if (file.descriptor() < 0) return FromErrno(file_name, errno);
  return file;
}

absl::StatusOr<ContentStamp> StampOf(const OpenFile& file, absl::string_view file_name) {
  struct stat info {};
  if (fstat(file.descriptor(), &info) != 0) return FromErrno(file_name, errno);
  if (!S_ISREG(info.st_mode)) return Unreadable(file_name, "not a regular file");
  return ContentStamp{.size_bytes = info.st_size,
                      .mtime_us = int64_t{info.st_mtim.tv_sec} * 1'000'000 + info.st_mtim.tv_nsec / 1000};
}

// Whether the first bytes are those of text. UTF-16 is text too, if of a kind that we do not read.
bool LooksLikeText(absl::string_view head) {
  for (absl::string_view magic :
       {"%PDF-", "{\\rtf", "\xD0\xCF\x11\xE0", "PK\x03\x04", "\x89PNG", "\xFF\xD8\xFF", "\x1F\x8B"}) {
    if (absl::StartsWith(head, magic)) return false;
  }
  if (absl::StartsWith(head, "\xFF\xFE") || absl::StartsWith(head, "\xFE\xFF")) return true;
  return !absl::StrContains(head, '\0');
}

enum class Keeping { kText, kNothing };

// One pass over a file: hashes all of it, and keeps it if it is text that is wanted.
class ContentReader {
 public:
  ContentReader(const ContentOptions& options, absl::string_view file_name, Keeping keeping)
      : options_(options), file_name_(file_name), keeping_(keeping) {}

  absl::Status ReadAll(const OpenFile& file) {
    std::string piece(kPieceBytes, '\0');
    while (true) {
      const ssize_t size = read(file.descriptor(), piece.data(), piece.size());
      if (size < 0 && errno == EINTR) continue;
      if (size < 0) return FromErrno(file_name_, errno);
      if (size == 0) return absl::OkStatus();
      absl::Status taken = Take(absl::string_view(piece.data(), static_cast<size_t>(size)));
      if (!taken.ok()) return taken;
    }
  }

  absl::StatusOr<Content> Finish(const ContentStamp& stamp) {
    Content content;
    content.stamp = stamp;
    content.sha256 = hasher_.FinishHex();
    content.tabular = is_text_;
    if (!is_text_) return content;
    absl::StatusOr<std::vector<IndicatorValue>> values = ReadCsvValues(text_, file_name_, options_.csv);
    if (!values.ok()) return std::move(values).status();
    content.values = *std::move(values);
    return content;
  }

 private:
  absl::Status Take(absl::string_view piece) {
    if (at_head_) is_text_ = keeping_ == Keeping::kText && LooksLikeText(piece);
    at_head_ = false;
    hasher_.Update(piece);
    if (!is_text_) return absl::OkStatus();
    absl::StrAppend(&text_, piece);
    if (static_cast<int64_t>(text_.size()) <= options_.max_file_bytes) return absl::OkStatus();
    const std::string limit = absl::StrCat(options_.max_file_bytes, " byte");
    return Failed(absl::StatusCode::kInvalidArgument, Reason::kContentTooLarge,
                  {{"file_name", std::string(file_name_)}, {"limit", limit}});
  }

  const ContentOptions& options_;
  const absl::string_view file_name_;
  const Keeping keeping_;
  base::Sha256 hasher_;
  bool at_head_ = true;
  bool is_text_ = false;
  std::string text_;
};

absl::StatusOr<Content> Read(const ContentOptions& options, absl::string_view file_name, Keeping keeping) {
  absl::StatusOr<OpenFile> file = Open(options, file_name);
  if (!file.ok()) return std::move(file).status();
  absl::StatusOr<ContentStamp> stamp = StampOf(*file, file_name);
  if (!stamp.ok()) return std::move(stamp).status();
  ContentReader reader(options, file_name, keeping);
  if (absl::Status read = reader.ReadAll(*file); !read.ok()) return read;
  return reader.Finish(*stamp);
}

}  // namespace

bool IsMissing(const ContentOptions& options, absl::string_view file_name) {
  if (LeavesDirectory(file_name)) return false;
  struct stat info {};
  const std::string path = absl::StrCat(options.directory, "/", file_name);
  return lstat(path.c_str(), &info) != 0 && (errno == ENOENT || errno == ENOTDIR);
}

absl::StatusOr<ContentStamp> StatContent(const ContentOptions& options, absl::string_view file_name) {
  absl::StatusOr<OpenFile> file = Open(options, file_name);
  if (!file.ok()) return std::move(file).status();
  return StampOf(*file, file_name);
}

absl::StatusOr<Content> ReadContent(const ContentOptions& options, absl::string_view file_name) {
  return Read(options, file_name, Keeping::kText);
}

absl::StatusOr<Content> HashContent(const ContentOptions& options, absl::string_view file_name) {
  return Read(options, file_name, Keeping::kNothing);
}

absl::StatusOr<int> OpenContent(const ContentOptions& options, absl::string_view file_name) {
  absl::StatusOr<OpenFile> file = Open(options, file_name);
  if (!file.ok()) return std::move(file).status();
  if (const absl::StatusOr<ContentStamp> stamp = StampOf(*file, file_name); !stamp.ok())
    return stamp.status();
  return file->Release();
}

}  // namespace satudata::catalog
