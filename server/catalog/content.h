// File: content.h
//
// Indicator values out of a content file. CSV now: comma, semicolon or tab, byte-order mark, quotes, UTF-8 or
// Windows-1252; files lie about their type, so the bytes decide.
#ifndef SERVER_CATALOG_CONTENT_H_
#define SERVER_CATALOG_CONTENT_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/catalog/catalog_file.h"

namespace satudata::catalog {

struct ContentOptions {
  std::string directory;                 // CONTENT_DIR.
  int64_t max_file_bytes = 100LL << 20;  // Default: 100 MiB.
  int64_t max_values = 1'000'000;        // Default: a million values.
  size_t max_cell_bytes = 32 << 10;      // Default: 32 KiB.
};

struct ContentStamp {  // What identifies the bytes without reading them.
  int64_t size_bytes = 0;
  int64_t mtime_us = 0;
  friend bool operator==(const ContentStamp&, const ContentStamp&) = default;
};

struct Content {
  ContentStamp stamp;
  std::string sha256;
  bool tabular = false;                // False: a type that carries no values that we read (pdf, doc, …).
  std::vector<IndicatorValue> values;  // Judged.
};

// Size and time of `file_name` under the content directory. NOT_FOUND with kContentMissing if there is none.
// A name that would leave the directory (.., absolute, a symbolic link out of it) is INVALID_ARGUMENT,
// kFieldInvalid.
absl::StatusOr<ContentStamp> StatContent(const ContentOptions& options, absl::string_view file_name);

// Reads and judges it all. kContentMissing, kContentUnreadable, kColumnMissing; a bad row is a finding, not
// an error.
absl::StatusOr<Content> ReadContent(const ContentOptions& options, absl::string_view file_name);

// The CSV part, from memory: for tests and fuzzing. `file_name` is used in failures alone.
absl::StatusOr<std::vector<IndicatorValue>> ReadCsvValues(absl::string_view bytes,
                                                          absl::string_view file_name,
                                                          const ContentOptions& options);

}  // namespace satudata::catalog

#endif  // SERVER_CATALOG_CONTENT_H_
