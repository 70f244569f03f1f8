// The lists by which a target judges values: fetched for planning, and for people to look at.
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "server/base/log.h"
#include "server/sync/target_worker.h"

namespace satudata::sync {
namespace {

// The reference list is not here and cannot be had now; the cause, where there is one of its own, is named.
absl::Status NeverRead(const std::optional<Wait>& wait) {
  catalog::Failure failure{.reason = catalog::Reason::kTargetOutage};
  if (wait.has_value() && wait->failure.reason == catalog::Reason::kTargetOutage) {
    failure.args = wait->failure.args;
  } else {
    const auto reason = wait.has_value() ? catalog::ReasonName(wait->failure.reason) : "";
    failure.args["detail"] = reason.empty() ? "its list is being read" : std::string(reason);
  }
  return catalog::FailureStatus(absl::StatusCode::kUnavailable, std::move(failure));
}

}  // namespace

void TargetWorker::PrepareReferences(const std::vector<std::string>& kodepemdas, int tries,
                                     const std::stop_token& stop) {
  absl::Status prepared = absl::UnavailableError("the target is stopped");
  bool asked = false;
  for (int i = 0; i < tries && !IsCut() && !StoppedForLong(); ++i) {
    asked = true;
    prepared = dependencies_.target->Prepare(
        kodepemdas, base::Deadline::After(*dependencies_.clock, dependencies_.target->traits().read_deadline)
                        .OrStop(stop));
    if (stop.stop_requested()) return;
    if (prepared.ok()) return NoteReadable(true);
  }
  if (asked) NoteReadable(false);
  base::Log(base::Severity::kWarning, "reference list not read; values are judged by their shape alone",
            {{"target", dependencies_.target->traits().name}, {"error", prepared.message()}});
}

bool TargetWorker::IsStopped() {
  base::MutexLock lock(&mu_);
  return lane_.control().circuit() != Circuit::kClosed || lane_.control().stopped(dependencies_.time->Now());
}

// A page that many look at costs the target one request, and one thread of ours that waits for it.
absl::StatusOr<ReferenceListPtr> TargetWorker::LookAtReferences(const std::string& kodepemda) {
  ReferenceListPtr known;
  for (ReferenceListPtr& list : dependencies_.target->CachedReferenceLists()) {
    if (list->kodepemda == kodepemda) known = std::move(list);
  }
  const bool may_ask = !IsStopped() && !looking_.exchange(true);
  if (!may_ask && known == nullptr) return NeverRead(CurrentWait());
  if (!may_ask) return known;
  const absl::Cleanup looked = [this] { looking_ = false; };
  absl::StatusOr<ReferenceListPtr> list = dependencies_.target->LookAtReferenceList(
      kodepemda, base::Deadline::After(*dependencies_.clock, dependencies_.target->traits().read_deadline));
  if (list.ok() || absl::IsInvalidArgument(list.status())) return list;
  if (absl::IsDeadlineExceeded(list.status())) return NeverRead(std::nullopt);
  return NeverRead(Wait{.failure = catalog::FailureOf(list.status())});
}

}  // namespace satudata::sync
