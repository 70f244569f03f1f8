// File: file_queries.h
//
// Reads of files together with how they stand at the targets, and what planning asks of the catalogue. Inside
// the caller's snapshot. Internal to store/; throws what SOCI throws.
#ifndef SERVER_STORE_FILE_QUERIES_H_
#define SERVER_STORE_FILE_QUERIES_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "server/store/connection.h"
#include "server/sync/store.h"

namespace satudata::store {

absl::Status FileNotFound(absl::string_view file_id);

absl::StatusOr<std::vector<sync::FileTargetStatus>> SelectFileStatus(Connection& connection,
                                                                     absl::string_view file_id);
std::vector<sync::FileRow> SelectFileRows(Connection& connection, const sync::FileFilter& filter,
                                          const sync::Page& page);
int64_t CountMatchingFiles(Connection& connection, const sync::FileFilter& filter);

std::vector<catalog::FileWithValues> SelectFilesToPlan(Connection& connection, const sync::PlanFilter& filter,
                                                       absl::string_view after_file_id, int64_t limit);
std::vector<catalog::FileWithValues> SelectFilesById(Connection& connection,
                                                     absl::Span<const std::string> file_ids);
std::vector<std::string> SelectMovedFiles(Connection& connection, absl::Span<const sync::FilePin> pins);
std::vector<sync::Contradiction> SelectContradictions(Connection& connection,
                                                      absl::Span<const std::string> file_ids,
                                                      absl::string_view default_kodepemda);

std::vector<sync::OwnValue> SelectVerifiedValues(Connection& connection,
                                                 absl::Span<const std::string> kodeindikators,
                                                 absl::string_view kodepemda,
                                                 absl::string_view default_kodepemda);

}  // namespace satudata::store

#endif  // SERVER_STORE_FILE_QUERIES_H_
