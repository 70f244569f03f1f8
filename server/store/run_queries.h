// File: run_queries.h
//
// Reads and single writes of runs, inside the caller's transaction. Internal to store/; throws what SOCI
// throws.
#ifndef SERVER_STORE_RUN_QUERIES_H_
#define SERVER_STORE_RUN_QUERIES_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/store/connection.h"
#include "server/sync/store.h"

namespace satudata::store {

absl::StatusOr<sync::Run> SelectRun(Connection& connection, absl::string_view run_id);
std::vector<sync::Run> SelectRuns(Connection& connection, const sync::RunFilter& filter,
                                  const sync::Page& page);
std::vector<sync::Run> SelectUnfinishedRuns(Connection& connection);
std::vector<std::string> SelectPlannedTargets(Connection& connection, absl::string_view run_id);

// See Store::FindRequest, LastCatalogueSize and CreateRun.
absl::StatusOr<std::optional<sync::Run>> SelectRunOfRequest(Connection& connection,
                                                            const sync::SyncRequest& request,
                                                            absl::string_view fingerprint, absl::Time now);
std::optional<int64_t> SelectLastCatalogueSize(Connection& connection, absl::string_view before_run_id);
absl::StatusOr<sync::RunCreation> InsertOrAttachRun(Connection& connection, const sync::NewRun& start,
                                                    absl::Time now);
// Those made more than a day before `now`.
void DeleteOldPreviews(Connection& connection, absl::Time now);
void DeletePlan(Connection& connection, absl::string_view run_id, absl::string_view target);

std::vector<sync::RunEvent> SelectEvents(Connection& connection, absl::string_view run_id,
                                         int64_t after_sequence, int64_t limit);

}  // namespace satudata::store

#endif  // SERVER_STORE_RUN_QUERIES_H_
