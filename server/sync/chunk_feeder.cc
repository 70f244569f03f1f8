#include "server/sync/chunk_feeder.h"

#include <algorithm>
#include <utility>

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

absl::StatusOr<std::optional<ChunkFeeder::Taken>> ChunkFeeder::Take(const std::string& run_id,
                                                                    FeedProgress& progress) {
  Taken taken;
  const absl::StatusOr<ChunkClaim> claim =
      patience_.Do([&] { return keeper_.Claim({.target = target(), .run_id = run_id}); });
  if (!claim.ok()) return claim.status();
  progress = FeedProgress::kFed;
  if (!claim->chunk.has_value()) {
    progress = claim->held_elsewhere ? FeedProgress::kHeldElsewhere : FeedProgress::kExhausted;
    return std::nullopt;
  }
  taken.chunk = *claim->chunk;
  taken.generation = dependencies_.store->Generation();
  absl::StatusOr<std::vector<DeliveryDetail>> deliveries =
      patience_.Do([&] { return dependencies_.store->UnsettledDeliveries(taken.chunk); });
  if (!deliveries.ok()) return deliveries.status();
  taken.deliveries = *std::move(deliveries);
  // One more than there are: the chunk is not to end while they are on their way.
  dependencies_.worker->OpenChunk(taken.chunk.fence(), static_cast<int64_t>(taken.deliveries.size()) + 1);
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
    const auto found = files->find(item.delivery.file_id);
    const bool as_planned =
        found != files->end() && Equip(found->second, builder.Project(found->second), item);
    const bool plan_again = !as_planned && outdated != nullptr && IsUntouched(item);
    (plan_again ? *outdated : ready).push_back(std::move(item));
  }
  return ready;
}

absl::Status ChunkFeeder::Add(const Chunk& chunk, std::vector<LaneDelivery> items) {
  const absl::Time now = dependencies_.time->Now();
  const absl::Status known =
      patience_.Do([&] { return AddKnown(*dependencies_.store, target(), now, items); });
  if (!known.ok()) return known;
  const bool taken_over = chunk.token > 1;
  for (LaneDelivery& item : items) {
    if (taken_over) AdoptTimes(now, item);
  }
  dependencies_.worker->Add(std::move(items));
  dependencies_.worker->LeaveChunk(chunk.run_id, chunk.fence());  // The one that was added in Take.
  return absl::OkStatus();
}

absl::StatusOr<Fed> ChunkFeeder::Feed(const Run& run) {
  Fed fed;
  absl::StatusOr<std::optional<Taken>> taken = Take(run.run_id, fed.progress);
  if (!taken.ok()) return taken.status();
  if (!taken->has_value()) return fed;
  const Chunk chunk = (*taken)->chunk;
  absl::StatusOr<std::vector<LaneDelivery>> ready = Equipped(run, **std::move(taken), &fed.outdated);
  if (!ready.ok()) return ready.status();
  if (absl::Status added = Add(chunk, *std::move(ready)); !added.ok()) return added;
  return fed;
}

absl::StatusOr<FeedProgress> ChunkFeeder::FeedCancelled(const Run& run, const catalog::Failure& reason,
                                                        const std::function<void(Change)>& submit) {
  FeedProgress progress = FeedProgress::kExhausted;
  absl::StatusOr<std::optional<Taken>> taken = Take(run.run_id, progress);
  if (!taken.ok()) return taken.status();
  if (!taken->has_value()) return progress;
  const Chunk& chunk = (*taken)->chunk;
  Change change{.run_id = run.run_id, .fence = chunk.fence()};
  std::vector<LaneDelivery> sent;
  for (DeliveryDetail& detail : (*taken)->deliveries) {
    if (detail.delivery.state == State::kQueued) {
      CancelQueued(detail, reason, dependencies_.time->Now(), change);
    } else {
      sent.push_back(MakeLaneDelivery(run, std::move(detail)));
      sent.back().fence = chunk.fence();
    }
  }
  const size_t cancelled = change.deliveries.size();
  submit(std::move(change));
  for (size_t i = 0; i < cancelled; ++i) dependencies_.worker->LeaveChunk(run.run_id, chunk.fence());
  if (absl::Status added = Add(chunk, std::move(sent)); !added.ok()) return added;
  dependencies_.worker->CancelRun(run.run_id);
  return progress;
}

absl::StatusOr<FeedProgress> ChunkFeeder::FeedEnded() {
  FeedProgress progress = FeedProgress::kExhausted;
  absl::StatusOr<std::optional<Taken>> taken = Take(/*run_id=*/"", progress);
  if (!taken.ok()) return taken.status();
  if (!taken->has_value()) return progress;
  const Chunk chunk = (*taken)->chunk;
  const absl::StatusOr<Run> run = patience_.Do([&] { return dependencies_.store->GetRun(chunk.run_id); });
  if (!run.ok()) return run.status();
  absl::StatusOr<std::vector<LaneDelivery>> ready = Equipped(*run, **std::move(taken), /*outdated=*/nullptr);
  if (!ready.ok()) return ready.status();
  if (absl::Status added = Add(chunk, *std::move(ready)); !added.ok()) return added;
  return progress;
}

}  // namespace satudata::sync
