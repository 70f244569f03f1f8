// File: content.h
//
// Indicator values out of a content file. The bytes decide what it is, since names lie about the type: a
// table is read (figures.h), anything else carries no values that we read. Thread-safe; blocks on the disk.
#ifndef SERVER_CATALOG_CONTENT_H_
#define SERVER_CATALOG_CONTENT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/catalog/catalog_file.h"
#include "server/catalog/figures.h"
#include "server/catalog/file_mapping.h"

namespace satudata::catalog {

struct ContentOptions {
  std::string directory;                 // CONTENT_DIR.
  int64_t max_file_bytes = 100LL << 20;  // Default: 100 MiB.
  FigureOptions figures;
  // Default: false. Every file is bound to the bytes of its content, also one whose values come from
  // elsewhere or cannot be read out of it. For targets that take the content itself.
  bool binds_every_file = false;
};

// By what rules values are read: content that was read by others is read again.
std::string ContentRules(const ContentOptions& options);

struct ContentStamp {  // What identifies the bytes without reading them.
  int64_t size_bytes = 0;
  int64_t mtime_us = 0;
  friend bool operator==(const ContentStamp&, const ContentStamp&) = default;
};

struct Content {
  ContentStamp stamp;  // Taken before the bytes were read: if they change meanwhile, the next stamp differs.
  std::string sha256;
  std::string rules;                   // ContentRules.
  bool tabular = false;                // False: a type that carries no values that we read (pdf, doc, …).
  std::vector<IndicatorValue> values;  // Judged.
};

// Whether there is nothing of that name under the content directory: the same as a NOT_FOUND of StatContent,
// which takes ten times as long to find out. False for what only StatContent can tell.
bool IsMissing(const ContentOptions& options, absl::string_view file_name);

// Size and time of `file_name` under the content directory. NOT_FOUND with kContentMissing if there is none.
// A name that would leave the directory (.., absolute, a symbolic link out of it) is INVALID_ARGUMENT,
// kFieldInvalid; what is no regular file is FAILED_PRECONDITION, kContentUnreadable.
absl::StatusOr<ContentStamp> StatContent(const ContentOptions& options, absl::string_view file_name);

// Reads, hashes and judges it all. Fails like StatContent; with kContentTooLarge (not for what is not
// tabular: that is only hashed); and with what ReadFigures gives. A bad row is a finding, not an error.
// kContentUnreadable where figures were meant to be, by the name (csv, xls, xlsx) or by `mapping`, and the
// bytes are none of a table: empty, HTML, PDF.
// `file_name` is what people call it, where that is not `path`.
absl::StatusOr<Content> ReadContent(const ContentOptions& options, absl::string_view path,
                                    absl::string_view file_name = "", const FileMapping& mapping = {});

// Reads and hashes it whatever it is: not tabular, without values. Fails like StatContent.
absl::StatusOr<Content> HashContent(const ContentOptions& options, absl::string_view file_name);

// Opens it for reading; the descriptor is the caller's to close. Fails like StatContent.
absl::StatusOr<int> OpenContent(const ContentOptions& options, absl::string_view file_name);

}  // namespace satudata::catalog

#endif  // SERVER_CATALOG_CONTENT_H_
