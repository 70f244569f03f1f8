#include "server/store/chunk_queries.h"

#include <optional>
#include <tuple>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "server/store/rows.h"

namespace satudata::store {
namespace {

using Text = std::string;

constexpr absl::string_view kChunkColumns = "chunk_id, run_id, target, last_delivery_id, token";

// Which chunks a filter means; both forms name their parameters in the same order.
std::string Matching(const sync::ChunkFilter& filter) {
  if (!filter.run_id.empty()) return "run_id = :run_id AND target = :target";
  return "coalesce(:run_id, '') = '' AND target = :target "
         "AND run_id NOT IN (SELECT run_id FROM run WHERE state IN ('QUEUED', 'RUNNING'))";
}

std::optional<sync::Chunk> SelectClaimable(Connection& connection, const sync::ChunkFilter& filter,
                                           const std::string& holder, absl::Time now) {
  auto row = connection.SelectOne<std::tuple<Text, Text, Text, Text, int64_t>>(
      absl::StrCat("SELECT ", kChunkColumns, " FROM chunk WHERE ", Matching(filter),
                   " AND (holder = '' OR (holder <> :holder AND expire_time <= :now)) "
                   "ORDER BY chunk_id LIMIT 1"),
      std::tuple<Text, Text, Text, absl::Time>(filter.run_id, filter.target, holder, now));
  if (!row.has_value()) return std::nullopt;
  auto& [chunk_id, run_id, target, last_delivery_id, token] = *row;
  return sync::Chunk{chunk_id, run_id, target, last_delivery_id, token};
}

bool IsHeldElsewhere(Connection& connection, const sync::ChunkFilter& filter, const std::string& holder) {
  return connection
      .SelectOne<Text>(absl::StrCat("SELECT chunk_id FROM chunk WHERE ", Matching(filter),
                                    " AND holder <> '' AND holder <> :holder AND settled = 0 LIMIT 1"),
                       std::tuple<Text, Text, Text>(filter.run_id, filter.target, holder))
      .has_value();
}

}  // namespace

void InsertChunk(Connection& connection, const sync::Chunk& chunk) {
  connection.Defer(
      "INSERT INTO chunk (chunk_id, run_id, target, last_delivery_id, token, holder, expire_time) "
      "VALUES (:chunk_id, :run_id, :target, :last_delivery_id, :token, '', 0)",
      std::tuple<Text, Text, Text, Text, int64_t>(chunk.chunk_id, chunk.run_id, chunk.target,
                                                  chunk.last_delivery_id, chunk.token));
}

void InsertRunChunk(Connection& connection, const std::string& run_id, const sync::Lease& lease) {
  const sync::Chunk chunk = sync::RunChunk(run_id);
  connection.Execute(
      "INSERT INTO chunk (chunk_id, run_id, target, last_delivery_id, token, holder, expire_time) "
      "VALUES (:chunk_id, :run_id, '', '', :token, :holder, :expire_time)",
      std::tuple<Text, Text, int64_t, Text, absl::Time>(chunk.chunk_id, run_id, chunk.token, lease.holder,
                                                        lease.expire_time));
}

void SettleChunk(Connection& connection, const std::string& chunk_id) {
  connection.Defer("UPDATE chunk SET settled = 1 WHERE chunk_id = :chunk_id", std::tuple<Text>(chunk_id));
}

void DeleteChunk(Connection& connection, const std::string& chunk_id) {
  connection.Defer("DELETE FROM chunk WHERE chunk_id = :chunk_id", std::tuple<Text>(chunk_id));
}

void DeleteChunksOfPlan(Connection& connection, absl::string_view run_id, absl::string_view target) {
  connection.Execute("DELETE FROM chunk WHERE run_id = :run_id AND target = :target",
                     std::tuple<Text, Text>(Text(run_id), Text(target)));
}

int64_t SelectToken(Connection& connection, const std::string& chunk_id) {
  return connection
      .SelectOne<int64_t>("SELECT token FROM chunk WHERE chunk_id = :chunk_id", std::tuple<Text>(chunk_id))
      .value_or(0);
}

sync::ChunkClaim ClaimChunk(Connection& connection, const sync::ChunkFilter& filter, const sync::Lease& lease,
                            absl::Time now) {
  sync::ChunkClaim claim{.chunk = SelectClaimable(connection, filter, lease.holder, now)};
  if (!claim.chunk.has_value()) {
    claim.held_elsewhere = IsHeldElsewhere(connection, filter, lease.holder);
    return claim;
  }
  ++claim.chunk->token;
  connection.Execute(
      "UPDATE chunk SET holder = :holder, token = :token, expire_time = :expire_time, settled = 0 "
      "WHERE chunk_id = :chunk_id",
      std::tuple<Text, int64_t, absl::Time, Text>(lease.holder, claim.chunk->token, lease.expire_time,
                                                  claim.chunk->chunk_id));
  return claim;
}

std::vector<sync::Fence> RenewLeases(Connection& connection, const sync::Lease& lease) {
  connection.Execute("UPDATE chunk SET expire_time = :expire_time WHERE holder = :holder",
                     std::tuple<absl::Time, Text>(lease.expire_time, lease.holder));
  std::vector<sync::Fence> held;
  connection.Select<std::tuple<Text, int64_t>>("SELECT chunk_id, token FROM chunk WHERE holder = :holder",
                                               std::tuple<Text>(lease.holder), [&held](auto& row) {
                                                 held.push_back({std::get<0>(row), std::get<1>(row)});
                                               });
  return held;
}

void ReleaseLeases(Connection& connection, absl::string_view holder) {
  connection.Execute(
      "UPDATE chunk SET holder = '', expire_time = 0 "
      "WHERE holder <> '' AND (:holder = '' OR holder = :holder)",
      std::tuple<Text>(Text(holder)));
}

std::vector<sync::Chunk> SelectExpiredChunks(Connection& connection, absl::Time now) {
  std::vector<sync::Chunk> chunks;
  connection.Select<std::tuple<Text, Text, Text, Text, int64_t, Text>>(
      absl::StrCat("SELECT ", kChunkColumns,
                   ", holder FROM chunk WHERE (holder <> '' AND expire_time <= :now) "
                   "OR (holder = '' AND target <> '' AND run_id NOT IN "
                   "(SELECT run_id FROM run WHERE state IN ('QUEUED', 'RUNNING'))) ORDER BY chunk_id"),
      std::tuple<absl::Time>(now), [&chunks](auto& row) {
        auto& [chunk_id, run_id, target, last_delivery_id, token, holder] = row;
        chunks.push_back({std::move(chunk_id), std::move(run_id), std::move(target),
                          std::move(last_delivery_id), token, holder.empty()});
      });
  return chunks;
}

std::vector<std::string> SelectStoppedRuns(Connection& connection, absl::string_view holder) {
  return connection.SelectAll<Text>(
      "SELECT DISTINCT c.run_id FROM chunk c JOIN run r ON r.run_id = c.run_id "
      "WHERE c.holder = :holder AND r.stop_time IS NOT NULL",
      std::tuple<Text>(Text(holder)));
}

void FillActivity(Connection& connection, absl::Time now, std::vector<sync::ActiveRun>& runs) {
  absl::flat_hash_map<std::string, sync::ActiveRun*> by_id;
  for (sync::ActiveRun& run : runs) by_id[run.run.run_id] = &run;
  const auto find = [&by_id](const Text& run_id) {
    const auto found = by_id.find(run_id);
    return found == by_id.end() ? nullptr : found->second;
  };
  connection.Select<Text>(
      "SELECT run_id FROM chunk WHERE target = '' AND holder <> '' AND expire_time > :now",
      std::tuple<absl::Time>(now), [&find](const Text& run_id) {
        if (sync::ActiveRun* run = find(run_id)) run->is_driven = true;
      });
  connection.Select<std::tuple<Text, Text>>(
      "SELECT p.run_id, p.target FROM run r JOIN run_planned_target p ON p.run_id = r.run_id AND p.released "
      "= 1 "
      "WHERE r.state IN ('QUEUED', 'RUNNING') AND EXISTS (SELECT 1 FROM chunk c WHERE c.run_id = p.run_id "
      "AND c.target = p.target AND (c.holder = '' OR c.expire_time <= :now)) ORDER BY p.target",
      std::tuple<absl::Time>(now), [&find](auto& row) {
        if (sync::ActiveRun* run = find(std::get<0>(row))) run->open_targets.push_back(std::get<1>(row));
      });
}

}  // namespace satudata::store
