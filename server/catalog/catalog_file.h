// File: catalog_file.h
//
// A dataset file as the portal describes it, and the indicator values that were read out of it.
#ifndef SERVER_CATALOG_CATALOG_FILE_H_
#define SERVER_CATALOG_CATALOG_FILE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/base/shared_text.h"
#include "server/catalog/failure.h"
#include "server/catalog/file_mapping.h"

namespace satudata::catalog {

// The portal's StatusVerifikasi.
enum class Verification { kUnverified, kVerified, kRefused };

// "Belum Verifikasi", "Sudah Verifikasi", "Ditolak".
absl::string_view VerificationText(Verification verification);
// Exact text but for case and surrounding blanks; nullopt for anything else.
std::optional<Verification> ParseVerification(absl::string_view text);

// Text fields are as the portal has them, with surrounding blanks removed and nothing else mended.
struct CatalogFile {
  std::string file_id;  // Opaque; the portal's `_id`.
  std::string name;
  std::string theme;
  std::string producer;
  std::string coverage;
  std::string frequency;
  std::string dimension;
  std::string file_name;
  std::string file_type;
  bool is_public = true;
  Verification verification = Verification::kUnverified;
  std::string kodepemda;  // Empty: the configured default applies to its values.
  std::optional<absl::Time> source_create_time;
  std::optional<absl::Time> source_update_time;
  FileMapping mapping;  // Empty: its headings tell where its figures are.

  bool has_inline_values = false;  // They win over content.
  // Where uploaded content lies under CONTENT_DIR; empty: content is looked up by file_name.
  std::string content_name;
  std::string content_sha256;  // Of the content whose values were read last; empty if none was.
  int64_t content_size_bytes = 0;
  int64_t content_mtime_us = 0;
  std::string content_rules;  // By which the values were read out of it (ContentRules).
  // Rises with every change of metadata, values, content or verification. What a delivery pins.
  int64_t revision = 0;
  absl::Time create_time;
  absl::Time update_time;
};

// Where the file's content is to be found under CONTENT_DIR; empty if it has none.
const std::string& ContentPath(const CatalogFile& file);

// One yearly value of one indicator, as it stands in the file and as we read it. A file may have 100,000:
// what many have in common they share.
struct IndicatorValue {
  int64_t position = 0;       // From 1, in the order of the source.
  std::string kodeindikator;  // As written, trimmed.
  std::string kodepemda;      // The value's own without its dot, or empty.
  std::string tahun;          // As written, trimmed.
  std::string raw_value;      // As written; a stored number keeps its digits.
  base::SharedText satuan;    // As written, trimmed; empty where the file does not say it.
  // Stored as a number, by JSON or a spreadsheet: exact as written, never ambiguous, and no evidence of how
  // the texts beside it are meant.
  bool is_exact = false;
  // Canonical decimal text (`2.24`, `-3`, `1234567`): set when, and only when, `finding` is none.
  std::optional<std::string> value;
  Failure finding;  // What is wrong with it; kNone if nothing.
  // Where it stands in the content file; nowhere for inline values. Rows and columns are counted from 1.
  int32_t column_number = 0;
  int64_t line = 0;
  base::SharedText column;  // Heading of the value's column.
  base::SharedText sheet;   // Empty where the file has no sheets.
};

// `C7`; empty for inline values.
std::string CellOf(const IndicatorValue& value);
// The value's finding, whole: with what the value says itself (`key`, `value`, `line`) and where it stands
// (`cell`, `sheet`). `finding` alone leaves that out.
Failure FindingOf(const IndicatorValue& value);

// `file` with its inline values, as import and upsert bring it.
struct FileWithValues {
  CatalogFile file;
  std::vector<IndicatorValue> values;
  bool keeps_mapping = false;  // Whoever brings it knows of no mapping: one that is there stays.
};

// That `file` is not verified, as data: kFileNotVerified.
Failure NotVerified(const CatalogFile& file);

}  // namespace satudata::catalog

#endif  // SERVER_CATALOG_CATALOG_FILE_H_
