// File: memory_content.h
//
// Content files that exist in memory alone, and may change while they are read. Not thread-safe.
#ifndef TESTS_UNIT_SERVER_TARGETS_CKAN_MEMORY_CONTENT_H_
#define TESTS_UNIT_SERVER_TARGETS_CKAN_MEMORY_CONTENT_H_

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "gtest/gtest.h"
#include "server/catalog/content_source.h"
#include "server/catalog/failure.h"

namespace satudata::targets::ckan {

class MemoryContentSource final : public catalog::ContentSource {
 public:
  // Called with how often files were opened, before each is.
  std::function<void(int opened)> before_open = [](int) {};
  std::map<std::string, std::string> files;
  int opened = 0;

  absl::StatusOr<std::unique_ptr<catalog::ContentFile>> Open(absl::string_view name) override {
    before_open(opened++);
    const auto found = files.find(std::string(name));
    if (found == files.end()) {
      return catalog::FailureStatus(
          absl::StatusCode::kNotFound,
          {.reason = catalog::Reason::kContentMissing, .args = {{"file_name", std::string(name)}}});
    }
    return std::make_unique<File>(found->second);
  }

 private:
  class File final : public catalog::ContentFile {
   public:
    explicit File(const std::string& bytes) : bytes_(bytes), size_(static_cast<int64_t>(bytes.size())) {}
    int64_t size_bytes() const override { return size_; }
    absl::StatusOr<size_t> ReadAt(int64_t offset, char* to, size_t size) const override {
      const auto start = std::min(static_cast<size_t>(offset), bytes_.size());
      const size_t count = std::min(size, bytes_.size() - start);
      std::memcpy(to, bytes_.data() + start, count);
      return count;
    }
    absl::StatusOr<std::string> Type() const override {
      const int fd = memfd_create("content", MFD_CLOEXEC);
      EXPECT_EQ(write(fd, bytes_.data(), bytes_.size()), static_cast<ssize_t>(bytes_.size()));
      absl::StatusOr<std::string> type = catalog::TypeOfBytes(fd);
      close(fd);
      return type;
    }

   private:
    const std::string& bytes_;  // The source's: who writes there writes into the open file.
    const int64_t size_;
  };
};

}  // namespace satudata::targets::ckan

#endif  // TESTS_UNIT_SERVER_TARGETS_CKAN_MEMORY_CONTENT_H_
