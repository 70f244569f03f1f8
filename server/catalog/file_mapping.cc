#include "server/catalog/file_mapping.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"

namespace satudata::catalog {
namespace {

using Json = nlohmann::json;

// The last column and row that any spreadsheet has.
constexpr size_t kMaxColumns = 16'384;
constexpr int64_t kMaxRows = 1'048'576;

struct TextField {
  absl::string_view name;
  std::string FileMapping::*field;
};
constexpr TextField kTextFields[] = {{"sheet", &FileMapping::sheet},
                                     {"code_column", &FileMapping::code_column},
                                     {"year_column", &FileMapping::year_column},
                                     {"value_column", &FileMapping::value_column},
                                     {"kodepemda_column", &FileMapping::kodepemda_column},
                                     {"unit_column", &FileMapping::unit_column},
                                     {"kodeindikator", &FileMapping::kodeindikator},
                                     {"tahun", &FileMapping::tahun}};
constexpr absl::string_view kHeaderRow = "header_row";
constexpr absl::string_view kNumberFormat = "number_format";

FieldSet SetHeaderRow(absl::string_view text, FileMapping& mapping) {
  int64_t row = 0;
  if (!text.empty() && !absl::SimpleAtoi(text, &row)) return FieldSet::kInvalidValue;
  if (row < 0 || row > kMaxRows) return FieldSet::kInvalidValue;
  mapping.header_row = row;
  return FieldSet::kOk;
}

FieldSet SetNumberFormat(absl::string_view text, FileMapping& mapping) {
  const std::optional<NumberFormat> format = ParseNumberFormat(text);
  if (!format.has_value()) return FieldSet::kInvalidValue;
  mapping.number_format = *format;
  return FieldSet::kOk;
}

}  // namespace

std::optional<size_t> ColumnOfLetters(absl::string_view text) {
  if (text.empty() || text.size() > 3) return std::nullopt;
  size_t column = 0;
  for (char c : text) {
    if (!absl::ascii_isupper(c)) return std::nullopt;
    column = column * 26 + static_cast<size_t>(c - 'A') + 1;
  }
  if (column > kMaxColumns) return std::nullopt;
  return column - 1;
}

std::optional<NumberFormat> ParseNumberFormat(absl::string_view text) {
  if (text.empty()) return NumberFormat::kUnknown;
  for (NumberFormat format : {NumberFormat::kIndonesian, NumberFormat::kEnglish}) {
    if (absl::EqualsIgnoreCase(text, NumberFormatName(format))) return format;
  }
  return std::nullopt;
}

absl::string_view NumberFormatName(NumberFormat format) {
  switch (format) {
    case NumberFormat::kUnknown:
      return "";
    case NumberFormat::kIndonesian:
      return "INDONESIAN";
    case NumberFormat::kEnglish:
      return "ENGLISH";
  }
  return "";
}

std::string EncodeMapping(const FileMapping& mapping) {
  if (mapping.empty()) return "";
  Json object = Json::object();
  for (const TextField& field : kTextFields) {
    if (!(mapping.*field.field).empty()) object[std::string(field.name)] = mapping.*field.field;
  }
  if (mapping.header_row != 0) object[std::string(kHeaderRow)] = absl::StrCat(mapping.header_row);
  if (mapping.number_format != NumberFormat::kUnknown) {
    object[std::string(kNumberFormat)] = std::string(NumberFormatName(mapping.number_format));
  }
  return object.dump(/*indent=*/-1, /*indent_char=*/' ', /*ensure_ascii=*/false,
                     Json::error_handler_t::replace);
}

std::optional<FileMapping> DecodeMapping(absl::string_view text) {
  FileMapping mapping;
  if (text.empty()) return mapping;
  const Json object = Json::parse(text.begin(), text.end(), /*cb=*/nullptr, /*allow_exceptions=*/false);
  if (!object.is_object()) return std::nullopt;
  for (const auto& [name, value] : object.items()) {
    if (!value.is_string()) return std::nullopt;
    if (SetMappingField(name, value.get_ref<const std::string&>(), mapping) != FieldSet::kOk) {
      return std::nullopt;
    }
  }
  return mapping;
}

FieldSet SetMappingField(absl::string_view name, absl::string_view text, FileMapping& mapping) {
  text = absl::StripAsciiWhitespace(text);
  if (name == kHeaderRow) return SetHeaderRow(text, mapping);
  if (name == kNumberFormat) return SetNumberFormat(text, mapping);
  const auto* field = std::find_if(std::begin(kTextFields), std::end(kTextFields),
                                   [name](const TextField& f) { return f.name == name; });
  if (field == std::end(kTextFields)) return FieldSet::kUnknownField;
  mapping.*field->field = std::string(text);
  return FieldSet::kOk;
}

bool IsMappingField(absl::string_view name) {
  FileMapping any;
  return SetMappingField(name, "", any) == FieldSet::kOk;
}

absl::string_view MappingFieldNames() {
  return "sheet, header_row, code_column, year_column, value_column, kodepemda_column, unit_column, "
         "kodeindikator, tahun, number_format";
}

}  // namespace satudata::catalog
