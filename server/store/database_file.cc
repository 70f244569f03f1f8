#include "server/store/database_file.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "server/store/migrations.h"

namespace satudata::store {
namespace {

// SQLite's header: https://www.sqlite.org/fileformat.html#the_database_header
constexpr size_t kHeaderBytes = 100;
constexpr absl::string_view kMagic("SQLite format 3\0", 16);
constexpr size_t kReadVersionOffset = 19;    // 1: without a log, 2: with one.
constexpr size_t kApplicationIdOffset = 68;  // Four bytes, the highest first.

using Header = std::array<char, kHeaderBytes>;

int64_t ApplicationIdOf(const Header& header) {
  uint32_t id = 0;
  for (size_t i = 0; i < sizeof(id); ++i) {
    id = id << 8U | static_cast<unsigned char>(header[kApplicationIdOffset + i]);
  }
  return id;
}

absl::Status Refuse(const std::string& path, absl::string_view why) {
  return absl::FailedPreconditionError(absl::StrCat(path, " ", why));
}

absl::Status CheckHeader(const std::string& path, const Header& header, size_t size) {
  if (size < kHeaderBytes || absl::string_view(header.data(), kMagic.size()) != kMagic) {
    return Refuse(path, "is not a SQLite database; move it away, or set DATABASE_URL to another file");
  }
  if (ApplicationIdOf(header) == kApplicationId) return absl::OkStatus();
  return Refuse(path, "is the database of another program; set DATABASE_URL to another file");
}

}  // namespace

absl::Status CheckDatabaseFile(const std::string& path) {
  std::error_code error;
  const std::filesystem::file_status status = std::filesystem::status(path, error);
  if (!std::filesystem::exists(status)) return absl::OkStatus();
  if (std::filesystem::is_directory(status)) {
    return Refuse(path, "is a directory; set DATABASE_URL to a file in it, or to another file");
  }
  if (!std::filesystem::is_regular_file(status)) {
    return Refuse(path, "is not a regular file; set DATABASE_URL to another file");
  }
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return Refuse(path, absl::StrCat("cannot be read (", std::strerror(errno),
                                     "); let this user read and write it and its directory"));
  }
  Header header{};
  file.read(header.data(), header.size());
  const auto size = static_cast<size_t>(file.gcount());
  return size == 0 ? absl::OkStatus() : CheckHeader(path, header, size);
}

bool HasStaleLog(const std::string& path) {
  std::error_code error;
  const std::string log = absl::StrCat(path, "-wal");
  if (!std::filesystem::exists(log, error) || std::filesystem::file_size(log, error) == 0) return false;
  std::ifstream file(path, std::ios::binary);
  Header header{};
  return file.read(header.data(), header.size()) && header[kReadVersionOffset] == 1;
}

}  // namespace satudata::store
