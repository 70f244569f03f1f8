#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <tuple>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "server/base/random.h"
#include "server/store/offline_database.h"
#include "server/store/sqlite_file.h"
#include "server/store/store_tools.h"

namespace satudata::store {
namespace {

constexpr int kStepsBetweenLooks = 10'000;  // Of SQLite's virtual machine.

[[noreturn]] void FailOn(const std::string& file, absl::string_view step, int error) {
  throw Trouble{Obstacle::kFailed, file,
                absl::StrCat("cannot ", step, " ", file, " (", std::strerror(error),
                             "); see that its directory is there, has room and can be written")};
}

int AskToStop(void* stop) { return (*static_cast<const StopAsked*>(stop))() ? 1 : 0; }

// What the disk has taken is there after a power cut.
void Flush(const std::string& path, int flags) {
  const int fd = ::open(path.c_str(), flags | O_CLOEXEC);
  if (fd < 0) FailOn(path, "open", errno);
  const absl::Cleanup close = [fd] { ::close(fd); };
  if (::fsync(fd) != 0) FailOn(path, "write", errno);
}

// For this user alone: there are hashes of passwords in it.
void CreateEmpty(const std::string& path) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0) FailOn(path, "make", errno);
  ::close(fd);
}

void CopyInto(const std::string& database, const std::string& path, const StopAsked& stop) {
  Connection connection({.path = database, .missing = Missing::kIsAnError});
  sqlite_api::sqlite3_progress_handler(connection.sqlite(), kStepsBetweenLooks, &AskToStop,
                                       const_cast<StopAsked*>(&stop));
  try {
    connection.ExecuteOnce(absl::StrCat("VACUUM INTO '", absl::StrReplaceAll(path, {{"'", "''"}}), "'"));
  } catch (const soci::sqlite3_soci_error&) {
    if (stop()) throw Trouble{Obstacle::kStopped, database, ""};
    throw;
  }
}

void CheckCopy(const std::string& path) {
  Connection connection({.path = path, .missing = Missing::kIsAnError});
  const auto finding = connection.SelectOne<std::string>("PRAGMA quick_check(1)", std::tuple<>());
  if (finding != "ok") {
    throw Trouble{Obstacle::kFailed, path,
                  std::string(DamagedDatabase(path, finding.value_or("")).message())};
  }
}

// Never over a file that came there meanwhile.
void PutInPlace(const std::string& from, const std::string& to) {
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return;
  if (errno == EEXIST) throw Trouble{Obstacle::kExists, to, ""};
  // Some file systems do not know that way.
  const bool is_unknown = errno == EINVAL || errno == ENOSYS;
  if (!is_unknown || ::rename(from.c_str(), to.c_str()) != 0) FailOn(to, "make", errno);
}

int64_t BackUpFile(const std::string& database, const std::string& file, const StopAsked& stop) {
  const std::filesystem::path target = std::filesystem::absolute(file);
  const std::string directory = target.parent_path().string();
  if (std::filesystem::exists(std::filesystem::symlink_status(target))) {
    throw Trouble{Obstacle::kExists, file, ""};
  }
  const std::string part =
      absl::StrCat(directory, "/.", target.filename().string(), ".", base::NewUuid().substr(0, 8), ".part");
  CreateEmpty(part);
  const absl::Cleanup remove = [&part] { ::unlink(part.c_str()); };
  CopyInto(database, part, stop);
  CheckCopy(part);
  Flush(part, O_RDONLY);
  PutInPlace(part, target.string());
  Flush(directory, O_RDONLY | O_DIRECTORY);
  return static_cast<int64_t>(std::filesystem::file_size(target));
}

}  // namespace

BackupReport BackUp(const std::string& database_url, const std::string& file, const StopAsked& stop) {
  std::string place = file;
  try {
    const std::string database = ExistingSqliteFile(database_url);
    place = database;
    return {.trouble = std::nullopt, .size_bytes = BackUpFile(database, file, stop)};
  } catch (const std::filesystem::filesystem_error& error) {
    return {.trouble = Trouble{Obstacle::kFailed, file, error.code().message()}};
  } catch (...) {
    return {.trouble = TroubleOfCurrentException(place)};
  }
}

}  // namespace satudata::store
