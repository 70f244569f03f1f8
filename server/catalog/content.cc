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

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "server/base/hash.h"
#include "server/catalog/column_names.h"
#include "server/catalog/failure.h"
#include "server/tables/open_table.h"

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

// Titles that serve as file names are longer than a name on the disk can be.
bool SaysThatNothingIsThere(int error) {
  return error == ENOENT || error == ENOTDIR || error == ENAMETOOLONG;
}

absl::Status FromErrno(absl::string_view file_name, int error) {
  if (SaysThatNothingIsThere(error)) return Missing(file_name);
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

// ---- What it is ----

// Whether somebody expects figures in it.
bool IsMeantAsTable(absl::string_view file_name, const FileMapping& mapping) {
  if (!mapping.empty()) return true;
  for (absl::string_view extension : {".csv", ".xls", ".xlsx", ".xlsm", ".xlsb", ".ods"}) {
    if (absl::EndsWithIgnoreCase(file_name, extension)) return true;
  }
  return false;
}

// ---- Reading ----

// From the file's beginning to its end.
absl::StatusOr<std::string> HashOf(const OpenFile& file, absl::string_view file_name) {
  base::Sha256 hasher;
  std::string piece(kPieceBytes, '\0');
  off_t at = 0;
  while (true) {
    const ssize_t size = pread(file.descriptor(), piece.data(), piece.size(), at);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return FromErrno(file_name, errno);
    if (size == 0) return hasher.FinishHex();
    at += size;
    hasher.Update(absl::string_view(piece).substr(0, static_cast<size_t>(size)));
  }
}

absl::StatusOr<Content> Hash(const OpenFile& file, absl::string_view path) {
  absl::StatusOr<ContentStamp> stamp = StampOf(file, path);
  if (!stamp.ok()) return std::move(stamp).status();
  absl::StatusOr<std::string> sha256 = HashOf(file, path);
  if (!sha256.ok()) return std::move(sha256).status();
  return Content{.stamp = *stamp, .sha256 = *std::move(sha256)};
}

absl::Status TooLarge(absl::string_view file_name, int64_t limit) {
  return Failed(absl::StatusCode::kInvalidArgument, Reason::kContentTooLarge,
                {{"file_name", std::string(file_name)}, {"limit", absl::StrCat(limit, " byte")}});
}

// The values of what is a table; nothing for what need not be one.
absl::Status ReadValues(const ContentOptions& options, const OpenFile& file, absl::string_view file_name,
                        const FileMapping& mapping, Content& content) {
  const ColumnNames names(options.figures.aliases);
  auto rows = tables::OpenTable(
      file.descriptor(), {.rank_headings = [&names](const auto& cells) { return names.CountKnown(cells); }});
  absl::string_view kind = rows.status().message();
  if (absl::IsUnimplemented(rows.status()) && absl::ConsumePrefix(&kind, "no table: ")) {
    return IsMeantAsTable(file_name, mapping) ? Unreadable(file_name, kind) : absl::OkStatus();
  }
  if (!rows.ok()) return ReaderFailure(rows.status(), file_name);
  if (content.stamp.size_bytes > options.max_file_bytes) return TooLarge(file_name, options.max_file_bytes);
  absl::StatusOr<std::vector<IndicatorValue>> values =
      ReadFigures(**rows, file_name, mapping, options.figures);
  if (!values.ok()) return std::move(values).status();
  content.tabular = true;
  content.values = *std::move(values);
  return absl::OkStatus();
}

}  // namespace

bool IsMissing(const ContentOptions& options, absl::string_view file_name) {
  if (LeavesDirectory(file_name)) return false;
  struct stat info {};
  const std::string path = absl::StrCat(options.directory, "/", file_name);
  return lstat(path.c_str(), &info) != 0 && SaysThatNothingIsThere(errno);
}

absl::StatusOr<ContentStamp> StatContent(const ContentOptions& options, absl::string_view file_name) {
  absl::StatusOr<OpenFile> file = Open(options, file_name);
  if (!file.ok()) return std::move(file).status();
  return StampOf(*file, file_name);
}

absl::StatusOr<int> OpenContent(const ContentOptions& options, absl::string_view path) {
  absl::StatusOr<OpenFile> file = Open(options, path);
  if (!file.ok()) return std::move(file).status();
  if (const auto stamp = StampOf(*file, path); !stamp.ok()) return stamp.status();
  return file->Release();
}

std::string ContentRules(const ContentOptions& options) {
  // Raised with each change of what is read, and how.
  constexpr absl::string_view kVersion = "figures-2";
  const std::string aliases = options.figures.aliases.Fingerprint();
  return absl::StrCat(kVersion, "/", base::Sha256Hex(aliases).substr(0, 12));
}

absl::StatusOr<Content> HashContent(const ContentOptions& options, absl::string_view path) {
  absl::StatusOr<OpenFile> file = Open(options, path);
  if (!file.ok()) return std::move(file).status();
  absl::StatusOr<Content> content = Hash(*file, path);
  if (content.ok()) content->rules = ContentRules(options);
  return content;
}

absl::StatusOr<Content> ReadContent(const ContentOptions& options, absl::string_view path,
                                    absl::string_view file_name, const FileMapping& mapping) {
  if (file_name.empty()) file_name = path;
  absl::StatusOr<OpenFile> file = Open(options, path);
  if (!file.ok()) return std::move(file).status();
  absl::StatusOr<Content> content = Hash(*file, path);
  if (!content.ok()) return content;
  content->rules = ContentRules(options);
  const bool is_empty = content->stamp.size_bytes == 0;
  if (is_empty && IsMeantAsTable(file_name, mapping)) return Unreadable(file_name, "0 byte");
  if (is_empty) return content;
  if (absl::Status read = ReadValues(options, *file, file_name, mapping, *content); !read.ok()) return read;
  return content;
}

}  // namespace satudata::catalog
