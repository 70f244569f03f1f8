// Fuzz target for the import.
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/catalog/catalog_import.h"
#include "tests/fuzz/check.h"

namespace satudata::catalog {
namespace {

using fuzz::Check;

// A good file has an id, and each of its values is either a number or has a finding; a refusal says why and
// where.
void CheckOutcome(int64_t line, const absl::StatusOr<FileWithValues>& file) {
  if (!file.ok()) {
    const Failure failure = FailureOf(file.status());
    Check(failure.reason != Reason::kNone && failure.reason != Reason::kInternal);
    Check(failure.args.at("line") == absl::StrCat(line));
    return;
  }
  Check(!file->file.file_id.empty());
  Check(file->file.has_inline_values == !file->values.empty());
  for (const IndicatorValue& value : file->values) Check(value.value.has_value() == value.finding.ok());
}

std::vector<std::string> Import(absl::string_view bytes, size_t chunk) {
  std::vector<std::string> seen;
  // Small, so that inputs reach the limit.
  ImportReader reader(
      {.max_object_bytes = 512}, [&](int64_t line, const absl::StatusOr<FileWithValues>& file) {
        CheckOutcome(line, file);
        seen.push_back(absl::StrCat(line, ":", file.ok() ? file->file.file_id : file.status().ToString()));
      });
  while (!bytes.empty()) {
    reader.Feed(bytes.substr(0, chunk));
    bytes.remove_prefix(std::min(chunk, bytes.size()));
  }
  reader.Finish();
  return seen;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::vector<std::string> whole = Import(bytes, absl::string_view::npos);
  // Where the stream is cut changes nothing.
  Check(Import(bytes, 1) == whole);
  Check(Import(bytes, 1 + size % 13) == whole);
  return 0;
}

}  // namespace satudata::catalog
