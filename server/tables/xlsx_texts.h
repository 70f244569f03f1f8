// File: xlsx_texts.h
//
// The texts that the cells of an XLSX file share.
#ifndef SERVER_TABLES_XLSX_TEXTS_H_
#define SERVER_TABLES_XLSX_TEXTS_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "server/tables/limits.h"
#include "server/tables/text_table.h"
#include "server/tables/zip_archive.h"

namespace satudata::tables {

// The pieces of a rich text are joined, readings in other scripts left out. One that is longer than a cell
// may be ends a byte behind that limit.
absl::Status ReadXlsxTexts(ZipArchive& archive, absl::string_view part, const TableLimits& limits,
                           TextTable& texts);

// `_x000D_` is the character of that code, `_x005F_` a low line that hides such a code.
std::string Unescaped(absl::string_view text);

// Of what AppendUpTo gathered: unescaped, or TooLongText.
std::string TextOfCell(const std::string& gathered, const TableLimits& limits);

// Adds as much of `piece` as leaves it one byte longer than `max` at most.
void AppendUpTo(size_t max, absl::string_view piece, std::string& text);

}  // namespace satudata::tables

#endif  // SERVER_TABLES_XLSX_TEXTS_H_
