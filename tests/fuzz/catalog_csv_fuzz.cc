// Fuzz entry for values out of CSV. Linked with libFuzzer it explores; linked with catalog_mutation_test.cc
// it is a plain test.
#include <cstdint>
#include <cstdlib>

#include "server/catalog/csv_values.h"
#include "server/catalog/number.h"
#include "server/catalog/text_encoding.h"

namespace satudata::catalog {
namespace {

constexpr CsvLimits kLimits = {.max_values = 1000, .max_cell_bytes = 64};

void Check(bool holds) {
  if (!holds) std::abort();
}

// Each value is a canonical number or has a finding, knows its place, and holds nothing but UTF-8.
void CheckValue(const IndicatorValue& value, int64_t position) {
  Check(value.value.has_value() == value.finding.ok());
  Check(!value.value.has_value() || CanonicalDecimal(*value.value) == *value.value);
  Check(value.position == position && value.line > 1 && !value.column.empty());
  Check(IsUtf8(value.kodeindikator) && IsUtf8(value.kodepemda) && IsUtf8(value.tahun) &&
        IsUtf8(value.raw_value));
  for (const auto& [name, text] : value.finding.args) Check(IsUtf8(text));
}

}  // namespace
}  // namespace satudata::catalog

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace satudata::catalog;  // NOLINT: the entry point cannot be in it.
  const absl::string_view bytes(reinterpret_cast<const char*>(data), size);
  const absl::StatusOr<std::vector<IndicatorValue>> values = ReadCsvValues(bytes, "fuzz.csv", kLimits);
  if (!values.ok()) {
    Check(FailureOf(values.status()).reason != Reason::kInternal);
    return 0;
  }
  Check(static_cast<int64_t>(values->size()) <= kLimits.max_values);
  int64_t position = 0;
  for (const IndicatorValue& value : *values) CheckValue(value, ++position);
  return 0;
}
