// File: text_window.h
//
// A piece of a file that moves on: what a reader of text has in memory. UTF-16 with a byte-order mark, as
// Excel's "Unicode Text" is, becomes UTF-8 on the way; the mark is kept, as UTF-8 has it.
#ifndef SERVER_TABLES_TEXT_WINDOW_H_
#define SERVER_TABLES_TEXT_WINDOW_H_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "server/tables/input_file.h"

namespace satudata::tables {

// Not thread-safe.
class TextWindow {
 public:
  explicit TextWindow(std::shared_ptr<const InputFile> file) : file_(std::move(file)) {}

  absl::string_view text() const { return absl::string_view(bytes_).substr(begin_); }
  // Nothing follows on `text`.
  bool is_all() const { return is_all_; }
  void Skip(size_t bytes) { begin_ += bytes; }
  // Reads as much again as there is, at least 64 KiB, so that asking for more until a row is whole takes
  // linear time.
  absl::Status Grow();

 private:
  enum class Encoding { kBytes, kUtf16Little, kUtf16Big };

  static Encoding EncodingOf(absl::string_view head);
  size_t AppendUtf16(absl::string_view units);

  const std::shared_ptr<const InputFile> file_;
  Encoding encoding_ = Encoding::kBytes;
  std::string bytes_;
  size_t begin_ = 0;
  int64_t offset_ = 0;  // In the file, behind what `bytes_` says.
  bool is_all_ = false;
};

}  // namespace satudata::tables

#endif  // SERVER_TABLES_TEXT_WINDOW_H_
