// Fuzz target for XLS.
#include <cstdint>

#include "server/tables/file_kind.h"
#include "server/tables/xls_reader.h"
#include "tests/fuzz/tables_check.h"

namespace satudata::tables {

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto file = FuzzFile(absl::string_view(reinterpret_cast<const char*>(data), size));
  Check(SniffKind(file).ok());
  const auto reader = XlsReader::Create(file, kFuzzLimits, "/tmp");
  if (reader.ok()) {
    CheckTable(**reader);
  } else {
    CheckError(reader.status());
  }
  return 0;
}

}  // namespace satudata::tables
