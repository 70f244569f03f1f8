// Fuzz target for XLSX. What an input is, table_input.h says.
#include <cstdint>

#include "server/tables/file_kind.h"
#include "server/tables/xlsx_reader.h"
#include "tests/fuzz/table_input.h"
#include "tests/fuzz/tables_check.h"

namespace satudata::tables {

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto file = FuzzFile(TableBytes(absl::string_view(reinterpret_cast<const char*>(data), size)));
  Check(SniffKind(file).ok());
  const auto reader = XlsxReader::Create(file, kFuzzLimits, "/tmp");
  if (reader.ok()) {
    CheckTable(**reader);
  } else {
    CheckError(reader.status());
  }
  return 0;
}

}  // namespace satudata::tables
