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

LeaseKeeper::LeaseKeeper(Options options, Dependencies dependencies)
    : options_(std::move(options)), dependencies_(std::move(dependencies)) {}

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
  if (std::optional<Chunk> again = TakeGivenBack(filter)) return ChunkClaim{.chunk = *std::move(again)};
  const absl::Time now = dependencies_.time->Now();
  const Lease lease = NewLease(now);
  absl::StatusOr<ChunkClaim> claim = dependencies_.store->ClaimChunk(filter, lease, now);
  if (claim.ok() && claim->chunk.has_value()) Take(*claim->chunk, lease);
  return claim;
}

void LeaseKeeper::Take(const Chunk& chunk, const Lease& lease) {
  if (const std::optional<Chunk> lost = Hold(chunk, lease.expire_time)) TellLost(*lost);
}

// If it was ours before, somebody had it meanwhile and that was not noticed yet: as it was then.
std::optional<Chunk> LeaseKeeper::Hold(const Chunk& chunk, absl::Time until) {
  std::optional<Chunk> lost;
  bool is_soonest = false;
  {
    base::MutexLock lock(&mu_);
    // Of several leases the one that ends first counts. What is lost and not told of yet is still worked on.
    is_soonest = (held_.empty() && telling_ == 0) || until < told_until_;
    if (is_soonest) {
      told_until_ = until;
      renew_time_ =
          std::min(renew_time_, until - options_.lease_time + options_.lease_time / kRenewalsPerLease);
      wake_.SignalAll();
    }
    const auto [mine, fresh] = held_.try_emplace(chunk.chunk_id, chunk);
    if (!fresh) lost = std::exchange(mine->second, chunk);
  }
  if (is_soonest) dependencies_.on_renewed(until);
  return lost;
}

void LeaseKeeper::GiveBack(const ChunkFilter& filter, const Chunk& chunk) {
  base::MutexLock lock(&mu_);
  given_back_[{filter.target, filter.run_id}].push_back(chunk);
}

std::optional<Chunk> LeaseKeeper::TakeGivenBack(const ChunkFilter& filter) {
  base::MutexLock lock(&mu_);
  const auto found = given_back_.find({filter.target, filter.run_id});
  if (found == given_back_.end()) return std::nullopt;
  std::vector<Chunk>& chunks = found->second;
  // What was lost meanwhile is not ours to give.
  std::erase_if(chunks, [this](const Chunk& chunk) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_) {
    const auto mine = held_.find(chunk.chunk_id);
    return mine == held_.end() || mine->second.token != chunk.token;
  });
  std::optional<Chunk> chunk;
  if (!chunks.empty()) {
    chunk = chunks.back();
    chunks.pop_back();
  }
  if (chunks.empty()) given_back_.erase(found);
  return chunk;
}

bool LeaseKeeper::HasGivenBack(const ChunkFilter& filter) {
  base::MutexLock lock(&mu_);
  return given_back_.contains({filter.target, filter.run_id});
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
    RenewIfDue();
    LookForExpired();
  }
}

// False when it is to end.
bool LeaseKeeper::WaitForWork() {
  base::MutexLock lock(&mu_);
  const absl::Time look_time = dependencies_.time->Now() + options_.look_interval;
  while (!stopping_ && !look_now_) {
    const absl::Time due = held_.empty() ? look_time : std::min(renew_time_, look_time);
    const absl::Duration left = due - dependencies_.time->Now();
    if (left <= absl::ZeroDuration()) break;
    wake_.WaitFor(&mu_, absl::ToChronoMilliseconds(left) + std::chrono::milliseconds(1));
  }
  return !stopping_;
}

void LeaseKeeper::RenewIfDue() {
  {
    base::MutexLock lock(&mu_);
    if (!std::exchange(look_now_, false) && dependencies_.time->Now() < renew_time_) return;
  }
  Renew();
}

void LeaseKeeper::Renew() {
  absl::flat_hash_map<std::string, Chunk> asked;
  const absl::Time now = dependencies_.time->Now();
  {
    base::MutexLock lock(&mu_);
    asked = held_;
    renew_time_ = now + options_.lease_time / kTriesPerLease;
  }
  if (asked.empty()) return;
  const Lease lease = NewLease(now);
  const absl::StatusOr<std::vector<Fence>> held = dependencies_.store->RenewLeases(lease, now);
  if (!held.ok()) return;  // The store tells of its own troubles; until it heals, nothing is sent.
  const std::vector<Chunk> lost = TakeLost(asked, *held);
  for (const Chunk& chunk : lost) TellLost(chunk);
  {
    base::MutexLock lock(&mu_);
    telling_ -= lost.size();
    renew_time_ = now + options_.lease_time / kRenewalsPerLease;
    told_until_ = lease.expire_time;
  }
  dependencies_.on_renewed(lease.expire_time);
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
  telling_ += lost.size();
  return lost;
}

void LeaseKeeper::LookForExpired() {
  absl::StatusOr<std::vector<Chunk>> expired = dependencies_.store->ExpiredChunks(dependencies_.time->Now());
  if (!expired.ok()) return;
  {  // What this process has and could not renew does not stand still for want of somebody to do it.
    base::MutexLock lock(&mu_);
    std::erase_if(*expired, [this](const Chunk& chunk) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_) {
      const auto mine = held_.find(chunk.chunk_id);
      return mine != held_.end() && mine->second.token == chunk.token;
    });
  }
  const auto standing =
      std::count_if(expired->begin(), expired->end(), [](const Chunk& chunk) { return !chunk.is_free; });
  dependencies_.observer->OnChunksExpired(standing);
  if (!expired->empty()) dependencies_.on_expired(*expired);
}

}  // namespace satudata::sync
