#include "server/catalog/content_sweep.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <optional>
#include <system_error>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "server/base/log.h"

namespace satudata::catalog {
namespace {

namespace fs = std::filesystem;

constexpr absl::string_view kStoredContent = "sha256";
constexpr absl::string_view kUnreferenced = "unreferenced";
constexpr char kGoing[] = ".going.";
constexpr size_t kAskedAtOnce = 500;

// Files that are directly in `directory`; none where it is not there.
std::vector<fs::path> FilesIn(const fs::path& directory, bool directories) {
  std::vector<fs::path> paths;
  std::error_code error;
  for (fs::directory_iterator it(directory, error), end; !error && it != end; it.increment(error)) {
    if (directories ? it->is_directory(error) : it->is_regular_file(error)) paths.push_back(it->path());
  }
  return paths;
}

class Sweep {
 public:
  Sweep(const ContentOptions& options, const ContentInUse& in_use, absl::Duration kept_for, absl::Time now)
      : root_(options.directory),
        notes_(root_ / std::string(kUnreferenced)),
        in_use_(in_use),
        kept_for_(kept_for),
        now_(now) {}

  absl::StatusOr<int64_t> Run() {
    PutBackWhatWasLeft();
    if (absl::Status found = FindUnused(); !found.ok()) return found;
    ForgetNotes();
    if (!is_ours_) return 0;
    for (const std::string& name : unused_) {
      if (!IsDue(name)) continue;
      if (absl::Status status = Remove(name); !status.ok()) return status;
    }
    return removed_;
  }

 private:
  absl::Status FindUnused() {
    std::vector<std::string> names;
    for (const fs::path& directory : FilesIn(root_ / std::string(kStoredContent), /*directories=*/true)) {
      for (const fs::path& file : FilesIn(directory, /*directories=*/false)) {
        names.push_back(file.lexically_relative(root_).string());
        if (names.size() < kAskedAtOnce) continue;
        if (absl::Status status = Ask(names); !status.ok()) return status;
        names.clear();
      }
    }
    return Ask(names);
  }

  absl::Status Ask(const std::vector<std::string>& names) {
    if (names.empty()) return absl::OkStatus();
    const absl::StatusOr<std::vector<std::string>> used = in_use_(names);
    if (!used.ok()) return used.status();
    const absl::flat_hash_set<std::string> known(used->begin(), used->end());
    is_ours_ |= !known.empty();
    for (const std::string& name : names) {
      if (!known.contains(name)) unused_.insert(name);
    }
    return absl::OkStatus();
  }

  // Of a sweep that was killed before it knew whether a file has it.
  void PutBackWhatWasLeft() const {
    for (const fs::path& away : FilesIn(notes_, /*directories=*/false)) {
      const std::string name = away.filename().string();
      const size_t mark = name.find(kGoing);
      if (mark == std::string::npos) continue;
      std::error_code error;
      fs::rename(away, root_ / std::string(kStoredContent) / name.substr(0, 2) / name.substr(0, mark), error);
    }
  }

  fs::path NoteOf(const std::string& name) const { return notes_ / fs::path(name).filename(); }

  // Of content that a file has again, or that is gone.
  void ForgetNotes() const {
    absl::flat_hash_set<std::string> kept;
    for (const std::string& name : unused_) kept.insert(NoteOf(name).string());
    std::error_code error;
    for (const fs::path& note : FilesIn(notes_, /*directories=*/false)) {
      if (!kept.contains(note.string())) fs::remove(note, error);
    }
  }

  // Whether it was noted long enough ago; it is noted now if it was not.
  bool IsDue(const std::string& name) const {
    int64_t since = 0;
    if (std::ifstream(NoteOf(name)) >> since) return now_ - absl::FromUnixMicros(since) >= kept_for_;
    std::error_code error;
    fs::create_directories(notes_, error);
    std::ofstream(NoteOf(name)) << absl::ToUnixMicros(now_);
    return false;
  }

  absl::Status Remove(const std::string& name) {
    const fs::path place = root_ / name;
    const fs::path away = notes_ / absl::StrCat(fs::path(name).filename().string(), kGoing, getpid());
    std::error_code error;
    fs::rename(place, away, error);
    if (error) return absl::OkStatus();  // Somebody else has removed it.
    const absl::StatusOr<std::vector<std::string>> used = in_use_({&name, 1});
    const bool goes = used.ok() && used->empty() && !IsBeingUploaded(away);
    // Back, also over the same that an upload has put there meanwhile.
    if (!goes) fs::rename(away, place, error);
    if (goes) RemoveForGood(name, away);
    return used.status();
  }

  static bool IsBeingUploaded(const fs::path& path) {
    const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (descriptor < 0) return true;
    const bool is_locked = flock(descriptor, LOCK_EX | LOCK_NB) != 0;
    close(descriptor);
    return is_locked;
  }

  void RemoveForGood(const std::string& name, const fs::path& away) {
    std::error_code error;
    fs::remove(away, error);
    fs::remove(NoteOf(name), error);
    ++removed_;
    base::Log(base::Severity::kInfo, "removed content that no file has any more", {{"content", name}});
  }

  const fs::path root_;
  const fs::path notes_;
  const ContentInUse& in_use_;
  const absl::Duration kept_for_;
  const absl::Time now_;
  bool is_ours_ = false;  // Something of it is in use.
  absl::flat_hash_set<std::string> unused_;
  int64_t removed_ = 0;
};

}  // namespace

absl::StatusOr<int64_t> SweepContent(const ContentOptions& options, const ContentInUse& in_use,
                                     absl::Duration kept_for, absl::Time now) {
  return Sweep(options, in_use, kept_for, now).Run();
}

}  // namespace satudata::catalog
