// File: input_file.h
//
// A file to read from, at any place, without a position that others could move.
#ifndef SERVER_TABLES_INPUT_FILE_H_
#define SERVER_TABLES_INPUT_FILE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace satudata::tables {

// Thread-safe. Owns a duplicate of the descriptor that it was given.
class InputFile {
 public:
  // UNAVAILABLE where the descriptor is none, or of no regular file.
  static absl::StatusOr<std::shared_ptr<const InputFile>> Create(int fd);
  InputFile(int owned_fd, int64_t size) : fd_(owned_fd), size_(size) {}
  ~InputFile();
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;

  // When it was opened.
  int64_t size() const { return size_; }
  // Up to `length` bytes, fewer at the end of the file alone. UNAVAILABLE when the disk fails.
  absl::StatusOr<size_t> ReadAt(int64_t offset, char* out, size_t length) const;
  // The same as a text of its own.
  absl::StatusOr<std::string> ReadAt(int64_t offset, size_t length) const;

 private:
  const int fd_;
  const int64_t size_;
};

}  // namespace satudata::tables

#endif  // SERVER_TABLES_INPUT_FILE_H_
