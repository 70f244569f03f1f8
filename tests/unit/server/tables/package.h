// File: package.h
//
// Archives and workbooks made by hand, for the tests of their readers.
#ifndef TESTS_UNIT_SERVER_TABLES_PACKAGE_H_
#define TESTS_UNIT_SERVER_TABLES_PACKAGE_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"

namespace satudata::tables {

using Parts = std::vector<std::pair<std::string, std::string>>;

enum class Packing { kStored, kDeflated, kEncrypted };

// An archive of these entries.
std::string MakeZip(const Parts& parts, Packing packing = Packing::kStored);

// A workbook with one sheet `S`, whose XML stands between the tags of `worksheet`; `more` are other parts, or
// stand in for those that it would have.
std::string MakeXlsx(absl::string_view sheet, const Parts& more = {});

// `sst` with these items, as a part for MakeXlsx.
std::pair<std::string, std::string> SharedTexts(absl::string_view items);
// Formats of cells: style 1 has the first code, and so on.
std::pair<std::string, std::string> Styles(const std::vector<std::string>& codes);

// A compound file of these streams, each of them in sectors of its own.
std::string MakeCompound(const Parts& streams);

// A record of an Excel 97 stream.
std::string Biff(int type, absl::string_view bytes);
// Numbers of two and four bytes, the lowest first.
std::string U16(uint32_t number);
std::string U32(uint32_t number);

}  // namespace satudata::tables

#endif  // TESTS_UNIT_SERVER_TABLES_PACKAGE_H_
