// File: compound_file.h
//
// The streams of an OLE compound file ([MS-CFB]), the container of `.xls`, `.doc` and encrypted workbooks.
// Written here, since what of it is needed is little and every link of it may be a lie.
#ifndef SERVER_TABLES_COMPOUND_FILE_H_
#define SERVER_TABLES_COMPOUND_FILE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/tables/input_file.h"

namespace satudata::tables {

// Bytes of a stream, at any place. Thread-safe.
class CompoundStream {
 public:
  CompoundStream(std::shared_ptr<const InputFile> file, std::vector<int64_t> pieces, size_t piece_bytes,
                 int64_t size);

  int64_t size() const { return size_; }
  // Fewer bytes at the end of the stream alone. DATA_LOSS where the file is shorter than it says.
  absl::StatusOr<size_t> ReadAt(int64_t offset, char* out, size_t length) const;

 private:
  const std::shared_ptr<const InputFile> file_;
  const std::vector<int64_t> pieces_;  // Where they begin in the file.
  const size_t piece_bytes_;
  const int64_t size_;
};

// Keeps the allocation table, a hundredth of the file's size; a file of more than 256 MiB is refused
// (RESOURCE_EXHAUSTED). Not thread-safe.
class CompoundFile {
 public:
  // DATA_LOSS where it is none.
  static absl::StatusOr<std::unique_ptr<CompoundFile>> Open(std::shared_ptr<const InputFile> file);

  // Streams outside of folders alone.
  bool Has(absl::string_view name) const;
  absl::StatusOr<std::unique_ptr<CompoundStream>> OpenStream(absl::string_view name) const;

 private:
  struct Entry {
    std::string name;
    uint32_t first = 0;
    int64_t size = 0;
  };

  explicit CompoundFile(std::shared_ptr<const InputFile> file) : file_(std::move(file)) {}
  absl::Status ReadHeader();
  absl::Status ReadTable(absl::string_view header);
  absl::Status AddTableSector(uint32_t sector);
  absl::Status ReadDirectory(uint32_t first);
  absl::Status TakeEntry(absl::string_view bytes);
  absl::StatusOr<std::vector<uint32_t>> Chain(const std::vector<uint32_t>& table, uint32_t first) const;
  absl::StatusOr<std::string> ReadSector(uint32_t sector) const;
  int64_t OffsetOf(uint32_t sector) const;
  absl::StatusOr<std::vector<int64_t>> SmallPieces(uint32_t first) const;

  const std::shared_ptr<const InputFile> file_;
  size_t sector_bytes_ = 512;
  uint32_t small_table_first_ = 0;
  int64_t small_below_ = 4096;
  std::vector<uint32_t> table_;  // The sector that follows on each.
  Entry root_;                   // The small streams lie in it.
  std::vector<Entry> streams_;
};

}  // namespace satudata::tables

#endif  // SERVER_TABLES_COMPOUND_FILE_H_
