// File: zip_archive.h
//
// The entries of a ZIP file of unknown origin: libzip under limits.
#ifndef SERVER_TABLES_ZIP_ARCHIVE_H_
#define SERVER_TABLES_ZIP_ARCHIVE_H_

#include <zip.h>

#include <cstdint>
#include <memory>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/tables/input_file.h"
#include "server/tables/limits.h"

namespace satudata::tables {

class ZipArchive;

// One entry, from its beginning to its end. Not thread-safe; its archive must outlive it.
class ZipEntry {
 public:
  // 0 at the end, where the checksum has been found right. DATA_LOSS, or RESOURCE_EXHAUSTED.
  absl::StatusOr<size_t> Read(char* out, size_t length);

 private:
  friend class ZipArchive;
  struct Close {
    void operator()(zip_file_t* file) const { zip_fclose(file); }
  };
  struct Part {
    uint64_t index = 0;
    int64_t compressed = 0;
    int64_t counted = 0;  // Of its bytes, those that count among the archive's.
    bool is_ambiguous = false;
  };

  ZipEntry(ZipArchive& archive, Part& part, std::string name, zip_file_t* file)
      : archive_(archive), part_(part), name_(std::move(name)), file_(file) {}
  absl::Status CheckSize();

  ZipArchive& archive_;
  Part& part_;
  const std::string name_;
  const std::unique_ptr<zip_file_t, Close> file_;
  int64_t read_ = 0;
};

// Names are compared without case, and `\` in them is `/`, since both are met. Entries that lie over each
// other are not looked for: what is read is bounded as a whole. Not thread-safe.
class ZipArchive {
 public:
  static absl::StatusOr<std::unique_ptr<ZipArchive>> Open(std::shared_ptr<const InputFile> file,
                                                          const TableLimits& limits);
  ~ZipArchive();
  ZipArchive(const ZipArchive&) = delete;
  ZipArchive& operator=(const ZipArchive&) = delete;

  bool Has(absl::string_view name) const;
  // DATA_LOSS where there is none of that name or several, or it is of no known compression;
  // PERMISSION_DENIED where it is encrypted.
  absl::StatusOr<std::unique_ptr<ZipEntry>> OpenEntry(absl::string_view name);

 private:
  friend class ZipEntry;
  struct Source;

  ZipArchive(std::unique_ptr<Source> source, const TableLimits& limits);
  absl::Status TakeNames();
  absl::Status Failure(absl::string_view name, const zip_error_t& error) const;

  const std::unique_ptr<Source> source_;
  const TableLimits limits_;
  zip_t* zip_ = nullptr;
  absl::flat_hash_map<std::string, std::unique_ptr<ZipEntry::Part>> parts_;
  int64_t read_ = 0;
};

}  // namespace satudata::tables

#endif  // SERVER_TABLES_ZIP_ARCHIVE_H_
