// File: content_upload.h
//
// Content on its way into the content directory. It is stored by its hash (`sha256/ab/abcd….csv`), so equal
// content is there once and a path never changes its meaning, and it appears there whole or not at all: bytes
// go to a file of their own under `incoming/`, which is moved only when all of them are on the disk and are
// what the sender said they are.
#ifndef SERVER_CATALOG_CONTENT_UPLOAD_H_
#define SERVER_CATALOG_CONTENT_UPLOAD_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/base/hash.h"
#include "server/catalog/content.h"

namespace satudata::catalog {

struct StoredContent {
  std::string content_name;  // Under the content directory.
  std::string sha256;
  int64_t size_bytes = 0;
};

// What the sender says of its content: without either, one that broke off could not be told from a whole one.
struct StatedContent {
  std::string sha256;  // Lower-case hex, or empty.
  std::optional<int64_t> size_bytes;
};

// Not thread-safe; several may be under way at once, in several processes. Destroyed before Finish, it leaves
// nothing behind. Blocks on the disk. Where the disk is full or away: UNAVAILABLE with kContentNotStored.
class ContentUpload {
 public:
  // `file_name` is what failures call it, and gives the extension that the content is stored with, for people
  // who look at the directory.
  static absl::StatusOr<std::unique_ptr<ContentUpload>> Begin(const ContentOptions& options,
                                                              absl::string_view file_name);
  ~ContentUpload();
  ContentUpload(const ContentUpload&) = delete;
  ContentUpload& operator=(const ContentUpload&) = delete;

  // INVALID_ARGUMENT kContentTooLarge beyond `max_file_bytes`.
  absl::Status Write(absl::string_view bytes);

  // INVALID_ARGUMENT kContentNotAsStated where what was written is not what was stated, kContentEmpty.
  absl::StatusOr<StoredContent> Finish(const StatedContent& stated);

 private:
  ContentUpload(const ContentOptions& options, absl::string_view file_name, std::string path, int descriptor);

  absl::Status MoveTo(const std::string& content_name);

  const std::string directory_;
  const std::string file_name_;
  const int64_t max_bytes_;
  std::string path_;  // Empty: nothing to remove.
  const int descriptor_;
  int64_t size_bytes_ = 0;
  base::Sha256 hasher_;
};

// Removes what uploads of processes that are gone have left behind.
void RemoveAbandonedUploads(const ContentOptions& options);

}  // namespace satudata::catalog

#endif  // SERVER_CATALOG_CONTENT_UPLOAD_H_
