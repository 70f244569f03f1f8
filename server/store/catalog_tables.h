// File: catalog_tables.h
//
// Catalogue files and their values as rows. Internal to store/; throws what SOCI throws.
#ifndef SERVER_STORE_CATALOG_TABLES_H_
#define SERVER_STORE_CATALOG_TABLES_H_

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "server/catalog/catalog_file.h"
#include "server/catalog/catalog_store.h"
#include "server/store/connection.h"

namespace satudata::store {

std::optional<catalog::CatalogFile> SelectFile(Connection& connection, absl::string_view file_id);
std::vector<catalog::IndicatorValue> SelectValues(Connection& connection, absl::string_view file_id,
                                                  int64_t after_position, int64_t limit);
// Fills in the values of `files`, which are in the order of their ids, in one query.
void SelectValuesOf(Connection& connection, std::vector<catalog::FileWithValues>& files);

// Of these those that a file has.
std::vector<std::string> SelectContentInUse(Connection& connection,
                                            absl::Span<const std::string> content_names);

// How many files there are, and how many of them are verified.
std::pair<int64_t, int64_t> CountFiles(Connection& connection);
catalog::CatalogSummary SelectCatalogSummary(Connection& connection);

// What a mutation did, for CatalogStore::Update.
enum class Written { kNothing, kFile };
// Runs one mutation and writes its result; an error is the mutator's own, and then nothing was written.
absl::StatusOr<Written> Mutate(Connection& connection, const catalog::CatalogStore::Mutation& mutation,
                               absl::Time now);

}  // namespace satudata::store

#endif  // SERVER_STORE_CATALOG_TABLES_H_
