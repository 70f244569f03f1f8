// Fuzz target for values out of tables: CSV, XLS and XLSX (see table_input.h).
#include <cstdint>
#include <string>

#include "server/base/text_encoding.h"
#include "server/catalog/figures.h"
#include "server/catalog/number.h"
#include "tests/fakes/table_bytes.h"
#include "tests/fuzz/check.h"
#include "tests/fuzz/table_input.h"

namespace satudata::catalog {
namespace {

constexpr int64_t kMaxValues = 1000;

using fuzz::Check;

// Each value is a canonical number or has a finding, knows its place, and holds nothing but UTF-8.
void CheckValue(const IndicatorValue& value, int64_t position) {
  Check(value.value.has_value() == value.finding.ok());
  Check(!value.value.has_value() || CanonicalDecimal(*value.value) == *value.value);
  const bool is_heading =
      value.finding.reason == Reason::kColumnAmbiguous || value.finding.reason == Reason::kColumnMissing;
  Check(value.position == position && value.line > 1);
  Check(is_heading || (!value.column.empty() && !CellOf(value).empty()));
  Check(base::IsUtf8(value.kodeindikator) && base::IsUtf8(value.kodepemda) && base::IsUtf8(value.tahun) &&
        base::IsUtf8(value.raw_value));
  for (const auto& [name, text] : value.finding.args) Check(base::IsUtf8(text));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string bytes =
      satudata::tables::TableBytes(absl::string_view(reinterpret_cast<const char*>(data), size));
  const ColumnNames names({});
  const auto table =
      satudata::fakes::OpenTableBytes(bytes, [&names](const auto& cells) { return names.CountKnown(cells); });
  if (!table.ok()) return 0;
  const absl::StatusOr<std::vector<IndicatorValue>> values =
      ReadFigures(**table, "fuzz", {}, {.max_values = kMaxValues});
  if (!values.ok()) {
    Check(FailureOf(values.status()).reason != Reason::kInternal);
    return 0;
  }
  Check(static_cast<int64_t>(values->size()) <= kMaxValues);
  int64_t position = 0;
  for (const IndicatorValue& value : *values) CheckValue(value, ++position);
  return 0;
}

}  // namespace satudata::catalog
