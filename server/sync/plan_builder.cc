#include "server/sync/plan_builder.h"

#include <algorithm>
#include <utility>

#include "absl/container/btree_set.h"
#include "absl/strings/str_cat.h"
#include "server/base/random.h"
#include "server/catalog/indicator.h"
#include "server/sync/preview.h"

namespace satudata::sync {
namespace {

using catalog::Failure;
using catalog::FileWithValues;
using catalog::IndicatorValue;
using catalog::Reason;

// Tries to fetch the reference list before values are judged by their shape alone; the target refuses what is
// wrong.
constexpr int kReferenceTries = 4;
constexpr int kReferenceTriesOfPreview = 1;

std::vector<std::string> IdsOf(const std::vector<FileWithValues>& files) {
  std::vector<std::string> ids;
  ids.reserve(files.size());
  for (const FileWithValues& item : files) ids.push_back(item.file.file_id);
  return ids;
}

bool IsVerified(const FileWithValues& item) {
  return item.file.verification == catalog::Verification::kVerified;
}

absl::btree_set<std::string> RegionsOf(const std::vector<FileWithValues>& files) {
  absl::btree_set<std::string> regions;
  for (const FileWithValues& item : files) {
    regions.insert(item.file.kodepemda);
    for (const IndicatorValue& value : item.values) regions.insert(value.kodepemda);
  }
  return regions;
}

// What was planned together is worked on together.
void AddChunk(Change& change) {
  const std::vector<DeliveryChange>& planned = change.deliveries;
  const bool is_work = std::any_of(planned.begin(), planned.end(),
                                   [](const DeliveryChange& item) { return !IsFinal(item.delivery.state); });
  if (!is_work) return;
  const Delivery& first = planned.front().delivery;  // Their ids rise.
  change.new_chunks.push_back({.chunk_id = first.delivery_id,
                               .run_id = first.run_id,
                               .target = first.target,
                               .last_delivery_id = planned.back().delivery.delivery_id});
}

FileSkipped Skip(const catalog::CatalogFile& file) {
  return {.file_id = file.file_id, .file_name = file.name, .failure = catalog::NotVerified(file)};
}

}  // namespace

absl::StatusOr<PlanBuilder::Page> PlanBuilder::PlanFiles(std::vector<FileWithValues> files,
                                                         const Options& options, PlanTotals& totals) {
  Page page{.change = {.run_id = run_.run_id}};
  if (absl::Status refreshed = RefreshContent(files); !refreshed.ok()) return refreshed;
  std::vector<FileWithValues> verified;
  for (FileWithValues& item : files) {
    if (!IsToBePlanned(item)) {
      if (options.report_skipped) page.change.skipped.push_back(Skip(item.file));
    } else if (static_cast<int64_t>(verified.size()) < options.verified_limit) {
      verified.push_back(std::move(item));
    }
  }
  page.verified_count = static_cast<int64_t>(verified.size());
  absl::StatusOr<std::vector<Prepared>> prepared = Prepare(std::move(verified));
  if (!prepared.ok()) return prepared.status();
  // Its time is from before the knowledge: what is confirmed meanwhile counts as later, and is not sent
  // again.
  const PlanContext context = Context();
  absl::StatusOr<Knowledge> knowledge = Gather(*prepared);
  if (!knowledge.ok()) return knowledge.status();
  totals.verified_files += page.verified_count;
  for (const Prepared& item : *prepared) {
    PlannedFile planned = PlanFile(item.file.file, item.projection, *knowledge, context);
    totals.Add(planned.records, knowledge->baselines, context.restore_time);
    if (run_.request.is_preview()) ShowPlan(item.file.file, options, planned, page);
    AddPlanned(item.file.file, std::move(planned), options, page.change);
  }
  if (!run_.request.is_preview()) AddChunk(page.change);
  page.request_count = RequestsFor(page.request_count, dependencies_.worker->target().traits());
  return page;
}

absl::StatusOr<PlanBuilder::Page> PlanBuilder::PlanWithdrawal() {
  PrepareReferences({run_.request.withdrawal.kodepemda});
  const Target& target = dependencies_.worker->target();
  const ProjectedRecord projected = target.ProjectWithdrawal(run_.request.withdrawal);
  const std::vector<std::string> keys = {projected.record.key};
  const auto baselines = dependencies_.store->Baselines(target.traits().name, keys);
  if (!baselines.ok()) return baselines.status();
  const auto known = baselines->find(projected.record.key);
  PlannedFile planned =
      sync::PlanWithdrawal(projected, known == baselines->end() ? nullptr : &known->second, Context());
  Page page{.change = {.run_id = run_.run_id}};
  AddPlanned(catalog::CatalogFile(), std::move(planned), {.rows_for_unchanged = true}, page.change);
  AddChunk(page.change);
  return page;
}

bool PlanBuilder::IsToBePlanned(const FileWithValues& item) const {
  return IsVerified(item) || (run_.request.is_preview() && run_.request.is_single_file());
}

// Reads what is new under the content directory. A verified file whose bytes have changed comes out
// unverified.
absl::Status PlanBuilder::RefreshContent(std::vector<FileWithValues>& files) {
  const std::vector<std::string> ids = IdsOf(files);
  const int64_t generation = dependencies_.store->Generation();
  content_failures_.clear();
  absl::StatusOr<std::vector<catalog::ContentState>> states = dependencies_.catalog->RefreshContentOf(files);
  if (!states.ok()) return states.status();
  for (catalog::ContentState& state : *states) {
    if (!state.content_failure.ok()) content_failures_[state.file_id] = std::move(state.content_failure);
  }
  if (dependencies_.store->Generation() == generation) return absl::OkStatus();
  absl::StatusOr<std::vector<FileWithValues>> reloaded = dependencies_.store->LoadFiles(ids);
  if (!reloaded.ok()) return reloaded.status();
  files = *std::move(reloaded);
  return absl::OkStatus();
}

absl::StatusOr<std::vector<PlanBuilder::Prepared>> PlanBuilder::Prepare(std::vector<FileWithValues> files) {
  if (absl::Status marked = MarkContradictions(files); !marked.ok()) return marked;
  PrepareReferences(RegionsOf(files));
  std::vector<Prepared> prepared;
  prepared.reserve(files.size());
  for (FileWithValues& item : files) {
    Projection projection = Project(item);
    prepared.push_back({std::move(item), std::move(projection)});
  }
  return prepared;
}

absl::Status PlanBuilder::MarkContradictions(std::vector<FileWithValues>& files) {
  std::vector<std::string> ids;
  for (const FileWithValues& item : files) {
    if (!item.values.empty()) ids.push_back(item.file.file_id);
  }
  if (ids.empty()) return absl::OkStatus();
  absl::StatusOr<std::vector<Contradiction>> found =
      dependencies_.store->Contradictions(ids, dependencies_.default_kodepemda);
  if (!found.ok()) return found.status();
  absl::flat_hash_map<std::pair<std::string, int64_t>, const Contradiction*> by_value;
  for (const Contradiction& item : *found) by_value[{item.file_id, item.position}] = &item;
  if (by_value.empty()) return absl::OkStatus();
  for (FileWithValues& item : files) {
    for (IndicatorValue& value : item.values) {
      const auto hit = by_value.find({item.file.file_id, value.position});
      if (hit == by_value.end() || !value.finding.ok()) continue;
      const std::string& own = value.kodepemda.empty() ? item.file.kodepemda : value.kodepemda;
      const std::string& region = own.empty() ? dependencies_.default_kodepemda : own;
      value.finding = {.reason = Reason::kValuesContradict,
                       .args = {{"key", absl::StrCat(region, ".", value.kodeindikator, ".", value.tahun)},
                                {"value", value.value.value_or("")},
                                {"other_value", hit->second->other_value},
                                {"other_file", hit->second->other_file_id},
                                {"other_file_name", hit->second->other_file_name}}};
      value.value.reset();
    }
  }
  return absl::OkStatus();
}

void PlanBuilder::PrepareReferences(absl::btree_set<std::string> regions) {
  regions.insert(dependencies_.default_kodepemda);
  absl::erase_if(regions, [](const std::string& code) { return !catalog::IsKodepemda(code); });
  dependencies_.worker->PrepareReferences(
      {regions.begin(), regions.end()},
      run_.request.is_preview() ? kReferenceTriesOfPreview : kReferenceTries, dependencies_.stop);
}

Projection PlanBuilder::Project(const FileWithValues& item) const {
  const auto failure = content_failures_.find(item.file.file_id);
  return dependencies_.worker->target().Project(
      item.file, item.values, failure == content_failures_.end() ? Failure() : failure->second);
}

PlanContext PlanBuilder::Context() const {
  const Target& target = dependencies_.worker->target();
  return {.traits = &target.traits(),
          .reference_version = target.reference_version(),
          .force = run_.request.force,
          .asks_again = run_.request.include_rejected,
          .looks_at_all = run_.request.is_preview() && run_.request.is_single_file(),
          .restore_time = dependencies_.store->RestoreTime(),
          .now = dependencies_.time->Now()};
}

absl::StatusOr<Knowledge> PlanBuilder::Gather(const std::vector<Prepared>& prepared) {
  std::vector<std::string> keys;
  for (const Prepared& item : prepared) {
    for (const ProjectedRecord& projected : item.projection.records) {
      if (projected.failure.ok()) keys.push_back(projected.record.key);
    }
  }
  Knowledge knowledge;
  const std::string& target = dependencies_.worker->target().traits().name;
  // In this order: what is settled meanwhile was open in the first, or is proven or refused in the others.
  auto open_records = dependencies_.store->OpenRecords(target, keys);
  auto baselines = dependencies_.store->Baselines(target, keys);
  auto refusals = dependencies_.store->Refusals(target, keys);
  for (const absl::Status& status : {baselines.status(), refusals.status(), open_records.status()}) {
    if (!status.ok()) return status;
  }
  knowledge.baselines = *std::move(baselines);
  knowledge.refusals = *std::move(refusals);
  knowledge.open_records = *std::move(open_records);

  const PlanContext context = Context();
  absl::btree_set<std::string> unseen;
  for (const Prepared& item : prepared) {
    for (std::string& scope : ScopesToObserve(item.projection, knowledge, context)) {
      if (!observations_.contains(scope)) unseen.insert(std::move(scope));
    }
  }
  if (!unseen.empty()) Observe({unseen.begin(), unseen.end()});
  knowledge.observations = observations_;
  return knowledge;
}

// A target that tells nothing in good time is sent to later, or shown without what it holds.
void PlanBuilder::Observe(const std::vector<std::string>& scopes) {
  const TargetTraits& traits = dependencies_.worker->target().traits();
  const auto patience =
      run_.request.is_preview() ? TargetWorker::Patience::kBrief : TargetWorker::Patience::kLong;
  auto seen = dependencies_.worker->Observe(scopes, patience, traits.read_deadline + traits.confirm_wait,
                                            dependencies_.stop);
  if (seen.size() < scopes.size()) {
    const std::optional<Wait> wait = dependencies_.worker->CurrentWait();
    const bool says_why = wait.has_value() && !wait->failure.ok();
    unread_ = says_why ? wait->failure : Failure{.reason = Reason::kTargetOutage};
  }
  for (auto& [scope, observation] : seen) observations_[scope] = std::move(observation);
}

// What a run would find out by sending, a preview shows; what it would note for the next one, it does not.
void PlanBuilder::ShowPlan(const catalog::CatalogFile& file, const Options& options, PlannedFile& planned,
                           Page& page) {
  ShowAsPreview(file, unread_, sent_keys_, planned);
  if (file.verification != catalog::Verification::kVerified) page.refused = catalog::NotVerified(file);
  planned.adopted.clear();
  page.request_count += CountToBeSent(planned);
  if (options.with_requests) planned.requests = RenderRequests(planned, dependencies_.worker->target());
}

void PlanBuilder::AddPlanned(const catalog::CatalogFile& file, PlannedFile planned, const Options& options,
                             Change& change) const {
  Delivery& delivery = planned.delivery;
  for (Baseline& baseline : planned.adopted) change.baselines.push_back(std::move(baseline));
  if (delivery.state == State::kUnchanged && !options.rows_for_unchanged) {
    ++change.unchanged[delivery.target];
    if (run_.request.is_preview()) return;
    change.statuses.push_back({.file_id = file.file_id,
                               .target = delivery.target,
                               .state = State::kUnchanged,
                               .run_id = run_.run_id,
                               .records = delivery.records,
                               .update_time = delivery.update_time});
    return;
  }
  delivery.run_id = run_.run_id;
  delivery.delivery_id = base::NewTimeOrderedUuid(absl::ToUnixMillis(delivery.create_time));
  for (size_t i = 0; i < planned.records.size(); ++i) {
    change.records.push_back({delivery.delivery_id, static_cast<int64_t>(i), std::move(planned.records[i])});
  }
  for (size_t i = 0; i < planned.requests.size(); ++i) {
    change.previews.push_back(
        {delivery.delivery_id, static_cast<int64_t>(i), std::move(planned.requests[i])});
  }
  change.deliveries.push_back({std::move(delivery), std::nullopt});
}

absl::StatusOr<PlannedFile> PlanBuilder::PlanAgain(FileWithValues file, absl::string_view delivery_id) {
  std::vector<FileWithValues> files;
  files.push_back(std::move(file));
  if (absl::Status refreshed = RefreshContent(files); !refreshed.ok()) return refreshed;
  if (files.empty() || !IsVerified(files.front())) {
    return absl::AbortedError("the file was unverified or deleted while it was being planned");
  }
  absl::StatusOr<std::vector<Prepared>> prepared = Prepare(std::move(files));
  if (!prepared.ok()) return prepared.status();
  absl::StatusOr<Knowledge> knowledge = Gather(*prepared);
  if (!knowledge.ok()) return knowledge.status();
  // Its own claim is in the store; nothing of it was sent.
  absl::erase_if(knowledge->open_records,
                 [&](const auto& open) { return open.second.delivery_id == delivery_id; });
  return PlanFile(prepared->front().file.file, prepared->front().projection, *knowledge, Context());
}

}  // namespace satudata::sync
