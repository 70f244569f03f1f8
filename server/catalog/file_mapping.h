// File: file_mapping.h
//
// Where the figures of one file stand, as a person said who knows the file: for what headings alone do not
// tell. Pure and thread-safe.
#ifndef SERVER_CATALOG_FILE_MAPPING_H_
#define SERVER_CATALOG_FILE_MAPPING_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "server/catalog/number.h"

namespace satudata::catalog {

// Empty fields leave things to the file. A column is letters (`C`) or its heading (`Nilai akhir`).
struct FileMapping {
  std::string sheet;  // The only one that is read.
  // The row of the headings, from 1; no other row is then taken for one. 0: it is looked for.
  int64_t header_row = 0;
  std::string code_column;
  std::string year_column;
  std::string value_column;
  std::string kodepemda_column;
  std::string unit_column;
  std::string kodeindikator;  // Of every value in the file.
  std::string tahun;          // Of every value in the file.
  // How its texts write numbers. It settles every text, also inline values.
  NumberFormat number_format = NumberFormat::kUnknown;

  friend bool operator==(const FileMapping&, const FileMapping&) = default;
  bool empty() const { return *this == FileMapping(); }
};

// The column that `text` names by its letters, from 0: capital letters, up to XFD. nullopt for a heading.
std::optional<size_t> ColumnOfLetters(absl::string_view text);

// `INDONESIAN`, `ENGLISH`, in any case; empty is kUnknown. nullopt for anything else.
std::optional<NumberFormat> ParseNumberFormat(absl::string_view text);
absl::string_view NumberFormatName(NumberFormat format);

// One JSON object with the names above, empty fields left out; the empty text for an empty mapping. This is
// how a mapping is stored.
std::string EncodeMapping(const FileMapping& mapping);
// nullopt for what EncodeMapping does not write.
std::optional<FileMapping> DecodeMapping(absl::string_view text);

// Sets one field from its text, as the import brings it. The field's name if the mapping has none such, or
// `text` does not suit it.
enum class FieldSet { kOk, kUnknownField, kInvalidValue };
FieldSet SetMappingField(absl::string_view name, absl::string_view text, FileMapping& mapping);
bool IsMappingField(absl::string_view name);
// Every name, for the message that one of them is wrong.
absl::string_view MappingFieldNames();

}  // namespace satudata::catalog

#endif  // SERVER_CATALOG_FILE_MAPPING_H_
