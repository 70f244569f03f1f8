#include "server/sync/verdict.h"

namespace satudata::sync {

absl::string_view VerdictKindName(VerdictKind kind) {
  switch (kind) {
    case VerdictKind::kJudged:
      return "JUDGED";
    case VerdictKind::kThrottled:
      return "THROTTLED";
    case VerdictKind::kWarmingUp:
      return "WARMING_UP";
    case VerdictKind::kUnauthorized:
      return "UNAUTHORIZED";
    case VerdictKind::kBlocked:
      return "BLOCKED";
    case VerdictKind::kOutage:
      return "OUTAGE";
    case VerdictKind::kUnknown:
      break;
  }
  return "UNKNOWN";
}

}  // namespace satudata::sync
