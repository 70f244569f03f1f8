// File: exported_file.h
//
// One file record of the portal, as `mongoexport` writes it, with our optional additions.
#ifndef SERVER_CATALOG_EXPORTED_FILE_H_
#define SERVER_CATALOG_EXPORTED_FILE_H_

#include <cstddef>
#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/catalog/catalog_file.h"

namespace satudata::catalog {

// More values than a region reports in twenty years; a record beyond it is refused, so that memory stays
// bounded.
inline constexpr int64_t kMaxInlineValues = 100'000;

// The portal's records are four deep.
inline constexpr size_t kMaxRecordDepth = 32;

// Reads one JSON object:
//   _id, name, temadataset, metaData {produsen, cakupandata, frekuensi, dimensidataset, createdAt,
//   updatedAt}, filename, fileType, isPublic, StatusVerifikasi, and optionally kodepemda, indicatorValues
//   [{kodeindikator, tahun, nilai, kodepemda, satuan}] and mapping (FileMapping).
// Extended JSON ($oid, $date, $numberInt, $numberLong, $numberDouble, $numberDecimal) is understood; a number
// keeps the digits that were written; of two equal names the last counts; unknown names are passed over. The
// values are judged (JudgeValues).
//
// Refused (INVALID_ARGUMENT with a Failure that names `line`) is only what cannot be identified or parsed:
// kLineNotJson (also: nested deeper than 32, a number beyond double's range), kLineNotObject, kIdMissing,
// kVerificationUnknown; kTooManyValues; and kFieldInvalid {field} for a mapping with a name that it does not
// have, or a text that does not suit it. Odd or missing metadata is kept: a field of another type is its
// text, or empty. A missing StatusVerifikasi is Belum Verifikasi. A missing isPublic is true, an unreadable
// one false, since publishing by mistake is the error that cannot be undone.
//
// Pure and thread-safe.
absl::StatusOr<FileWithValues> ParseExportedFile(absl::string_view json, int64_t line);

}  // namespace satudata::catalog

#endif  // SERVER_CATALOG_EXPORTED_FILE_H_
