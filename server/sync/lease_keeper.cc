#include "server/sync/lease_keeper.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/base/executor.h"
#include "server/base/log.h"

namespace satudata::sync {
namespace {

constexpr int kRenewalsPerLease = 3;
constexpr int kTriesPerLease = 12;  // After a renewal that failed.

}  // namespace

LeaseKeeper::LeaseKeeper(std::string holder, absl::Duration lease_time, Dependencies dependencies)
    : holder_(std::move(holder)), lease_time_(lease_time), dependencies_(std::move(dependencies)) {}

LeaseKeeper::~LeaseKeeper() { Stop(); }

void LeaseKeeper::Start() {
  thread_ = std::thread([this] { Loop(); });
}

void LeaseKeeper::Stop() {
  {
    base::MutexLock lock(&mu_);
    stopping_ = true;
    wake_.SignalAll();
  }
  if (thread_.joinable()) thread_.join();
}

absl::StatusOr<ChunkClaim> LeaseKeeper::Claim(const ChunkFilter& filter) {
  const absl::Time now = dependencies_.time->Now();
  const absl::Time until = now + lease_time_;
  absl::StatusOr<ChunkClaim> claim =
      dependencies_.store->ClaimChunk(filter, {.holder = holder_, .expire_time = until}, now);
  if (!claim.ok() || !claim->chunk.has_value()) return claim;
  bool first = false;
  std::optional<Chunk> lost;  // It was ours, somebody had it meanwhile, and it was not noticed yet.
  {
    base::MutexLock lock(&mu_);
    first = held_.empty();
    const auto [mine, fresh] = held_.try_emplace(claim->chunk->chunk_id, *claim->chunk);
    if (!fresh) lost = std::exchange(mine->second, *claim->chunk);
    if (first) renew_time_ = now + lease_time_ / kRenewalsPerLease;
    if (first) wake_.SignalAll();  // From now on there is something to renew.
  }
  // Of several the oldest lease counts; that one has been told already.
  if (first) dependencies_.on_renewed(until);
  if (lost.has_value()) TellLost(*lost);
  return claim;
}

void LeaseKeeper::Forget(const std::string& chunk_id) {
  base::MutexLock lock(&mu_);
  held_.erase(chunk_id);
}

void LeaseKeeper::NoteRefusal() {
  base::MutexLock lock(&mu_);
  look_now_ = true;
  wake_.SignalAll();
}

void LeaseKeeper::Nudge() {
  base::MutexLock lock(&mu_);
  if (dependencies_.time->Now() >= renew_time_) wake_.SignalAll();
}

void LeaseKeeper::Loop() {
  base::SetThreadName("lease-keeper");
  while (true) {
    if (!WaitForWork()) return;
    Renew();
    LookForExpired();
  }
}

// False when it is to end.
bool LeaseKeeper::WaitForWork() {
  base::MutexLock lock(&mu_);
  const absl::Time look_time = dependencies_.time->Now() + lease_time_;
  while (!stopping_ && !std::exchange(look_now_, false)) {
    const absl::Time due = held_.empty() ? look_time : std::min(renew_time_, look_time);
    const absl::Duration left = due - dependencies_.time->Now();
    if (left <= absl::ZeroDuration()) break;
    wake_.WaitFor(&mu_, absl::ToChronoMilliseconds(left) + std::chrono::milliseconds(1));
  }
  return !stopping_;
}

void LeaseKeeper::Renew() {
  absl::flat_hash_map<std::string, Chunk> asked;
  const absl::Time now = dependencies_.time->Now();
  {
    base::MutexLock lock(&mu_);
    asked = held_;
    renew_time_ = now + lease_time_ / kTriesPerLease;
  }
  if (asked.empty()) return;
  const absl::Time until = now + lease_time_;
  const absl::StatusOr<std::vector<Fence>> held =
      dependencies_.store->RenewLeases({.holder = holder_, .expire_time = until});
  if (!held.ok()) return;  // The store tells of its own troubles; until it heals, nothing is sent.
  const std::vector<Chunk> lost = TakeLost(asked, *held);
  for (const Chunk& chunk : lost) TellLost(chunk);
  {
    base::MutexLock lock(&mu_);
    renew_time_ = now + lease_time_ / kRenewalsPerLease;
  }
  dependencies_.on_renewed(until);
}

void LeaseKeeper::TellLost(const Chunk& chunk) {
  base::Log(base::Severity::kWarning, "a chunk was taken over by another process",
            {{"run_id", chunk.run_id}, {"target", chunk.target}, {"chunk_id", chunk.chunk_id}});
  dependencies_.observer->OnChunkLost(chunk.target);
  dependencies_.on_lost(chunk);
}

// What was asked for and is neither the holder's any more nor done with meanwhile.
std::vector<Chunk> LeaseKeeper::TakeLost(const absl::flat_hash_map<std::string, Chunk>& asked,
                                         const std::vector<Fence>& held) {
  absl::flat_hash_map<absl::string_view, int64_t> tokens;
  for (const Fence& fence : held) tokens[fence.chunk_id] = fence.token;
  std::vector<Chunk> lost;
  base::MutexLock lock(&mu_);
  for (const auto& [chunk_id, chunk] : asked) {
    const auto token = tokens.find(chunk_id);
    if (token != tokens.end() && token->second == chunk.token) continue;
    const auto mine = held_.find(chunk_id);
    if (mine == held_.end() || mine->second.token != chunk.token) continue;
    lost.push_back(chunk);
    held_.erase(mine);
  }
  return lost;
}

void LeaseKeeper::LookForExpired() {
  const absl::StatusOr<std::vector<Chunk>> expired =
      dependencies_.store->ExpiredChunks(dependencies_.time->Now());
  if (!expired.ok()) return;
  dependencies_.observer->OnChunksExpired(static_cast<int64_t>(expired->size()));
  if (!expired->empty()) dependencies_.on_expired(*expired);
}

}  // namespace satudata::sync
