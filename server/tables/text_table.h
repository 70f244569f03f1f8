// File: text_table.h
//
// Texts by number: those that the cells of a workbook share. The first MiB are kept in memory, the others in
// a temporary file without a name.
#ifndef SERVER_TABLES_TEXT_TABLE_H_
#define SERVER_TABLES_TEXT_TABLE_H_

#include <cstdint>
#include <deque>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "server/tables/limits.h"

namespace satudata::tables {

// Stands for a text that is longer than a cell may be, and is that itself.
std::string TooLongText(const TableLimits& limits);

// Four bytes of memory for each text, and max_texts_in_memory at most for what they say. Not thread-safe.
class TextTable {
 public:
  // In `folder` the temporary file is made, if one is needed.
  TextTable(const TableLimits& limits, std::string folder);
  ~TextTable();
  TextTable(const TextTable&) = delete;
  TextTable& operator=(const TextTable&) = delete;

  // RESOURCE_EXHAUSTED where there are too many, UNAVAILABLE when the disk fails.
  absl::Status Add(absl::string_view text);
  size_t size() const { return ends_.size(); }
  // DATA_LOSS where there is no such text.
  absl::Status Get(size_t index, std::string& text) const;

 private:
  absl::Status Spill(absl::string_view text);
  absl::Status Flush();

  const TableLimits limits_;
  const std::string folder_;
  std::string kept_;
  std::deque<uint32_t> ends_;  // Of all texts after each other; those beyond `kept_` are in the file.
  uint64_t end_ = 0;
  uint64_t kept_end_ = 0;
  int fd_ = -1;
  std::string unwritten_;  // The end of what belongs into the file.
  uint64_t written_ = 0;
};

}  // namespace satudata::tables

#endif  // SERVER_TABLES_TEXT_TABLE_H_
