// File: catalog_import.h
//
// Reads the portal's `mongoexport` output: JSON lines or one array, on lines of their own or not, indented or
// not. What one object may hold is in exported_file.h.
#ifndef SERVER_CATALOG_CATALOG_IMPORT_H_
#define SERVER_CATALOG_CATALOG_IMPORT_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/catalog/exported_file.h"

namespace satudata::catalog {

struct ImportOptions {
  size_t max_object_bytes = 16 << 20;  // Default: 16 MiB for one file with its values.
};

// Splits a byte stream of any chunking into objects and hands each on, good or refused, in order. What stands
// between objects (commas, brackets, blanks, a byte-order mark) is passed over; anything else there is
// refused, once a line. A broken object costs itself alone: reading goes on at the next line that begins an
// object (its indentation is no deeper than the broken one's), or at the next element of the array. Memory:
// one object and one chunk.
//
// Not thread-safe. The receiver is called from Feed and Finish, and must not call back.
class ImportReader {
 public:
  // `line` is where the object begins, from 1. Refused with kLineNotJson, kLineTooLong, and whatever
  // ParseExportedFile refuses.
  using Receiver = std::function<void(int64_t line, absl::StatusOr<FileWithValues>)>;

  ImportReader(ImportOptions options, Receiver receiver);
  ~ImportReader();
  void Feed(absl::string_view bytes);
  // Hands on what is left; an object that was cut off is refused, and so is an array without its end. Call it
  // once, last.
  void Finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace satudata::catalog

#endif  // SERVER_CATALOG_CATALOG_IMPORT_H_
