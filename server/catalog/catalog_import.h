// File: catalog_import.h
//
// Reads the portal's `mongoexport` output: JSON lines or one array, with $oid and $date.
#ifndef SERVER_CATALOG_CATALOG_IMPORT_H_
#define SERVER_CATALOG_CATALOG_IMPORT_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/catalog/catalog_file.h"

namespace satudata::catalog {

// One JSON object of the export. Refused (a status with a Failure: kLineNotJson, kLineNotObject, kIdMissing,
// kVerificationUnknown, kLineTooLong) is only what cannot be identified or parsed; odd or missing metadata is
// kept.
absl::StatusOr<FileWithValues> ParseExportedFile(absl::string_view json, int64_t line);

struct ImportOptions {
  size_t max_object_bytes = 16 << 20;  // Default: 16 MiB for one file with its values.
};

// Splits a byte stream of any chunking into objects and hands each on, good or refused, in order. A broken
// object costs itself alone: reading goes on at the next line (JSON lines) or element. Memory: one object.
// Not thread-safe.
class ImportReader {
 public:
  // `line` is where the object begins, from 1.
  using Receiver = std::function<void(int64_t line, absl::StatusOr<FileWithValues>)>;

  ImportReader(ImportOptions options, Receiver receiver);
  ~ImportReader();
  void Feed(absl::string_view bytes);
  // Hands on what is left; an object that was cut off is refused.
  void Finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace satudata::catalog

#endif  // SERVER_CATALOG_CATALOG_IMPORT_H_
