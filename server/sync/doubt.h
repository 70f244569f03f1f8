// File: doubt.h
//
// The may-we-send-again rule, in one place for every profile: what a read of the target says about a record
// that was sent with an unknown outcome, was accepted but not yet seen, or was never sent and has no
// baseline. Pure.
#ifndef SERVER_SYNC_DOUBT_H_
#define SERVER_SYNC_DOUBT_H_

#include <string>

#include "absl/time/time.h"
#include "server/sync/run.h"
#include "server/sync/target.h"

namespace satudata::sync {

enum class Finding {
  kWait,        // Says nothing yet.
  kConfirmed,   // The target holds what was sent (Record::sent_hash); or what is wanted, and nothing else can
                // arrive.
  kNotApplied,  // Conclusive: it was not applied. It may be sent again.
  kConflict,    // A third value: somebody else changed it. Never a reason to send again.
};

// From when on "nothing there" or "still the previous value" proves that a request of `send_time` had no
// effect.
absl::Time ConclusiveTime(absl::Time send_time, const TargetTraits& traits);

// For a record in UNKNOWN or ACCEPTED, with `send_time` set. `seen` is null when the target does not hold the
// key; of a withdrawal a row that is gone may be proof (TargetTraits::withdrawal_proof), and no value is a
// conflict. `read_start` is when the read began.
Finding JudgeRead(const Record& record, const ObservedValue* seen, absl::Time read_start,
                  const TargetTraits& traits);

// For a record that was never sent and whose target's value was not known, or not proven: fills `previous_*`
// and `change`; moves the state to UNCHANGED (held already), REJECTED (different and final) or leaves it
// QUEUED (create or update).
void JudgeFirstSight(const ObservedValue* seen, Record& record);

// Whether the outcome of one of these, of one key, is the other's to settle: that of a withdrawal says
// nothing about a value.
bool IsOfOneKind(const Record& a, const Record& b);
// Why a value is not sent whose key was withdrawn at that time: kIndicatorWithdrawn.
catalog::Failure Withdrawn(const std::string& key, absl::Time since);

// Makes the open outcome of `open`, a record of an earlier delivery with the same key, that of `record`.
void InheritDoubt(const Record& open, Record& record);

}  // namespace satudata::sync

#endif  // SERVER_SYNC_DOUBT_H_
