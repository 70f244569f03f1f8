// File: verdict.h
//
// What a target's answer means. HTTP status and meaning are two things: these systems say 200 for errors. A
// shape that nobody knows is kUnknown, never success.
#ifndef SERVER_SYNC_VERDICT_H_
#define SERVER_SYNC_VERDICT_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/catalog/failure.h"

namespace satudata::sync {

// What became of one record of a request that the target judged.
enum class Ruling {
  kAccepted,   // Taken, to be seen by a read-back.
  kConfirmed,  // The answer itself names the record as held.
  kRejected,   // Refused for good; `failure` says why.
  kUnknown,    // Nothing certain was said about it.
};

struct RecordRuling {
  Ruling ruling = Ruling::kUnknown;
  catalog::Failure failure;  // For kRejected and kUnknown.
  std::string remote_id;     // The target's id for it, if it gave one.
  // Of kRejected. False: what stands in the way is on our side and may be mended without a change of the
  // record, so that it is not remembered.
  bool is_lasting = true;
};

enum class VerdictKind {
  kJudged,        // `records` has a ruling for each record of the request, in its order.
  kThrottled,     // Too fast; not applied. `retry_at` when the target named a time.
  kWarmingUp,     // The gateway's tenant slept; not applied.
  kUnauthorized,  // Credentials or subscription; not applied. `needs_operator` always.
  kBlocked,       // A firewall's page instead of an answer, or the whole batch refused without naming a row.
  kOutage,        // No usable answer: connect, reset, timeout, 5xx.
  kUnknown,       // An answer of no known shape.
};
absl::string_view VerdictKindName(VerdictKind kind);

// Whether the target may hold what the request carried.
enum class Effect { kNone, kPossible };

struct Verdict {
  VerdictKind kind = VerdictKind::kUnknown;
  Effect effect = Effect::kPossible;
  std::vector<RecordRuling> records;   // kJudged only.
  catalog::Failure failure;            // What to tell people, for all kinds but kJudged.
  std::optional<absl::Time> retry_at;  // The target's own hint.
  bool needs_operator = false;         // Trying again is useless until a person acts: pause.
  bool is_own_pace = false;  // Of kThrottled: it is we who did not ask, and the target said nothing.
};

}  // namespace satudata::sync

#endif  // SERVER_SYNC_VERDICT_H_
