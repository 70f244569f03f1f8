// How a run's work at one target is planned, and judged as a whole before anything of it is sent.
#include <algorithm>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "server/sync/mass_change.h"
#include "server/sync/preview.h"
#include "server/sync/run_driver.h"

namespace satudata::sync {
namespace {

using catalog::Failure;
using catalog::FileWithValues;

// Files, and so the deliveries of a chunk: the fewer, the more evenly servers share them.
constexpr int64_t kPlanPage = 500;
constexpr int64_t kSharedPlanPage = 100;

bool IsOfMany(const SyncRequest& request) {
  return request.kind == RunKind::kSyncAll || (request.is_preview() && !request.is_single_file());
}

bool SeesWholeCatalogue(const SyncRequest& request) {
  return IsOfMany(request) && request.file_ids.empty() && request.themes.empty() &&
         request.producers.empty() && request.limit == 0;
}

// Only a SyncAll is judged: one file is no mass, and a retry sends what a judged run has left.
bool IsJudged(const SyncRequest& request) { return IsOfMany(request) && !request.allow_mass_change; }

PlanFilter FilterOf(const SyncRequest& request, const std::string& target) {
  PlanFilter filter{request.file_ids, request.themes, request.producers};
  if (request.is_single_file()) filter.file_ids = {request.file_id};
  if (request.kind == RunKind::kRetry) {
    filter.left_over = LeftOver{request.retry_of, target, request.include_rejected};
  }
  return filter;
}

}  // namespace

void RunDriver::Plan(Part& part) {
  ++plans_;
  const absl::Cleanup planned_now = [this] { --plans_; };
  Planned plan;
  const absl::Status planned = PlanPages(part, plan);
  if (IsChunkLost(planned)) LoseDrive();
  if (IsAbandoned()) return;  // It is planned anew by the next process.
  if (!planned.ok()) {
    FailPlanning(planned);
  } else if (!cancelled_) {
    Judge(plan.totals);
    if (!plan.refused.ok()) Refuse(plan.refused);
  }
  // The feeding reads rows: they must be there. A plan that is not to be sent counts as complete as well:
  // what it took over from older deliveries must not be discarded with it.
  Change done{.run_id = run_.run_id, .planned_targets = {part.name}};
  const bool is_preview = run_.request.is_preview();
  if (!cancelled_ && !is_preview && SeesWholeCatalogue(run_.request)) {
    done.verified_file_count = plan.totals.verified_files;
  }
  if (is_preview) done.forecasts[part.name] = MakeForecast(plan.requests, part.target.worker->Status());
  const absl::Status stored = CommitAll(std::move(done));
  if (IsChunkLost(stored)) LoseDrive();
  if (IsAbandoned()) return;
  if (!stored.ok()) FailPlanning(stored);
  part.judge_time = dependencies_.time->Now();
  part.phase = Phase::kJudged;
  for (const auto& other : parts_) {  // They may have waited for this.
    if (other.get() != &part && other->phase == Phase::kJudged) Schedule(*other);
  }
}

absl::Status RunDriver::PlanPages(Part& part, Planned& plan) {
  const Fence drive = CurrentDrive();
  const absl::Status discarded =
      patience_.Do([&] { return dependencies_.store->DiscardPlan(drive, part.name); });
  if (!discarded.ok()) return discarded;
  const SyncRequest& request = run_.request;
  PlanBuilder builder(run_, BuilderDependencies(part));
  if (request.withdraws()) return PlanWithdrawal(builder);
  PlanBuilder::Options options{.report_skipped = &part == parts_.front().get(),
                               .rows_for_unchanged = !IsOfMany(request),
                               .with_requests = request.is_preview() && request.is_single_file()};
  const PlanFilter filter = FilterOf(request, part.name);
  int64_t left = request.limit > 0 ? request.limit : INT64_MAX;
  std::string cursor;
  while (!Ends() && left > 0) {
    options.verified_limit = left;
    absl::StatusOr<std::optional<PlanBuilder::Page>> page =
        patience_.Do([&] { return PlanPage(builder, options, filter, plan.totals, cursor); });
    if (!page.ok()) return page.status();
    if (!page->has_value()) break;
    left -= (*page)->verified_count;
    plan.requests += (*page)->request_count;
    plan.refused = (*page)->refused;
    Submit(std::move((*page)->change));
  }
  return absl::OkStatus();
}

absl::Status RunDriver::PlanWithdrawal(PlanBuilder& builder) {
  absl::StatusOr<PlanBuilder::Page> page = patience_.Do([&] { return builder.PlanWithdrawal(); });
  if (!page.ok()) return page.status();
  Submit(std::move(page->change));
  return absl::OkStatus();
}

absl::StatusOr<std::optional<PlanBuilder::Page>> RunDriver::PlanPage(PlanBuilder& builder,
                                                                     const PlanBuilder::Options& options,
                                                                     const PlanFilter& filter,
                                                                     PlanTotals& totals,
                                                                     std::string& cursor) {
  absl::StatusOr<std::vector<FileWithValues>> files = dependencies_.store->FilesToPlan(
      filter, cursor, dependencies_.store->IsShared() ? kSharedPlanPage : kPlanPage);
  if (!files.ok()) return files.status();
  if (files->empty()) return std::nullopt;
  std::string last = files->back().file.file_id;
  absl::StatusOr<PlanBuilder::Page> page = builder.PlanFiles(*std::move(files), options, totals);
  if (!page.ok()) return page.status();
  cursor = std::move(last);
  return *std::move(page);
}

void RunDriver::Judge(const PlanTotals& totals) {
  if (!IsJudged(run_.request)) return;
  absl::StatusOr<std::optional<int64_t>> last = std::nullopt;
  if (SeesWholeCatalogue(run_.request)) {
    last = patience_.Do([&] { return dependencies_.store->LastCatalogueSize(run_.run_id); });
  }
  if (!last.ok()) return FailPlanning(last.status());
  if (std::optional<Failure> failure = JudgeMassChange(totals, *last)) Refuse(*std::move(failure));
}

// Nothing of it may be sent. A preview shows that, and goes on to show the rest.
void RunDriver::Refuse(Failure failure) {
  if (!run_.request.is_preview()) return Fail(std::move(failure));
  base::MutexLock lock(&mu_);
  if (failure_.ok()) failure_ = std::move(failure);
}

// All of a run is judged before any of it is sent: what trips the guard at one target is no better at the
// other. But a target whose plan takes long, since its tables do, does not hold up the others for long, and
// one that is away not at all.
bool RunDriver::MaySend(const Part& part) const {
  if (cancelled_ || run_.request.is_preview() || !IsJudged(run_.request)) return true;
  const bool all_judged = std::none_of(parts_.begin(), parts_.end(), [](const auto& other) {
    return other->phase == Phase::kPlanning && !other->target.worker->IsAway();
  });
  return all_judged || dependencies_.time->Now() - part.judge_time >= dependencies_.judge_wait;
}

}  // namespace satudata::sync
