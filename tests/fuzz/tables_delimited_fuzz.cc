// Fuzz target for delimited text.
#include <cstdint>

#include "server/tables/delimited_reader.h"
#include "server/tables/file_kind.h"
#include "tests/fuzz/tables_check.h"

namespace satudata::tables {

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto file = FuzzFile(absl::string_view(reinterpret_cast<const char*>(data), size));
  Check(SniffKind(file).ok());
  const auto reader = DelimitedReader::Create(file, kFuzzLimits, nullptr);
  if (reader.ok()) {
    CheckTable(**reader);
  } else {
    CheckError(reader.status());
  }
  return 0;
}

}  // namespace satudata::tables
