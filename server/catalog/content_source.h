// File: content_source.h
//
// The bytes of content files, for those who hand them on as they are.
#ifndef SERVER_CATALOG_CONTENT_SOURCE_H_
#define SERVER_CATALOG_CONTENT_SOURCE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/catalog/content.h"

namespace satudata::catalog {

// One file, open: the same bytes whatever happens to its name, unless somebody writes into it. Thread-safe.
class ContentFile {
 public:
  virtual ~ContentFile() = default;
  virtual int64_t size_bytes() const = 0;
  // Fills `to` from `offset` on; fewer than `size` bytes only where the file ends. kContentUnreadable.
  virtual absl::StatusOr<size_t> ReadAt(int64_t offset, char* to, size_t size) const = 0;
};

// Thread-safe; blocks on the disk.
class ContentSource {
 public:
  virtual ~ContentSource() = default;
  // NOT_FOUND with kContentMissing, and what else StatContent says (content.h).
  virtual absl::StatusOr<std::unique_ptr<ContentFile>> Open(absl::string_view file_name) = 0;
};

// What lies under the content directory.
class DirectoryContentSource final : public ContentSource {
 public:
  explicit DirectoryContentSource(ContentOptions options) : options_(std::move(options)) {}
  absl::StatusOr<std::unique_ptr<ContentFile>> Open(absl::string_view file_name) override;

 private:
  const ContentOptions options_;
};

}  // namespace satudata::catalog

#endif  // SERVER_CATALOG_CONTENT_SOURCE_H_
