// File: file_kind.h
//
// What a file is, by its bytes: names lie (a `.json` that is a CSV, a `.xls` that is a web page).
#ifndef SERVER_TABLES_FILE_KIND_H_
#define SERVER_TABLES_FILE_KIND_H_

#include <memory>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/tables/input_file.h"

namespace satudata::tables {

enum class FileKind {
  kEmpty,           // Without a byte.
  kText,            // Delimited or plain, UTF-16 included.
  kXlsx,            // Office Open XML workbook.
  kXlsm,            // The same with macros, which nobody here runs.
  kXls,             // Excel 97 to 2003, or older.
  kEncryptedOoxml,  // A workbook or document that needs a password.
  kXlsb,
  kOds,
  kOdt,
  kHtml,  // A web page or a piece of one, often saved as `.xls`.
  kXml,   // Other markup, XML spreadsheets among it.
  kJson,  // An object, or an array of objects, arrays or texts, by its beginning.
  kDocx,
  kDoc,
  kPptx,
  kPpt,
  kPdf,
  kRtf,
  kPng,
  kJpeg,
  kGif,
  kZip,
  kGzip,
  kOther,  // Bytes that are none of these.
};

// Reads the first KiB and, in archives, the names of their entries. Fails with UNAVAILABLE alone: what is
// broken is of the kind that it begins as.
absl::StatusOr<FileKind> SniffKind(const std::shared_ptr<const InputFile>& file);
// The same of a descriptor, which stays the caller's.
absl::StatusOr<FileKind> SniffKind(int fd);

// OpenTable reads it. The readers say themselves what they do not read: unmarked UTF-16, an older XLS.
bool IsTable(FileKind kind);
// With its dot: `.xlsx`. `.bin` for what is not known, and for what only its password makes known.
absl::string_view ExtensionOf(FileKind kind);
absl::string_view MimeTypeOf(FileKind kind);

// `head` begins a text of two bytes per character, with a byte-order mark or without.
bool IsUtf16(absl::string_view head);

}  // namespace satudata::tables

#endif  // SERVER_TABLES_FILE_KIND_H_
