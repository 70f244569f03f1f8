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
#include <functional>
#include <memory>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "server/base/hash.h"
#include "server/catalog/column_names.h"
#include "server/catalog/csv_table.h"
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
  return absl::EndsWithIgnoreCase(file_name, ".csv") || absl::EndsWithIgnoreCase(file_name, ".xls") ||
         absl::EndsWithIgnoreCase(file_name, ".xlsx");
}

// What carries no values, by its first bytes.
struct OtherKind {
  absl::string_view magic;
  absl::string_view extension;
};
constexpr OtherKind kOtherKinds[] = {
    {"%PDF-", ".pdf"},   {"{\\rtf", ".rtf"},       {"\xD0\xCF\x11\xE0", ".doc"}, {"PK\x03\x04", ".zip"},
    {"\x89PNG", ".png"}, {"\xFF\xD8\xFF", ".jpg"}, {"\x1F\x8B", ".gz"}};

bool IsHtml(absl::string_view head) {
  absl::ConsumePrefix(&head, "\xEF\xBB\xBF");
  head = absl::StripLeadingAsciiWhitespace(head);
  return absl::StartsWithIgnoreCase(head, "<!doctype html") || absl::StartsWithIgnoreCase(head, "<html") ||
         absl::StartsWithIgnoreCase(head, "<table");
}

// The extension of what is no table; empty for a text. UTF-16 is text too, if of a kind that we do not read.
absl::string_view KindWithoutRows(absl::string_view head) {
  for (const OtherKind& kind : kOtherKinds) {
    if (absl::StartsWith(head, kind.magic)) return kind.extension;
  }
  if (IsHtml(head)) return ".html";
  if (absl::StartsWith(head, "\xFF\xFE") || absl::StartsWith(head, "\xFE\xFF")) return "";
  return absl::StrContains(head, '\0') ? absl::string_view(".bin") : "";
}

// ---- Reading ----

// From the file's beginning to its end.
absl::Status ForEachPiece(const OpenFile& file, absl::string_view file_name,
                          const std::function<absl::Status(absl::string_view)>& take) {
  std::string piece(kPieceBytes, '\0');
  off_t at = 0;
  while (true) {
    const ssize_t size = pread(file.descriptor(), piece.data(), piece.size(), at);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return FromErrno(file_name, errno);
    if (size == 0) return absl::OkStatus();
    at += size;
    if (absl::Status taken = take(absl::string_view(piece).substr(0, static_cast<size_t>(size)));
        !taken.ok()) {
      return taken;
    }
  }
}

constexpr absl::string_view kNoTable = "no table: ";

// The rows of a table. UNIMPLEMENTED, with kNoTable and an extension, for what is none.
absl::StatusOr<std::unique_ptr<tables::TableReader>> OpenRows(const ContentOptions& options,
                                                              const OpenFile& file,
                                                              absl::string_view file_name) {
  std::string bytes;
  const absl::Status read = ForEachPiece(file, file_name, [&](absl::string_view piece) -> absl::Status {
    const absl::string_view kind = bytes.empty() ? KindWithoutRows(piece) : "";
    if (!kind.empty()) return absl::UnimplementedError(absl::StrCat(kNoTable, kind));
    absl::StrAppend(&bytes, piece);
    if (static_cast<int64_t>(bytes.size()) <= options.max_file_bytes) return absl::OkStatus();
    return absl::ResourceExhaustedError(absl::StrCat(options.max_file_bytes, " byte"));
  });
  if (!read.ok()) return read;
  const ColumnNames names(options.figures.aliases);
  return OpenCsv(std::move(bytes), [&names](const auto& cells) { return names.CountKnown(cells); });
}

// The values of what is a table; nothing for what need not be one.
absl::Status ReadValues(const ContentOptions& options, const OpenFile& file, absl::string_view file_name,
                        const FileMapping& mapping, Content& content) {
  auto rows = OpenRows(options, file, file_name);
  absl::string_view kind = rows.status().message();
  const bool is_no_table = !rows.ok() && absl::ConsumePrefix(&kind, kNoTable);
  // Kinds whose readers are not there carry no values, whatever their name.
  const bool is_unread = kind == ".doc" || kind == ".zip";
  if (is_no_table && IsMeantAsTable(file_name, mapping) && !is_unread) return Unreadable(file_name, kind);
  if (is_no_table) return absl::OkStatus();
  if (!rows.ok()) return ReaderFailure(rows.status(), file_name);
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
  return lstat(path.c_str(), &info) != 0 && (errno == ENOENT || errno == ENOTDIR);
}

absl::StatusOr<ContentStamp> StatContent(const ContentOptions& options, absl::string_view file_name) {
  absl::StatusOr<OpenFile> file = Open(options, file_name);
  if (!file.ok()) return std::move(file).status();
  return StampOf(*file, file_name);
}

std::string ContentRules(const ContentOptions& options) {
  // Raised with each change of what is read, and how.
  constexpr absl::string_view kVersion = "figures-1";
  const std::string aliases = options.figures.aliases.Fingerprint();
  return absl::StrCat(kVersion, "/", base::Sha256Hex(aliases).substr(0, 12));
}

absl::StatusOr<Content> ReadContent(const ContentOptions& options, absl::string_view file_name,
                                    const FileMapping& mapping) {
  absl::StatusOr<OpenFile> file = Open(options, file_name);
  if (!file.ok()) return std::move(file).status();
  absl::StatusOr<ContentStamp> stamp = StampOf(*file, file_name);
  if (!stamp.ok()) return std::move(stamp).status();
  base::Sha256 hasher;
  const absl::Status hashed = ForEachPiece(*file, file_name, [&hasher](absl::string_view piece) {
    hasher.Update(piece);
    return absl::OkStatus();
  });
  if (!hashed.ok()) return hashed;
  Content content = {.stamp = *stamp, .sha256 = hasher.FinishHex(), .rules = ContentRules(options)};
  const bool is_empty = stamp->size_bytes == 0;
  if (is_empty && IsMeantAsTable(file_name, mapping)) return Unreadable(file_name, "0 byte");
  if (is_empty) return content;
  if (absl::Status read = ReadValues(options, *file, file_name, mapping, content); !read.ok()) return read;
  return content;
}

}  // namespace satudata::catalog
