#include "server/main/secret.h"

#include <algorithm>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "server/base/log.h"
#include "server/base/mutex.h"
#include "server/main/text_file.h"

namespace satudata::main {
namespace {

constexpr absl::Duration kLookInterval = absl::Seconds(1);

absl::StatusOr<std::string> ReadKey(const std::string& path) {
  absl::StatusOr<std::string> text = ReadTextFile(path);
  if (!text.ok()) return absl::InvalidArgumentError(text.status().message());
  absl::StripAsciiWhitespace(&*text);
  if (text->empty()) return absl::InvalidArgumentError(absl::StrCat(path, ": empty"));
  if (!IsUsableKey(*text)) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, ": holds more than one line, or control characters"));
  }
  return text;
}

// Thread-safe.
class WatchedFile {
 public:
  WatchedFile(std::string path, std::string key, base::Clock& clock)
      : path_(std::move(path)), clock_(clock), key_(std::move(key)), look_time_(clock.Monotonic()) {}

  std::string Key() {
    base::MutexLock lock(&mu_);
    if (clock_.Monotonic() - look_time_ >= kLookInterval) Look();
    return key_;
  }

 private:
  // The content decides: a file that was replaced, by a rename or behind a symbolic link, is a new key
  // exactly when it holds one.
  void Look() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_) {
    look_time_ = clock_.Monotonic();
    absl::StatusOr<std::string> key = ReadKey(path_);
    if (!key.ok()) return Complain(key.status());
    is_bad_ = false;
    if (*key == key_) return;
    key_ = *std::move(key);
    base::Log(base::Severity::kInfo, "a key was replaced", {{"file", path_}});
  }

  // Once for as long as the file is no good.
  void Complain(const absl::Status& status) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_) {
    if (std::exchange(is_bad_, true)) return;
    base::Log(base::Severity::kWarning, "a file holds no key any more; its last one stays in use",
              {{"file", path_}, {"error", status.message()}});
  }

  const std::string path_;
  base::Clock& clock_;
  base::Mutex mu_;
  std::string key_ ABSL_GUARDED_BY(mu_);
  absl::Duration look_time_ ABSL_GUARDED_BY(mu_);
  bool is_bad_ ABSL_GUARDED_BY(mu_) = false;
};

}  // namespace

bool IsUsableKey(absl::string_view key) {
  return !key.empty() && std::none_of(key.begin(), key.end(), absl::ascii_iscntrl);
}

Secret FixedSecret(std::string value) {
  return [value = std::move(value)] { return value; };
}

absl::StatusOr<Secret> FileSecret(const std::string& path, base::Clock& clock) {
  absl::StatusOr<std::string> key = ReadKey(path);
  if (!key.ok()) return key.status();
  return Secret([file = std::make_shared<WatchedFile>(path, *std::move(key), clock)] { return file->Key(); });
}

}  // namespace satudata::main
