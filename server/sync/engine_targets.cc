// What operators do with targets.
#include <algorithm>
#include <utility>

#include "server/sync/engine_impl.h"

namespace satudata::sync {
namespace {

using catalog::FailureStatus;
using catalog::Reason;

constexpr absl::Duration kLongestCheck = absl::Seconds(30);

absl::Status NoReferenceList(const std::string& target) {
  return FailureStatus(absl::StatusCode::kFailedPrecondition,
                       {.reason = Reason::kMethodUnavailable,
                        .args = {{"method", "ListReferenceIndicators"}, {"target", target}}});
}

}  // namespace

absl::StatusOr<CheckResult> EngineImpl::CheckTarget(absl::string_view target) {
  if (absl::Status known = CheckTargets({.targets = {std::string(target)}}); !known.ok()) return known;
  TargetWorker& worker = *targets_.at(std::string(target)).worker;
  const CheckResult result = worker.target().Check(base::Deadline::After(
      *dependencies_.clock, std::min(worker.target().traits().read_deadline, kLongestCheck)));
  worker.OnChecked(result);
  return result;
}

absl::StatusOr<TargetStatus> EngineImpl::PauseTarget(absl::string_view target, absl::string_view paused_by,
                                                     absl::string_view comment) {
  if (absl::Status known = CheckTargets({.targets = {std::string(target)}}); !known.ok()) return known;
  TargetWorker& worker = *targets_.at(std::string(target)).worker;
  TargetPause pause{
      .kind = PauseKind::kByOperator,
      .failure = {.reason = catalog::Reason::kTargetPaused, .args = {{"detail", std::string(comment)}}},
      .paused_by = std::string(paused_by)};
  if (absl::Status stored = worker.Pause(std::move(pause)); !stored.ok()) return stored;
  return worker.Status();
}

absl::StatusOr<TargetStatus> EngineImpl::ResumeTarget(absl::string_view target) {
  if (absl::Status known = CheckTargets({.targets = {std::string(target)}}); !known.ok()) return known;
  TargetWorker& worker = *targets_.at(std::string(target)).worker;
  if (absl::Status stored = worker.Resume(); !stored.ok()) return stored;
  return worker.Status();
}

absl::StatusOr<IndicatorPage> EngineImpl::ListIndicators(const IndicatorFilter& filter, const Page& page) {
  if (absl::Status known = CheckTargets({.targets = {filter.target}}); !known.ok()) return known;
  TargetWorker& worker = *targets_.at(filter.target).worker;
  if (!worker.target().has_reference_list()) return NoReferenceList(filter.target);
  const std::string region = filter.kodepemda.empty() ? options_.default_kodepemda : filter.kodepemda;
  if (region.empty())
    return FailureStatus(absl::StatusCode::kFailedPrecondition, {.reason = Reason::kKodepemdaMissing});
  const absl::StatusOr<ReferenceListPtr> list = worker.LookAtReferences(region);
  if (!list.ok()) return list.status();
  IndicatorPage selected = SelectIndicators(**list, filter, page);
  std::vector<std::string> codes;
  std::vector<std::string> prefixes;
  for (const IndicatorRow& row : selected.rows) {
    codes.push_back(row.indicator.kodeindikator);
    prefixes.push_back(KeyPrefix(region, row.indicator.kodeindikator));
  }
  const auto ours = dependencies_.store->VerifiedValues(codes, region, options_.default_kodepemda);
  if (!ours.ok()) return ours.status();
  const auto theirs = dependencies_.store->BaselinesUnder(filter.target, prefixes);
  if (!theirs.ok()) return theirs.status();
  AddYears(region, *ours, *theirs, selected.rows);
  return selected;
}

absl::Status EngineImpl::RestoreTargets() {
  absl::StatusOr<std::vector<TargetMemory>> memories = dependencies_.store->TargetMemories();
  if (!memories.ok()) return memories.status();
  for (TargetMemory& memory : *memories) {
    const auto found = targets_.find(memory.target);
    if (found != targets_.end()) found->second.worker->Restore(std::move(memory));
  }
  return absl::OkStatus();
}

}  // namespace satudata::sync
