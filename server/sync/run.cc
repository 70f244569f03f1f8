#include "server/sync/run.h"

namespace satudata::sync {

StateCounts Run::Counts() const {
  StateCounts sum;
  for (const auto& [target, target_counts] : counts) sum = sum + target_counts;
  return sum;
}

int64_t Run::OpenCount() const {
  if (request.is_preview()) return 0;
  const StateCounts all = Counts();
  return all.Open() + (IsFinal(state) ? all[State::kQueued] + all[State::kSending] : 0);
}

absl::string_view ChangeKindName(ChangeKind kind) {
  switch (kind) {
    case ChangeKind::kCreate:
      return "CREATE";
    case ChangeKind::kUpdate:
      return "UPDATE";
    case ChangeKind::kSame:
      return "SAME";
    case ChangeKind::kWithdraw:
      return "WITHDRAW";
    case ChangeKind::kNone:
      return "NONE";
  }
  return "NONE";
}

}  // namespace satudata::sync
