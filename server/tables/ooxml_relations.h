// File: ooxml_relations.h
//
// Which part of an Office Open XML package refers to which.
#ifndef SERVER_TABLES_OOXML_RELATIONS_H_
#define SERVER_TABLES_OOXML_RELATIONS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/tables/limits.h"
#include "server/tables/zip_archive.h"

namespace satudata::tables {

struct OoxmlRelation {
  std::string id;
  std::string kind;  // The last piece of its type: `worksheet`, whichever edition of the standard names it.
  std::string part;  // The name of its entry. Empty for what lies outside.
};

// Of the part of that name, `xl/workbook.xml`; empty for the package's own. None where nothing is said.
absl::StatusOr<std::vector<OoxmlRelation>> ReadRelations(ZipArchive& archive, absl::string_view part,
                                                         const TableLimits& limits);

// The part of the first relation of this kind, or empty.
std::string PartOfKind(const std::vector<OoxmlRelation>& relations, absl::string_view kind);

// Where `target`, said by `part`, leads: (`xl/workbook.xml`, `../a.xml`) is `a.xml`.
std::string ResolvePart(absl::string_view part, absl::string_view target);

}  // namespace satudata::tables

#endif  // SERVER_TABLES_OOXML_RELATIONS_H_
