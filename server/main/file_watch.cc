#include "server/main/file_watch.h"

#include <sys/stat.h>

#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/base/executor.h"
#include "server/base/log.h"

namespace satudata::main {
namespace {

std::string FingerprintOf(const std::vector<std::string>& paths) {
  std::string fingerprint;
  for (const std::string& path : paths) {
    struct stat info {};
    if (::stat(path.c_str(), &info) != 0) {
      absl::StrAppend(&fingerprint, "none;");
      continue;
    }
    absl::StrAppend(&fingerprint, info.st_dev, " ", info.st_ino, " ", info.st_size, " ", info.st_mtim.tv_sec,
                    ".", info.st_mtim.tv_nsec, ";");
  }
  return fingerprint;
}

}  // namespace

FileLook::FileLook(std::vector<WatchedFiles> files) {
  for (WatchedFiles& group : files) {
    if (group.paths.empty()) continue;
    std::string seen = FingerprintOf(group.paths);
    watched_.push_back({std::move(group), std::move(seen), ""});
  }
}

void FileLook::Look() {
  for (Watched& watched : watched_) {
    std::string now = FingerprintOf(watched.files.paths);
    if (now == watched.seen && watched.complaint.empty()) continue;
    watched.seen = std::move(now);
    Read(watched);
  }
}

void FileLook::Read(Watched& watched) {
  const absl::Status status = watched.files.reload();
  watched.files.on_read(status.ok());
  const std::string complaint(status.message());
  if (status.ok()) {
    base::Log(base::Severity::kInfo, "files were read again", {{"files", watched.files.name}});
  } else if (complaint != watched.complaint) {
    base::Log(base::Severity::kError, "files have changed and cannot be used; what they said before stays",
              {{"files", watched.files.name}, {"detail", complaint}});
  }
  watched.complaint = complaint;
}

FileWatch::FileWatch(std::vector<WatchedFiles> files, absl::Duration interval) : look_(std::move(files)) {
  thread_ = std::thread([this, interval] { Run(interval); });
}

FileWatch::~FileWatch() {
  {
    base::MutexLock lock(&mu_);
    is_stopped_ = true;
    stopped_.SignalAll();
  }
  thread_.join();
}

void FileWatch::Run(absl::Duration interval) {
  base::SetThreadName("files");
  base::MutexLock lock(&mu_);
  while (!is_stopped_) {
    stopped_.WaitFor(&mu_, absl::ToChronoMilliseconds(interval));
    if (!is_stopped_) look_.Look();
  }
}

}  // namespace satudata::main
