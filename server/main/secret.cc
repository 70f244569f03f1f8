#include "server/main/secret.h"

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
  void Look() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_) {
    look_time_ = clock_.Monotonic();
    absl::StatusOr<std::string> key = ReadKey(path_);
    if (!key.ok() || *key == key_) return;
    key_ = *std::move(key);
    base::Log(base::Severity::kInfo, "a key was replaced", {{"file", path_}});
  }

  const std::string path_;
  base::Clock& clock_;
  base::Mutex mu_;
  std::string key_ ABSL_GUARDED_BY(mu_);
  absl::Duration look_time_ ABSL_GUARDED_BY(mu_);
};

}  // namespace

Secret FixedSecret(std::string value) {
  return [value = std::move(value)] { return value; };
}

absl::StatusOr<Secret> FileSecret(const std::string& path, base::Clock& clock) {
  absl::StatusOr<std::string> key = ReadKey(path);
  if (!key.ok()) return key.status();
  return Secret([file = std::make_shared<WatchedFile>(path, *std::move(key), clock)] { return file->Key(); });
}

}  // namespace satudata::main
