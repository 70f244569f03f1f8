#include "tests/integration/delivery/made_catalogue.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace satudata {
namespace {

constexpr int kFirstCode = 100'000;
constexpr char kYear[] = "2024";

catalog::FileWithValues MakeFile(int index, absl::string_view name) {
  const std::string id = absl::StrCat("file-", index);
  return {.file = {.file_id = id,
                   .name = std::string(name),
                   .theme = "Kesehatan",
                   .producer = "Dinas Kesehatan",
                   .coverage = "Kecamatan",
                   .frequency = "Tahunan",
                   .dimension = "Jenis",
                   .file_name = id + ".csv",
                   .file_type = "csv",
                   .verification = catalog::Verification::kVerified}};
}

void AddValue(int index, catalog::FileWithValues& file) {
  const std::string value = absl::StrCat(index, ".5");
  file.file.has_inline_values = true;
  file.values.push_back({.position = 1,
                         .kodeindikator = absl::StrCat("1.02.", kFirstCode + index),
                         .tahun = kYear,
                         .raw_value = value,
                         .value = value});
}

}  // namespace

std::vector<catalog::FileWithValues> MakeCatalogue(const MadeCatalogue& wanted) {
  std::vector<catalog::FileWithValues> files;
  files.reserve(static_cast<size_t>(wanted.files));
  for (int i = 0; i < wanted.files; ++i) {
    files.push_back(MakeFile(i, absl::StrCat("Dataset ", i, i < wanted.renamed ? " (baru)" : "")));
    if (wanted.with_values) AddValue(i, files.back());
  }
  return files;
}

std::string MadeKey(int index) { return absl::StrCat("9901.1.02.", kFirstCode + index, ".", kYear); }

}  // namespace satudata
