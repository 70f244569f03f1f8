#include "clients/cli/run_view.h"

#include <algorithm>

#include "clients/cli/names.h"

namespace satudata::cli {
namespace {

constexpr size_t kExamples = 3;

template <typename TargetCountsList>
void SetCounts(const TargetCountsList& list, RunView* view) {
  for (const v1::TargetCounts& target_counts : list) {
    TargetView& target = view->targets[target_counts.target()];
    target.counts.clear();
    for (const v1::StateCount& count : target_counts.states()) target.counts[count.state()] = count.count();
  }
}

void SampleSpeeds(RunView* view) {
  for (auto& [name, target] : view->targets) target.speed.Add(view->now, CompletedOf(target));
}

// The server's clock tells how long the run had been going on; ours goes on from there, whatever it shows.
void NoteBeginning(const v1::RunEvent& event, RunView* view) {
  const v1::Run& run = event.snapshot();
  if (view->began.has_value() || run.state() == v1::Run::STATE_QUEUED) return;
  const bool known = event.has_event_time() && run.has_start_time();
  const absl::Duration age =
      known ? ToTime(event.event_time()) - ToTime(run.start_time()) : absl::ZeroDuration();
  view->began = view->now - std::max(age, absl::ZeroDuration());
}

void FoldSnapshot(const v1::RunEvent& event, RunView* view) {
  view->run = event.snapshot();
  for (const std::string& target : view->run.targets()) view->targets[target];
  SetCounts(view->run.target_counts(), view);
  view->skipped_files = std::max(view->skipped_files, view->run.skipped_file_count());
  NoteBeginning(event, view);
  SampleSpeeds(view);
}

void FoldProgress(const v1::Progress& progress, RunView* view) {
  SetCounts(progress.target_counts(), view);
  view->total.reset();
  if (progress.has_total_count()) view->total = progress.total_count();
  for (auto& [name, target] : view->targets) target.wait.reset();
  for (const v1::TargetWait& wait : progress.waits()) view->targets[wait.target()].wait = wait;
  SampleSpeeds(view);
}

void ForgetOpenProblem(const std::string& delivery_id, RunView* view) {
  const auto open = view->open_problems.find(delivery_id);
  if (open == view->open_problems.end()) return;
  const auto problem = view->problems.find(open->second);
  if (problem != view->problems.end() && --problem->second.count == 0) view->problems.erase(problem);
  view->open_problems.erase(open);
}

bool IsProblem(const v1::Delivery& delivery) {
  switch (delivery.state()) {
    case v1::Delivery::STATE_REJECTED:
    case v1::Delivery::STATE_PARTIAL:
    case v1::Delivery::STATE_UNKNOWN:
    case v1::Delivery::STATE_DEFERRED:
    case v1::Delivery::STATE_PARKED:
      return true;
    default:
      return delivery.has_failure();
  }
}

void NoteProblem(const v1::Delivery& delivery, RunView* view) {
  const ProblemKey key{delivery.target(), delivery.state(), delivery.failure().reason()};
  Problem& problem = view->problems[key];
  if (problem.count++ == 0) problem.failure = delivery.failure();
  if (problem.examples.size() < kExamples) {
    problem.examples.push_back(delivery.file_name().empty() ? delivery.file_id() : delivery.file_name());
  }
  if (IsOpen(delivery.state())) view->open_problems[delivery.delivery_id()] = key;
}

void FoldDelivery(const v1::Delivery& delivery, RunView* view) {
  ForgetOpenProblem(delivery.delivery_id(), view);
  if (IsResting(delivery.state()) && IsProblem(delivery)) NoteProblem(delivery, view);
  // A run for one file has one delivery a target, and need not send Progress for it. In other runs the counts
  // come from Progress and snapshots: not every step of every delivery is told.
  if (view->run.file_id().empty()) return;
  view->targets[delivery.target()].counts = {{delivery.state(), 1}};
  SampleSpeeds(view);
}

}  // namespace

void Fold(const v1::RunEvent& event, absl::Duration now, RunView* view) {
  view->now = now;
  switch (event.event_case()) {
    case v1::RunEvent::kSnapshot:
      return FoldSnapshot(event, view);
    case v1::RunEvent::kStateChange:
      view->run.set_state(event.state_change().current());
      if (!view->began.has_value()) view->began = now;
      return;
    case v1::RunEvent::kDelivery:
      return FoldDelivery(event.delivery(), view);
    case v1::RunEvent::kFileSkipped:
      ++view->skipped_files;
      return;
    case v1::RunEvent::kProgress:
      return FoldProgress(event.progress(), view);
    case v1::RunEvent::kHeartbeat:
    case v1::RunEvent::EVENT_NOT_SET:
      return;
  }
}

int64_t TotalOf(const TargetView& target) {
  int64_t total = 0;
  for (const auto& [state, count] : target.counts) total += count;
  return total;
}

int64_t CompletedOf(const TargetView& target) {
  int64_t completed = 0;
  for (const auto& [state, count] : target.counts) completed += IsCompleted(state) ? count : 0;
  return completed;
}

absl::Duration ElapsedOf(const RunView& view) {
  if (view.run.has_end_time() && view.run.has_start_time()) {
    return ToTime(view.run.end_time()) - ToTime(view.run.start_time());
  }
  return view.began.has_value() ? view.now - *view.began : absl::ZeroDuration();
}

}  // namespace satudata::cli
