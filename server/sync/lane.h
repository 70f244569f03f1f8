// File: lane.h
//
// One target's deliveries in memory, and what is to be done with them next. The heart of the engine: it
// decides, and does nothing itself. No threads, no I/O, no clock: time comes in, jobs and changes go out, so
// that a test can live through hours in a millisecond. TargetWorker gives it threads.
//
//   Next(now) -> ClaimJob: commit TakeChanges(), then OnClaimed     (records are durably SENDING before they
//   are sent)
//             -> SendJob:  Target::Send, then OnSent
//             -> ReadJob:  Target::Read, then OnRead
//             -> ProbeJob: Target::Check, then OnProbed
//             -> Idle:     nothing to do before `until`
//
// How much the target gets of us is TargetControl's to say.
//
// After every call TakeChanges() has what must be stored, in order, and TakeSettled() the deliveries that a
// run need not wait for any longer. What belongs to a chunk is stored with its fence, and a request carries
// records of one chunk only. Not thread-safe.
#ifndef SERVER_SYNC_LANE_H_
#define SERVER_SYNC_LANE_H_

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <variant>
#include <vector>

#include "absl/container/btree_set.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/base/backoff.h"
#include "server/base/random.h"
#include "server/sync/lane_entry.h"
#include "server/sync/lane_suspects.h"
#include "server/sync/limits/target_control.h"
#include "server/sync/run.h"
#include "server/sync/scope_reads.h"
#include "server/sync/store.h"
#include "server/sync/target.h"

namespace satudata::sync {

struct LaneOptions {
  base::BackoffOptions backoff;  // Default: 1 s, ×2, up to 60 s.
  int attempts_per_run = 5;      // Default: 5 sent attempts, then DEFERRED.
  int warming_up_limit = 4;      // Default: 4 tries to wake a tenant, apart from the attempts.
  int throttled_limit = 50;      // Default: 50 refusals for speed of one record, then DEFERRED.
  int alone_limit = 3;           // Default: 3 refusals of a record by itself, then it is to blame.
  TargetControlOptions control;  // A known wait longer than its `in_run_wait` makes DEFERRED.
  absl::Duration park_after = absl::Hours(24);  // An accepted record not seen for so long is PARKED.
  // Later attempts, one a rung; after the last, PARKED.
  std::vector<absl::Duration> ladder = {absl::Minutes(5), absl::Minutes(30), absl::Hours(2),
                                        absl::Hours(5),   absl::Hours(10),   absl::Hours(10)};
  size_t max_claim = 512;  // Records that one commit marks SENDING ahead of their requests.
  // What was confirmed up to then is not proven (Store::RestoreTime). Default: the database never was
  // restored.
  absl::Time restore_time = absl::InfinitePast();
  // How the version of the target's reference list reads now; stored with refusals.
  std::function<std::string()> reference_version = [] { return std::string(); };
};

struct ClaimJob {};

struct SendJob {
  int64_t job_id = 0;
  std::vector<OutboundRecord> records;
  absl::Time send_time;                   // From here on it may be at the target, as far as is known later.
  std::vector<FilePin> pins;              // The files that the records come from,
  std::vector<std::string> delivery_ids;  // The deliveries that they are of.
  std::string traceparent;
  int64_t generation = 0;  // Of the catalogue, when the oldest of the records was compared with its file.
  std::stop_token stop;    // Requested: nobody wants any of it any more.
};

struct ReadJob {
  std::string scope;
  std::string traceparent;  // Of one of those who wait for it.
};

// A cheap read that tells whether a target that was given up for a while may be used again.
struct ProbeJob {};

struct Idle {
  absl::Time until;
};

using Job = std::variant<ClaimJob, SendJob, ReadJob, ProbeJob, Idle>;

// A delivery that its run need not wait for any longer: final, or open and past the in-run wait.
struct Settled {
  std::string run_id;
  std::string delivery_id;
};

class Lane {
 public:
  // `traits` must outlive the lane.
  Lane(const TargetTraits& traits, LaneOptions options, base::Uniform uniform);
  ~Lane();

  // So many deliveries of this chunk are on their way into the lane. When the last of them is final, or has
  // left by LeaveChunk, a change ends the chunk; when no run needs to wait for any of them, one settles it.
  void OpenChunk(const Fence& fence, int64_t deliveries) {
    chunks_[fence.chunk_id] = {fence.token, deliveries, deliveries};
  }
  // One of them will not come, or not come back.
  void LeaveChunk(const std::string& run_id, const Fence& fence);
  // Somebody else has the chunk now. Its deliveries leave without a word, those in a request with its answer;
  // nothing more of it is sent.
  void LoseChunk(const Fence& fence, absl::Time now);
  // Nothing is sent from `until` on: by then others may have taken over all that is here. Without a call
  // there is no such time.
  void SetLeaseEnd(absl::Time until) { lease_end_ = until; }

  // Takes over a delivery as the plan, or the store after a restart, has it. One in SENDING was sent by
  // somebody who had its chunk before: it becomes UNKNOWN, sent now. An older delivery of the same file is
  // superseded. One of a chunk that was lost meanwhile is left to whoever has that now.
  void Add(LaneDelivery delivery, absl::Time now);

  Job Next(absl::Time now);
  // From when on Next may have something else than Idle; not later than `now` if it has already.
  absl::Time NextTime(absl::Time now) const;
  void OnClaimed(absl::Time now);
  // The claim was not stored: nothing of it may be sent.
  void OnClaimFailed(absl::Time now);
  // What is claimed and in no request is QUEUED again: nobody will send it any more, and the next process
  // need not doubt it.
  void ReleaseUnsent(absl::Time now);
  void OnSent(int64_t job_id, const SendResult& result, absl::Time now);
  // Before sending it turned out that these files have changed: the whole job goes back to the queue, but
  // deliveries of those files of which nothing was sent yet leave the lane through TakeMoved() to be planned
  // again (their run goes on waiting for them: Add them with `returning`, or Forget them); of the others,
  // what is not sent is CANCELLED.
  void OnMoved(int64_t job_id, const std::vector<std::string>& file_ids, absl::Time now);
  // Before sending it turned out that of these deliveries' files newer ones (`newer`, by id) are on their
  // way, in another process: they are superseded, and the rest goes back to the queue.
  void OnSuperseded(int64_t job_id, const absl::flat_hash_map<std::string, std::string>& newer,
                    absl::Time now);
  // Before sending: what other processes have under way under the job's keys, and what is confirmed under
  // them, by key. True where that concerns one of the records: then nothing of the job is sent, that record
  // waits, or is UNCHANGED or REJECTED, and the rest goes back to the queue.
  bool YieldsToOthers(int64_t job_id, const absl::flat_hash_map<std::string, KeyUse>& uses,
                      const absl::flat_hash_map<std::string, Baseline>& confirmed, absl::Time now);
  // Before sending nobody could tell whether its files have changed: it goes back to the queue for a moment.
  void OnUnchecked(int64_t job_id, absl::Time now);
  void OnRead(absl::string_view scope, const ReadResult& result, absl::Time now);
  void OnProbed(const CheckResult& result, absl::Time now);

  // Goes on with what an earlier process knew of the target. Before the first Add.
  void Restore(TargetMemory memory, absl::Time now) { control_.Restore(std::move(memory), now); }
  // A probe that somebody else made: ends what a probe of ours would end.
  void OnChecked(const CheckResult& result, absl::Time now);

  // Nothing is sent to the target or read from it until Resume. What waits becomes DEFERRED, and goes on by
  // itself then.
  void Pause(TargetPause pause, absl::Time now);
  bool Resume(absl::Time now);  // False: it was not paused.
  // A target that refused our credentials is probed at once.
  void OnCredentialsChanged(absl::Time now) { control_.OnCredentialsChanged(now); }

  // A moved delivery will not come back.
  void Forget(absl::string_view run_id, absl::string_view delivery_id);

  // What is not on its way becomes CANCELLED. Requests that carry nothing else are to be stopped (TakeStops);
  // what they carried is in doubt, is read back, and is not sent again.
  void CancelRun(absl::string_view run_id, absl::Time now);

  // Keeps the next successful read of `scope` for TakeObservation; reads it as soon as politeness allows.
  void RequestObservation(const std::string& scope, absl::string_view traceparent, absl::Time now);
  // nullptr while there is none. `*failure` is set once reading has failed `attempts_per_run` times.
  std::shared_ptr<const Observation> TakeObservation(const std::string& scope, catalog::Failure* failure);
  void WithdrawObservation(const std::string& scope);

  std::vector<Change> TakeChanges();
  std::vector<Settled> TakeSettled();
  std::vector<LaneDelivery> TakeMoved();
  // Jobs that nobody wants any more; request the stop without a lock held.
  std::vector<std::stop_source> TakeStops();

  std::vector<TargetNotice> TakeNotices() { return control_.TakeNotices(); }
  std::optional<TargetMemory> TakeMemory(absl::Time now) { return control_.TakeMemory(now); }
  void KeepUntold(const TargetMemory& memory, absl::Time now) { control_.KeepUntold(memory, now); }

  // For what a job under way asks beyond its first request; see TargetControl.
  int64_t AskTurn() { return control_.AskTurn(); }
  bool TakeTurn(int64_t turn, absl::Time now) { return control_.TakeTurn(turn, now); }
  void LeaveTurn(int64_t turn) { control_.LeaveTurn(turn); }
  void OnUnasked(absl::Time now) { control_.OnUnasked(now); }

  // Of several servers: see TargetControl.
  void RequireGrants() { control_.RequireGrants(); }
  void SetGrant(const Grant& grant, absl::Time until, absl::Time now) {
    control_.SetGrant(grant, until, now);
  }
  void Adopt(const TargetMemory& memory, absl::Time now) { control_.Adopt(memory, now); }
  // There is something to send, to read or to probe, now or in a moment; or what was sent is not over.
  bool WantsGrant(absl::Time now) const;
  // What was to be sent a moment ago may be: the lease, and the grant, have not ended meanwhile.
  bool MayStillSend(absl::Time now) const { return now < lease_end_ && control_.HasSlots(now); }

  const TargetControl& control() const { return control_; }
  // Records that wait to be sent in their runs, claimed or not.
  size_t backlog() const;
  // Deliveries of `run_id` in memory that are not settled.
  int64_t UnsettledCount(absl::string_view run_id) const;
  int64_t queued_deliveries() const { return queued_deliveries_; }

 private:
  using Ref = RecordRef;
  using Delays = absl::btree_set<std::pair<std::pair<absl::Time, int64_t>, Ref>>;
  struct OpenChunkState {
    int64_t token = 0;
    int64_t left = 0;       // Deliveries that are not final yet.
    int64_t unsettled = 0;  // Of these: for which their run waits.
  };
  struct Sent {  // A job under way.
    std::vector<Ref> refs;
    TargetControl::Ticket ticket;
    std::stop_source stop{std::nostopstate};
  };

  Entry* Find(Ref ref);
  std::vector<int64_t> EntryIds() const;  // In the order in which they came.
  Record& RecordOf(Ref ref);

  // Adding.
  void TakePlace(Entry& entry, absl::Time now);
  void EnterAll(Entry& entry, absl::Time now);
  void Enter(Entry& entry, size_t index, absl::Time now);
  void Supersede(Entry& older, Entry& newer, absl::Time now);
  catalog::Failure SupersededFailure(const Entry& older) const;
  bool HandOver(const Record& from, Entry& newer);
  void YieldTo(const Entry& newer, Entry& older, absl::Time now);
  void Remember(const Baseline& baseline);

  // The queue.
  void Enqueue(Ref ref, absl::Time ready_time, absl::Time now);
  void Promote(absl::Time now);
  bool Claim(absl::Time now);
  bool ClaimOne(Ref ref, absl::Time now);
  void SortByChunk(std::deque<Ref>& refs);
  bool IsHeldAlready(const Entry& entry, const Record& record) const;
  std::vector<Ref> TakeBack(int64_t job_id, absl::Time now);
  bool MayLeave(const Entry& entry) const;
  void LeaveToBePlanned(Entry& entry, absl::Time now);
  void WaitInLine(Ref ref, absl::Time now);
  void PromoteDue(Delays& delays, absl::Time due, absl::Time now);
  void StopRequests();
  void CancelUnsent(Entry& entry, catalog::Reason reason, absl::Time now);
  std::optional<Job> NextRequest(absl::Time now);
  std::string TraceOfRead(absl::string_view scope);
  bool WantsClaim(absl::Time now) const;
  size_t LeastClaim() const;
  std::optional<SendJob> MakeSendJob(absl::Time now);

  // Keys: one record in flight or in doubt per key.
  bool HoldKey(Ref ref);
  bool NeedsFirstSight(Ref ref);
  bool IsUnproven(const Entry& entry, size_t index) const;
  bool IsProven(absl::Time confirm_time) const { return confirm_time > options_.restore_time; }
  void ReleaseKey(Ref ref, absl::Time now);
  bool WasConfirmedByOthers(Ref ref, const absl::flat_hash_map<std::string, Baseline>& confirmed);
  void DeferInLine(Ref ref, absl::Time now);
  void WaitForOther(Ref ref, const KeyUse& use, absl::Time now);

  // Outcomes.
  void ApplyRulings(const Sent& sent, const Verdict& verdict, absl::Time now);
  void ApplyRuling(Ref ref, const RecordRuling& ruling, absl::Time send_time, absl::Time now);
  void ApplyFailure(const Sent& sent, const Verdict& verdict, absl::Time now);
  void Retry(Ref ref, const Verdict& verdict, absl::Time now);
  absl::Duration RetryWait(const Verdict& verdict, RecordRuntime& runtime, absl::Time now);
  void Defer(Ref ref, catalog::Failure failure, std::optional<absl::Time> not_before, absl::Time now);
  void Confirm(Ref ref, absl::string_view remote_id, absl::Time now);
  void ConfirmEarlier(Ref ref, const ObservedValue& seen, absl::Time now);
  void Reject(Ref ref, catalog::Failure failure, absl::Time now);
  void Refuse(Ref ref, catalog::Failure failure, absl::Time now);
  void RememberRefusal(Ref ref, const catalog::Failure& failure, absl::Time now);
  void ForgetHeld(Ref ref, absl::Time now);
  void Doubt(Ref ref, State state, absl::Time now);
  bool PassOn(Ref ref, absl::Time now);
  void Cancel(Ref ref, catalog::Failure failure, absl::Time now);
  void PutBaseline(Ref ref, absl::string_view hash, absl::string_view value, bool adopted, absl::Time now);

  // Stops of the target.
  void ReactToStop(absl::Time now);
  void Postpone(Ref ref, absl::Time now);
  void PostponeQueued(absl::Time now);
  void PostponeDue(Ref ref);
  bool MayReleasePostponed(absl::Time now) const;
  void ReleasePostponed(absl::Time now);
  void ReturnClaimed(absl::Time now);
  absl::Time LadderTime(absl::Time now) const { return now - control_.StoppedTime(now); }

  // Refused as a whole.
  void Suspect(const Sent& sent);
  bool IsToBlame(Ref ref);
  void PromoteSuspects(absl::Time now);
  void BlockedRead(absl::string_view scope, absl::Time now);

  // Reading.
  void JudgeScope(const Observation& observation, absl::Time now);
  void JudgeSeen(Ref ref, const Observation& observation, absl::Time now);
  void JudgeFirst(Ref ref, const ObservedValue* seen, absl::Time now);
  void JudgeDoubted(Ref ref, const ObservedValue* seen, absl::Time read_start, absl::Time now);
  void ReadFailed(absl::string_view scope, const Verdict& verdict, absl::Time now);

  // Bookkeeping.
  void SetState(Ref ref, State state);
  void Touch(Entry& entry, size_t index);
  void Refresh(absl::Time now);
  void RefreshEntry(Entry& entry, absl::Time now);
  void WriteRow(Entry& entry, absl::Time now);
  void WriteFirst(Entry& entry, absl::Time now);
  bool IsSettled(const Entry& entry, absl::Time now) const;
  void Settle(Entry& entry);
  void Drop(Entry& entry);
  void LoseEntry(Entry& entry, absl::Time now);
  void DropLost(const Sent& sent, Effect effect, absl::Time now);
  bool IsOurs(const std::optional<Fence>& fence) const;
  void CountOutOfChunk(const LaneDelivery& item);
  void SettleInChunk(const std::string& run_id, const Fence& fence);
  void EndInChunk(const std::string& run_id, const Fence& fence);
  Change& ChangeOf(const LaneDelivery& item) { return ChangeOf(item.delivery.run_id, item.fence); }
  Change& ChangeOf(const std::string& run_id, const std::optional<Fence>& fence);
  void CountFurther(const std::vector<Exchange>& exchanges, TargetControl::Ticket& ticket, absl::Time now);
  void NoteExchanges(const std::vector<Exchange>& exchanges, const std::vector<Ref>& refs);

  const TargetTraits& traits_;
  const LaneOptions options_;
  const base::Uniform uniform_;

  TargetControl control_;

  int64_t next_entry_ = 1;
  int64_t next_job_ = 1;
  int64_t next_order_ = 1;
  absl::flat_hash_map<int64_t, std::unique_ptr<Entry>> entries_;
  absl::flat_hash_map<std::string, int64_t> by_file_;  // The newest entry of each PlaceOf.
  absl::flat_hash_map<std::string, KeyState> keys_;
  // Confirmed in this process, newest last: planned before, added after, needs no second sending.
  absl::flat_hash_map<std::string, std::pair<std::string, absl::Time>> confirmed_;
  std::deque<std::string> confirmed_order_;

  std::deque<Ref> ready_[2];  // [0]: SyncFile, [1]: bulk.
  Delays delayed_;            // QUEUED, in waits within the run.
  Delays deferred_;           // DEFERRED: beyond it, and no part of the backlog.
  Delays ladder_;             // DEFERRED, on a rung: in LadderTime, which stands still while the target does.
  std::deque<Ref> postponed_;                                     // DEFERRED until the target goes on.
  absl::btree_set<std::pair<absl::Time, int64_t>> settle_times_;  // (when, entry).
  std::deque<Ref> claiming_;                                      // Waiting for the commit.
  bool claim_pending_ = false;
  std::deque<Ref> claimed_;  // Durably SENDING, not yet sent.
  size_t claim_size_;
  absl::Time last_claim_time_ = absl::InfinitePast();
  absl::flat_hash_map<int64_t, Sent> sent_;
  ScopeReads reads_;
  LaneSuspects suspects_;
  absl::Time last_passed_ = absl::InfinitePast();  // The last answer of the target itself.

  absl::flat_hash_map<std::string, OpenChunkState> chunks_;
  absl::Time lease_end_ = absl::InfiniteFuture();
  int64_t seen_stop_ = 0;  // TargetControl::stop_version as last reacted to.
  absl::flat_hash_map<std::string, TargetControl::Ticket> reading_;  // By scope.

  int64_t queued_deliveries_ = 0;
  absl::flat_hash_map<std::string, int64_t> unsettled_;  // By run.
  std::vector<int64_t> dirty_;                           // Entries, in the order of their first change.
  std::vector<Change> changes_;
  size_t first_open_change_ = 0;  // Those before it are complete.
  std::vector<Settled> settled_;
  std::vector<LaneDelivery> moved_;
  std::vector<std::stop_source> stops_;
};

}  // namespace satudata::sync

#endif  // SERVER_SYNC_LANE_H_
