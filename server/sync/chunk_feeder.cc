#include "server/sync/chunk_feeder.h"

#include <algorithm>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "server/sync/lane_feed.h"
#include "server/sync/stored_times.h"

namespace satudata::sync {
namespace {

using catalog::FileWithValues;

bool IsUntouched(const LaneDelivery& item) {
  return item.delivery.state == State::kQueued && item.delivery.attempt_count == 0;
}

// `detail` with all that was not sent cancelled.
void CancelQueued(DeliveryDetail& detail, const catalog::Failure& reason, absl::Time now, Change& change) {
  Delivery& delivery = detail.delivery;
  const State previous = delivery.state;
  for (size_t i = 0; i < detail.records.size(); ++i) {
    Record& record = detail.records[i];
    if (record.state != State::kQueued) continue;
    record.state = State::kCancelled;
    record.failure = reason;
    change.records.push_back({delivery.delivery_id, static_cast<int64_t>(i), record});
  }
  SumUp(detail.records, delivery);
  delivery.update_time = now;
  change.deliveries.push_back({delivery, previous});
}

}  // namespace

absl::StatusOr<std::optional<Chunk>> ChunkFeeder::Claim(const std::string& run_id, FeedProgress& progress) {
  const absl::StatusOr<ChunkClaim> claim =
      patience_.Do([&] { return keeper_.Claim({.target = target(), .run_id = run_id}); });
  if (!claim.ok()) return claim.status();
  progress = FeedProgress::kFed;
  if (!claim->chunk.has_value()) {
    progress = claim->held_elsewhere ? FeedProgress::kHeldElsewhere : FeedProgress::kExhausted;
  }
  return claim->chunk;
}

// What could not be fed is not forgotten: whoever asks next gets it again.
void ChunkFeeder::GiveBack(const std::string& run_id, const Chunk& chunk) {
  dependencies_.worker->LoseChunk(chunk.fence());
  keeper_.GiveBack({.target = target(), .run_id = run_id}, chunk);
}

absl::StatusOr<ChunkFeeder::Taken> ChunkFeeder::Open(const Chunk& chunk) {
  Taken taken{.chunk = chunk, .generation = dependencies_.store->Generation()};
  absl::StatusOr<std::vector<DeliveryDetail>> deliveries =
      patience_.Do([&] { return dependencies_.store->UnsettledDeliveries(chunk); });
  if (!deliveries.ok()) return deliveries.status();
  taken.deliveries = *std::move(deliveries);
  // One more than there are: the chunk is not to end while they are on their way.
  dependencies_.worker->OpenChunk(chunk.fence(), static_cast<int64_t>(taken.deliveries.size()) + 1);
  return taken;
}

absl::StatusOr<absl::flat_hash_map<std::string, FileWithValues>> ChunkFeeder::FilesOf(
    const std::vector<DeliveryDetail>& deliveries) {
  std::vector<std::string> ids;
  for (const DeliveryDetail& detail : deliveries) ids.push_back(detail.delivery.file_id);
  absl::StatusOr<std::vector<FileWithValues>> files =
      patience_.Do([&] { return dependencies_.store->LoadFiles(ids); });
  if (!files.ok()) return files.status();
  absl::flat_hash_map<std::string, FileWithValues> by_id;
  for (FileWithValues& file : *files) {
    std::string id = file.file.file_id;
    by_id[std::move(id)] = std::move(file);
  }
  return by_id;
}

bool ChunkFeeder::EquipOne(const Run& run, const PlanBuilder& builder,
                           const absl::flat_hash_map<std::string, FileWithValues>& files,
                           LaneDelivery& item) const {
  if (run.request.withdraws()) {
    return Equip(dependencies_.worker->target().ProjectWithdrawal(run.request.withdrawal), item);
  }
  const auto found = files.find(item.delivery.file_id);
  return found != files.end() && Equip(found->second, builder.Project(found->second), item);
}

// With what each record is sent with. Those that would not be sent as planned go to `outdated`, where nothing
// of them was sent yet; without `outdated` they keep nothing to send.
absl::StatusOr<std::vector<LaneDelivery>> ChunkFeeder::Equipped(const Run& run, Taken taken,
                                                                std::vector<LaneDelivery>* outdated) {
  const auto files = FilesOf(taken.deliveries);
  if (!files.ok()) return files.status();
  const PlanBuilder builder(run, dependencies_);
  std::vector<LaneDelivery> ready;
  for (DeliveryDetail& detail : taken.deliveries) {
    LaneDelivery item = MakeLaneDelivery(run, std::move(detail));
    item.generation = taken.generation;
    item.fence = taken.chunk.fence();
    const bool as_planned = EquipOne(run, builder, *files, item);
    const bool plan_again = !as_planned && outdated != nullptr && IsUntouched(item);
    (plan_again ? *outdated : ready).push_back(std::move(item));
  }
  return ready;
}

absl::Status ChunkFeeder::Add(const Run& run, const Chunk& chunk, std::vector<LaneDelivery> items) {
  const absl::Time now = dependencies_.time->Now();
  const absl::Status known =
      patience_.Do([&] { return AddKnown(*dependencies_.store, target(), now, items); });
  if (!known.ok()) return known;
  // Planned, if not also worked on, by an earlier process or another one.
  const bool taken_over = chunk.token > 1 || run.state != RunState::kQueued;
  for (LaneDelivery& item : items) {
    if (taken_over) AdoptTimes(now, item);
  }
  dependencies_.worker->Add(std::move(items));
  dependencies_.worker->LeaveChunk(chunk.run_id, chunk.fence());  // The one that was added in Take.
  return absl::OkStatus();
}

absl::StatusOr<Fed> ChunkFeeder::Feed(const Run& run) {
  Fed fed;
  const absl::StatusOr<std::optional<Chunk>> chunk = Claim(run.run_id, fed.progress);
  if (!chunk.ok()) return chunk.status();
  if (!chunk->has_value()) return fed;
  absl::Cleanup give_back = [&] { GiveBack(run.run_id, **chunk); };
  absl::StatusOr<Taken> taken = Open(**chunk);
  if (!taken.ok()) return taken.status();
  absl::StatusOr<std::vector<LaneDelivery>> ready = Equipped(run, *std::move(taken), &fed.outdated);
  if (!ready.ok()) return ready.status();
  if (absl::Status added = Add(run, **chunk, *std::move(ready)); !added.ok()) return added;
  std::move(give_back).Cancel();
  return fed;
}

absl::StatusOr<FeedProgress> ChunkFeeder::FeedCancelled(const Run& run, const catalog::Failure& reason,
                                                        const std::function<void(Change)>& submit) {
  FeedProgress progress = FeedProgress::kExhausted;
  const absl::StatusOr<std::optional<Chunk>> chunk = Claim(run.run_id, progress);
  if (!chunk.ok()) return chunk.status();
  if (!chunk->has_value()) return progress;
  absl::Cleanup give_back = [&] { GiveBack(run.run_id, **chunk); };
  absl::StatusOr<Taken> taken = Open(**chunk);
  if (!taken.ok()) return taken.status();
  std::vector<LaneDelivery> sent = CancelUnsent(run, *std::move(taken), reason, submit);
  if (absl::Status added = Add(run, **chunk, std::move(sent)); !added.ok()) return added;
  std::move(give_back).Cancel();
  dependencies_.worker->CancelRun(run.run_id);
  return progress;
}

// The rest may have been sent.
std::vector<LaneDelivery> ChunkFeeder::CancelUnsent(const Run& run, Taken taken,
                                                    const catalog::Failure& reason,
                                                    const std::function<void(Change)>& submit) {
  const Fence fence = taken.chunk.fence();
  Change change{.run_id = run.run_id, .fence = fence};
  std::vector<LaneDelivery> sent;
  for (DeliveryDetail& detail : taken.deliveries) {
    if (detail.delivery.state == State::kQueued) {
      CancelQueued(detail, reason, dependencies_.time->Now(), change);
    } else {
      sent.push_back(MakeLaneDelivery(run, std::move(detail)));
      sent.back().fence = fence;
    }
  }
  const size_t cancelled = change.deliveries.size();
  submit(std::move(change));
  for (size_t i = 0; i < cancelled; ++i) dependencies_.worker->LeaveChunk(run.run_id, fence);
  return sent;
}

absl::StatusOr<FeedProgress> ChunkFeeder::FeedEnded() {
  FeedProgress progress = FeedProgress::kExhausted;
  const absl::StatusOr<std::optional<Chunk>> chunk = Claim(/*run_id=*/"", progress);
  if (!chunk.ok()) return chunk.status();
  if (!chunk->has_value()) return progress;
  absl::Cleanup give_back = [&] { GiveBack(/*run_id=*/"", **chunk); };
  const absl::StatusOr<Run> run = patience_.Do([&] { return dependencies_.store->GetRun((*chunk)->run_id); });
  if (!run.ok()) return run.status();
  absl::StatusOr<Taken> taken = Open(**chunk);
  if (!taken.ok()) return taken.status();
  absl::StatusOr<std::vector<LaneDelivery>> ready = Equipped(*run, *std::move(taken), /*outdated=*/nullptr);
  if (!ready.ok()) return ready.status();
  if (absl::Status added = Add(*run, **chunk, *std::move(ready)); !added.ok()) return added;
  std::move(give_back).Cancel();
  return progress;
}

}  // namespace satudata::sync
