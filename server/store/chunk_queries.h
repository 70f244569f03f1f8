// File: chunk_queries.h
//
// Reads and writes of chunks and their leases, inside the caller's transaction. Internal to store/; throws
// what SOCI throws.
#ifndef SERVER_STORE_CHUNK_QUERIES_H_
#define SERVER_STORE_CHUNK_QUERIES_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/store/connection.h"
#include "server/sync/chunk.h"
#include "server/sync/store.h"

namespace satudata::store {

void InsertChunk(Connection& connection, const sync::Chunk& chunk);
// The run's own, which `lease.holder` has; free without one.
void InsertRunChunk(Connection& connection, const std::string& run_id, const sync::Lease& lease);
void SettleChunk(Connection& connection, const std::string& chunk_id);
void DeleteChunk(Connection& connection, const std::string& chunk_id);
void DeleteChunksOfPlan(Connection& connection, absl::string_view run_id, absl::string_view target);
// Of the last lease; 0 when there is no such chunk.
int64_t SelectToken(Connection& connection, const std::string& chunk_id);

// See Store::ClaimChunk, RenewLeases, ReleaseLeases and ExpiredChunks.
sync::ChunkClaim ClaimChunk(Connection& connection, const sync::ChunkFilter& filter, const sync::Lease& lease,
                            absl::Time now);
std::vector<sync::Fence> RenewLeases(Connection& connection, const sync::Lease& lease);
void ReleaseLeases(Connection& connection, absl::string_view holder);
std::vector<sync::Chunk> SelectExpiredChunks(Connection& connection, absl::Time now);
// See Store::StoppedRuns and ActiveRuns.
std::vector<std::string> SelectStoppedRuns(Connection& connection, absl::string_view holder);
void FillActivity(Connection& connection, absl::Time now, std::vector<sync::ActiveRun>& runs);

}  // namespace satudata::store

#endif  // SERVER_STORE_CHUNK_QUERIES_H_
