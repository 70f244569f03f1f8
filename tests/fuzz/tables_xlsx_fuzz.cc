// Fuzz entry for XLSX. Linked with libFuzzer it explores; linked with catalog_mutation_test.cc it is a plain
// test.
//
// An input is an archive, or a text out of which one is made, since few changes of an archive get past its
// checksums: parts one after the other, each behind a line `== name`.
#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "server/tables/file_kind.h"
#include "server/tables/xlsx_reader.h"
#include "tests/fuzz/tables_check.h"
#include "tests/unit/server/tables/package.h"

namespace satudata::tables {
namespace {

std::string Archive(absl::string_view text) {
  Parts parts;
  for (const absl::string_view piece : absl::StrSplit(text, "== ", absl::SkipEmpty())) {
    const std::pair<absl::string_view, absl::string_view> part =
        absl::StrSplit(piece, absl::MaxSplits('\n', 1));
    const std::string name(part.first.substr(0, part.first.find('\0')));
    // libzip refuses to write these.
    if (name.empty() || !base::IsUtf8(name)) continue;
    const auto is_same = [&](const auto& other) { return other.first == name; };
    if (std::none_of(parts.begin(), parts.end(), is_same)) parts.emplace_back(name, std::string(part.second));
  }
  return parts.empty() ? std::string(text) : MakeZip(parts);
}

}  // namespace
}  // namespace satudata::tables

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace satudata::tables;  // NOLINT: the entry point cannot be in it.
  const absl::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto file = FuzzFile(absl::StartsWith(bytes, "PK") ? std::string(bytes) : Archive(bytes));
  Check(SniffKind(file).ok());
  const auto reader = XlsxReader::Create(file, kFuzzLimits, "/tmp");
  if (reader.ok()) {
    CheckTable(**reader);
  } else {
    CheckError(reader.status());
  }
  return 0;
}
