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
  // TypeOfBytes. kContentUnreadable.
  virtual absl::StatusOr<std::string> Type() const = 0;
};

// What an open file is by its bytes, since names lie about that: as the usual ending of such files' names,
// `xlsx` (tables::FileKind), `csv` for any text that is nothing else, and empty for what is not known.
// Unreadable: UNAVAILABLE. The descriptor stays the caller's.
absl::StatusOr<std::string> TypeOfBytes(int descriptor);

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
