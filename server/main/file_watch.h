// File: file_watch.h
//
// Notices that files have changed and has them read again. By looking, since files that are swapped below a
// symbolic link, as Kubernetes does with secrets, tell nobody.
#ifndef SERVER_MAIN_FILE_WATCH_H_
#define SERVER_MAIN_FILE_WATCH_H_

#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/base/mutex.h"

namespace satudata::main {

// Files that make sense together only.
struct WatchedFiles {
  std::string name;                // For the log: `tls`.
  std::vector<std::string> paths;  // None: never looked at.
  // Reads them and uses what they say; an error, one line, changes nothing.
  std::function<absl::Status()> reload;
  // Told after each reading whether it succeeded.
  std::function<void(bool)> on_read;
};

// Not thread-safe.
class FileLook {
 public:
  // As the files are now is as they were read.
  explicit FileLook(std::vector<WatchedFiles> files);

  // Reads what has changed since the last look, and what could not be used then: key and certificate are not
  // replaced at the same moment. Tells the log of each change of mind once.
  void Look();

 private:
  struct Watched {
    WatchedFiles files;
    std::string seen;       // A fingerprint of what lies there.
    std::string complaint;  // Empty: the last reading succeeded.
  };

  static void Read(Watched& watched);

  std::vector<Watched> watched_;
};

// A thread that looks every `interval` of steady time, until it is destroyed. Whom the callbacks of `files`
// reach must outlive it.
class FileWatch {
 public:
  FileWatch(std::vector<WatchedFiles> files, absl::Duration interval);
  ~FileWatch();
  FileWatch(const FileWatch&) = delete;
  FileWatch& operator=(const FileWatch&) = delete;

 private:
  void Run(absl::Duration interval);

  FileLook look_;
  base::Mutex mu_;
  base::CondVar stopped_;
  bool is_stopped_ ABSL_GUARDED_BY(mu_) = false;
  std::thread thread_;
};

}  // namespace satudata::main

#endif  // SERVER_MAIN_FILE_WATCH_H_
